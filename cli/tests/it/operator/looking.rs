//! What looks at a queue, a lane or a letter, and changes nothing.

use super::*;

/// What opens the queue where no server runs keeps what the server would.
#[test]
fn a_look_at_the_queue_forgets_no_mark_that_the_configuration_keeps() {
    let mut world = World::up("good");
    world.stop();
    let file = Path::new(&world.configured.path()).with_file_name("capi-data/queue.sqlite");
    let days = |file: &Path| -> Vec<String> {
        let queue = rusqlite::Connection::open(file).unwrap();
        let mut names = queue
            .prepare("SELECT name FROM sqlite_schema WHERE name LIKE 'seen%' ORDER BY 1")
            .unwrap();
        let names = names.query_map([], |row| row.get(0)).unwrap();
        names.map(Result::unwrap).collect()
    };
    let day: i64 = days(&file)[0]
        .strip_prefix("seen_")
        .unwrap()
        .parse()
        .unwrap();
    let old = format!("seen_{}", day - 20);
    rusqlite::Connection::open(&file)
        .unwrap()
        .execute_batch(&format!(
            "CREATE TABLE {old} (dedup_key BLOB PRIMARY KEY) STRICT, WITHOUT ROWID"
        ))
        .unwrap();
    assert_eq!(world.run(&["queue"]).0, 0);
    assert!(days(&file).contains(&old));
}

/// A configuration that was being written, or another's: what it only looks at stays.
#[test]
fn a_look_with_other_datasets_takes_nothing_from_the_queue() {
    let mut world = World::up("good");
    world.stop();
    let path = world.configured.path();
    let second = |dataset: &str| {
        format!(
            "[[destination]]\nname = \"second\"\ndataset_id = \"{dataset}\"\naccess_token = \"good\"\n\
             graph_url = \"http://{}\"\n",
            world.sandbox.1
        )
    };
    let text = std::fs::read_to_string(&path).unwrap();
    let right = format!("{text}{}", second("2"));
    let wrong = format!("{text}{}", second("1"));
    std::fs::write(&path, &right).unwrap();
    world.faults(&json!([{"answer": {"status": 503}}]));
    world.server = Some(serve(&world.configured));
    world.track("a");
    world.track_in("b", "EURO");
    let letters = world.lines(&["dead", "list", "--json"]);
    assert_eq!(letters.len(), 2);
    world.stop();

    std::fs::write(&path, &wrong).unwrap();
    let id = letters[0]["id"].to_string();
    let copy = path.replace("capi.toml", "copy.sqlite");
    for command in [
        &["queue"][..],
        &["lanes"],
        &["dead", "list"],
        &["dead", "show", &id],
        &["dead", "export"],
        &["dead", "purge", "--event-id", "nobody"],
        &["queue", "backup", &copy],
    ] {
        let (code, _, talk) = world.run(command);
        assert!(code <= 1, "{command:?}: {talk}");
        let report = &world.lines(&["queue", "--json"])[0];
        assert_eq!(report["queued"], 2, "{command:?}");
    }
    assert_eq!(world.lines(&["dead", "list", "--json"]), letters);

    std::fs::write(&path, &right).unwrap();
    world.faults(&json!([]));
    world.server = Some(serve(&world.configured));
    world.until(&["queue", "--json"], |report| report[0]["queued"] == 0);
    assert_eq!(arrived(&world), ["a", "a"]);
}

#[test]
fn a_parked_lane_is_seen_and_its_queue_outlives_the_server() {
    let mut world = World::up("dead");
    world.track("a");
    let lanes = world.until(&["lanes", "--json"], |lanes| lanes[0]["state"] == "parked");
    assert_eq!(
        (&lanes[0]["code"], &lanes[0]["queued"]),
        (&json!(190), &json!(1))
    );
    let (code, table, talk) = world.run(&["lanes"]);
    assert!(
        code == 0 && table.contains("190: Invalid OAuth access token"),
        "{table}"
    );
    assert!(talk.contains("Asking the running server"), "{talk}");
    assert!(talk.contains("meta is parked. Make a new token"), "{talk}");
    assert_eq!(world.run(&["lanes", "resume", "meta"]).0, 0);
    assert_eq!(world.run(&["lanes", "resume", "nobody"]).0, 2);
    let report = &world.lines(&["queue", "--json"])[0];
    assert_eq!((&report["queued"], &report["dead"]), (&json!(1), &json!(0)));
    world.stop();
    let (code, table, talk) = world.run(&["lanes"]);
    assert!(code == 0 && table.contains("stopped"), "{table}");
    // Why it was parked is still known, and the next run asks before it sends.
    assert!(table.contains("190: Invalid OAuth access token"), "{table}");
    world.server = Some(serve(&world.configured));
    let lanes = world.until(&["lanes", "--json"], |lanes| lanes[0]["state"] == "parked");
    assert_eq!(lanes[0]["code"], 190);
    world.stop();
    assert!(talk.contains("No server runs"), "{talk}");
    assert_eq!(world.run(&["lanes", "resume", "meta"]).0, 3);
}

/// Text of strangers in the terminal of an operator.
#[test]
fn no_table_lets_a_client_or_meta_steer_the_terminal() {
    const HOSTILE: &str = "a\u{1b}[31mRED\u{9b}2J\u{7}\r\n\u{202e}b\u{2066}\u{200f}c";
    let steers = |text: &str| {
        let bidi = ['\u{202e}', '\u{2066}', '\u{200f}'];
        let mut letters = text.chars().filter(|letter| *letter != '\n');
        letters.any(|letter| letter.is_control() || bidi.contains(&letter))
    };
    let world = World::up("good");
    world.track_with(HOSTILE, &json!({"revenue": 5}));
    let refused = json!({"status": 400, "code": 100, "message": HOSTILE});
    world.faults(&json!([{"match": {"event_id": "refused"}, "answer": refused}]));
    world.track("refused");
    let letters = world.until(&["dead", "list", "--json"], |letters| letters.len() == 2);
    // Data stays data, also where people read it.
    assert_eq!(letters[0]["event_id"], HOSTILE);
    assert_eq!(letters[1]["message"], HOSTILE);
    let (_, shown, _) = world.run(&["dead", "show", &letters[0]["id"].to_string()]);
    assert!(!steers(&shown), "{shown:?}");
    assert_eq!(serde_json::from_str::<Value>(&shown).unwrap(), letters[0]);
    let parked = json!({"status": 400, "code": 190, "message": HOSTILE});
    world.faults(&json!([{"answer": parked}]));
    let order = json!({"revenue": 5, "currency": "EUR"});
    world.track_with("waits", &order);
    let lanes = world.until(&["lanes", "--json"], |lanes| {
        lanes.iter().any(|lane| lane["state"] == "parked")
    });
    let lane = lanes.iter().find(|lane| lane["state"] == "parked").unwrap();
    assert_eq!(lane["message"], HOSTILE);
    for (command, times) in [
        (&["dead", "list"][..], 2),
        (&["lanes"], 1),
        (&["queue"], 0),
        (&["dead", "retry", "--reason", "invalid"], 0),
        (&["errors", "424242"], 0),
        (&["errors"], 0),
    ] {
        let (_, table, talk) = if command[0] == "errors" {
            let output = capi(command, "");
            (0, stdout(&output), stderr(&output))
        } else {
            world.run(command)
        };
        assert!(!steers(&table), "{command:?}: {table:?}");
        assert!(!steers(&talk), "{command:?}: {talk:?}");
        assert_eq!(table.matches("\\u001b[31mRED").count(), times, "{table}");
    }
}

#[test]
fn without_a_queue_there_is_nothing_to_see() {
    let configured = Configured::new("[server]\ndata_dir = \"nowhere\"\n");
    let output = capi(&["queue", "--config", &configured.path()], "");
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("no queue exists"));
}
