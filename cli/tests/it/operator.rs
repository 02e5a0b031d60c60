//! What an operator does: `capi lanes`, `capi queue`, `capi dead`, against a
//! running server and against the queue that it left.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Configured, capi, stderr, stdout};

/// A process of `capi` that says on stderr where it listens.
struct Running(Child, String);

impl Running {
    /// Starts it and waits for the line that has an address behind `mark`.
    fn start(arguments: &[&str], mark: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_capi"))
            .args(arguments)
            .env("RUST_LOG", "info")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("capi starts");
        let mut log = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut line = String::new();
        let address = loop {
            line.clear();
            assert!(log.read_line(&mut line).expect("text") > 0, "it ended");
            if let Some((_, rest)) = line.split_once(mark) {
                let end = |c: char| !(c.is_ascii_digit() || matches!(c, '.' | ':'));
                break rest.split(end).next().unwrap_or_default().to_owned();
            }
        };
        // It goes on talking, and must not wait for a reader.
        std::thread::spawn(move || drop(log.read_to_end(&mut Vec::new())));
        Self(child, address)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A sandbox, a configuration that sends to it, and a server that runs with it.
struct World {
    sandbox: Running,
    configured: Configured,
    server: Option<Running>,
}

impl World {
    fn up(token: &str) -> Self {
        Self::with(token, "")
    }

    /// With the keys `root` before the first table of the configuration.
    fn with(token: &str, root: &str) -> Self {
        let arguments = ["sandbox", "--listen", "127.0.0.1:0", "--token", "good"];
        let sandbox = Running::start(&arguments, "http://");
        let configured = Configured::new(&format!(
            "{root}[server]\nlisten = \"127.0.0.1:0\"\nshutdown_seconds = 0\ndedup_days = 30\n\
             [[source]]\nname = \"shop\"\nwrite_key = \"key\"\n\
             [[destination]]\nname = \"meta\"\ndataset_id = \"1\"\naccess_token = \"{token}\"\n\
             graph_url = \"http://{}\"\nlinger_ms = 0\n",
            sandbox.1
        ));
        let server = Some(serve(&configured));
        Self {
            sandbox,
            configured,
            server,
        }
    }

    fn stop(&mut self) {
        self.server = None;
    }

    /// Runs `capi` with these arguments and the configuration.
    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let path = self.configured.path();
        let output = capi(&[arguments, &["--config", &path]].concat(), "");
        (
            output.status.code().unwrap(),
            stdout(&output),
            stderr(&output),
        )
    }

    /// The lines of JSON that a command prints.
    fn lines(&self, arguments: &[&str]) -> Vec<Value> {
        let (code, out, talk) = self.run(arguments);
        assert!(code <= 1, "{arguments:?}: {talk}");
        out.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// Asks until `found` says so.
    fn until(&self, arguments: &[&str], found: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let lines = self.lines(arguments);
            if found(&lines) {
                return lines;
            }
            assert!(Instant::now() < deadline, "{arguments:?}: {lines:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn track(&self, id: &str) {
        self.track_in(id, "EUR");
    }

    fn track_in(&self, id: &str, currency: &str) {
        let order = json!({"revenue": 5, "currency": currency, "order_id": format!("o-{id}")});
        self.track_with(id, &order);
    }

    fn track_with(&self, id: &str, properties: &Value) {
        let address = &self.server.as_ref().unwrap().1;
        let event = json!({
            "type": "track", "event": "Order Completed", "messageId": id, "userId": "u-1",
            "properties": properties,
            "context": {
                "ip": "203.0.113.9", "userAgent": "UA/1", "traits": {"email": "kim@example.com"},
                "page": {"url": "https://shop.example/thanks"},
            },
        });
        send(address, "POST", "/v1/track", &event.to_string(), "a2V5Og==");
    }

    /// Tells the sandbox how to fail.
    fn faults(&self, rules: &Value) {
        send(
            &self.sandbox.1,
            "PUT",
            "/_sandbox/faults",
            &rules.to_string(),
            "",
        );
    }
}

fn serve(configured: &Configured) -> Running {
    Running::start(
        &["serve", "--config", &configured.path()],
        "Taking events. address=",
    )
}

fn send(address: &str, method: &str, path: &str, body: &str, basic: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Basic {basic}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 20"), "{answer}");
    answer
}

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
fn letters_that_are_queued_again_without_a_server_go_to_the_dataset_of_now() {
    for command in [
        &["dead", "retry", "--all"][..],
        &["dead", "edit", "--all", "--set", "currency=USD"],
    ] {
        let mut world = World::up("good");
        world.faults(&json!([{"answer": {"status": 400, "code": 100, "message": "no"}}]));
        world.track("a");
        world.until(&["dead", "list", "--json"], |letters| letters.len() == 1);
        world.stop();
        let path = world.configured.path();
        let text = std::fs::read_to_string(&path).unwrap();
        let other = text.replace("dataset_id = \"1\"", "dataset_id = \"3\"");
        std::fs::write(&path, other).unwrap();
        assert_eq!(
            world.lines(command),
            [json!({"queued": 1, "repeats": 0, "rejected": 0})]
        );
        let file = Path::new(&path).with_file_name("capi-data/queue.sqlite");
        let dataset: String = rusqlite::Connection::open(&file)
            .unwrap()
            .query_row("SELECT dataset_id FROM queued", [], |row| row.get(0))
            .unwrap();
        assert_eq!(dataset, "3", "{command:?}");
    }
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

#[test]
fn what_meta_refuses_is_found_repaired_at_metas_end_and_sent_again() {
    let world = World::up("good");
    world.faults(&json!([{"match": {"event_id": "bad"}, "answer": {"status": 400, "code": 100, "subcode": 2_804_050, "message": "too broad"}}]));
    world.track("bad");
    world.track("good");
    let letters = world.until(&["dead", "list", "--json"], |letters| !letters.is_empty());
    let letter = &letters[0];
    for (key, value) in [
        ("destination", json!("meta")),
        ("action", json!("purchase")),
        ("event_id", json!("bad")),
        ("reason", json!("rejected")),
        ("code", json!(100)),
        ("subcode", json!(2_804_050)),
    ] {
        assert_eq!(letter[key], value, "{letter}");
    }
    assert_eq!(letter["event"]["custom_data"]["order_id"], Value::Null);
    assert!(!letter.to_string().contains("kim@"), "{letter}");
    for (filter, found) in [
        (&["--code", "100/2804050"][..], 1),
        (&["--code", "190"], 0),
        (&["--action", "purchase", "--destination", "meta"], 1),
        (&["--event-id", "good"], 0),
        (
            &["--reason", "rejected", "--since", "2020-01-01T00:00:00Z"],
            1,
        ),
        (&["--before", "2020-01-01T00:00:00Z"], 0),
    ] {
        let lines = world.lines(&[&["dead", "list", "--json"], filter].concat());
        assert_eq!(lines.len(), found, "{filter:?}");
    }
    let id = letter["id"].to_string();
    let (code, shown, _) = world.run(&["dead", "show", &id]);
    assert_eq!(
        (code, &serde_json::from_str::<Value>(&shown).unwrap()),
        (0, letter)
    );
    assert_eq!(world.run(&["dead", "show", "99"]).0, 1);
    let (_, table, _) = world.run(&["dead", "list"]);
    assert!(table.contains("100/2804050: too broad"), "{table}");
    assert_eq!(world.lines(&["dead", "export"]), letters);

    // Meta takes it now.
    world.faults(&json!([]));
    assert_eq!(world.run(&["dead", "retry"]).0, 2);
    assert_eq!(
        world.lines(&["dead", "retry", &id]),
        [json!({"queued": 1, "repeats": 0, "rejected": 0})]
    );
    world.until(&["queue", "--json"], |report| report[0]["queued"] == 0);
    assert_eq!(world.lines(&["dead", "list", "--json"]), [Value::Null; 0]);
    assert_eq!(world.run(&["dead", "retry", "--all"]).0, 1);
}

/// The ids of what the sandbox got.
fn arrived(world: &World) -> Vec<String> {
    let events = send(&world.sandbox.1, "GET", "/_sandbox/events", "", "");
    let mut ids: Vec<String> = events
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|line| line["event"]["event_id"].as_str().map(str::to_owned))
        .collect();
    ids.sort();
    ids
}

#[test]
fn what_is_rejected_at_the_door_is_repaired_by_key_and_sent() {
    let world = World::up("good");
    world.track_in("a", "EURO");
    world.track_in("b", "DOLLARS");
    let letters = world.lines(&["dead", "list", "--json"]);
    assert_eq!(letters.len(), 2, "kept when it is answered");
    let letter = &letters[0];
    for (key, value) in [
        ("event_id", json!("a")),
        ("code", json!("invalid_currency")),
        ("reason", json!("invalid")),
        ("action", json!("purchase")),
        ("attempts", json!(0)),
    ] {
        assert_eq!(letter[key], value, "{letter}");
    }
    assert_eq!(letter["reasons"][0]["field"], "currency");
    assert_eq!(letter["event"]["custom_data"]["currency"], "EURO");
    assert_eq!(
        letter["event"]["user_data"]["em"][0].as_str().map(str::len),
        Some(64)
    );
    assert!(!letter.to_string().contains("kim@"), "{letter}");
    let (_, table, _) = world.run(&["dead", "list", "--code", "invalid_currency"]);
    assert!(
        table.contains("invalid_currency: the currency is no ISO"),
        "{table}"
    );

    // As it is it cannot be sent.
    let (code, out, talk) = world.run(&["dead", "retry", "--reason", "invalid"]);
    assert_eq!(
        (code, out.trim_end()),
        (1, r#"{"queued":0,"rejected":2,"repeats":0}"#)
    );
    assert!(talk.contains("invalid_currency currency: "), "{talk}");
    let edit = |which: &[&str], sets: &[&str]| {
        let sets: Vec<&str> = sets.iter().flat_map(|set| ["--set", set]).collect();
        world.run(&[&["dead", "edit"], which, &sets[..]].concat())
    };
    assert_eq!(edit(&[], &["custom_data.currency=EUR"]).0, 2, "which?");
    assert_eq!(edit(&["--all"], &["nonsense"]).0, 2);
    assert_eq!(edit(&["--all"], &[]).0, 2);
    let (code, _, talk) = edit(&["--all"], &["curency=EUR"]);
    assert!(
        code == 1 && talk.contains("did you mean currency?"),
        "{talk}"
    );
    assert_eq!(world.lines(&["dead", "list", "--json"]), letters);

    let (code, out, _) = edit(&["--event-id", "a"], &["custom_data.currency=EUR"]);
    assert_eq!(
        (code, out.trim_end()),
        (0, r#"{"queued":1,"rejected":0,"repeats":0}"#)
    );
    // The other one came again, mended, before somebody got to it: its letter goes.
    world.track("b");
    world.until(&["queue", "--json"], |report| report[0]["queued"] == 0);
    let (code, out, _) = edit(&["--all"], &["currency=USD"]);
    assert_eq!(
        (code, out.trim_end()),
        (1, r#"{"queued":0,"rejected":0,"repeats":0}"#)
    );
    assert_eq!(arrived(&world), ["a", "b"]);
}

/// A rule that is only reported is one that the operator may think better of.
#[test]
fn what_strict_rejected_is_a_dead_letter_and_passes_when_it_is_strict_no_more() {
    let mut world = World::with("good", "strict = \"reported\"\n");
    let event = json!({
        "type": "track", "event": "Product Added", "messageId": "a", "userId": "u-1",
        "properties": {"product_id": "p-1", "price": 5},
        "context": {"userAgent": "UA/1", "page": {"url": "https://shop.example/mug"}},
    });
    let address = &world.server.as_ref().unwrap().1;
    let answer = send(address, "POST", "/v1/track", &event.to_string(), "a2V5Og==");
    assert!(answer.contains("value_without_currency"), "{answer}");
    let letters = world.lines(&["dead", "list", "--json"]);
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0]["code"], "value_without_currency");
    assert_eq!(letters[0]["reason"], "invalid");
    assert_eq!(letters[0]["event"]["custom_data"]["value"], 5);
    let (code, _, talk) = world.run(&["dead", "retry", "--all"]);
    assert!(
        code == 1 && talk.contains("value_without_currency"),
        "{talk}"
    );

    world.stop();
    let path = world.configured.path();
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("\"reported\"", "\"documented\"")).unwrap();
    let (code, out, talk) = world.run(&["dead", "retry", "--all"]);
    assert_eq!(
        (code, out.trim_end()),
        (0, r#"{"queued":1,"rejected":0,"repeats":0}"#),
        "{talk}"
    );
}

/// What is not in the event any more cannot be checked again: a retry would send
/// the rest without it.
#[test]
fn a_retry_sends_nothing_of_which_a_wrong_part_is_gone() {
    let mut world = World::up("good");
    let products = json!([{"product_id": "p1", "quantity": "two of them"}]);
    world.track_with(
        "a",
        &json!({"revenue": 5, "currency": "EUR", "products": products}),
    );
    let (code, _, talk) = world.run(&["dead", "retry", "--all"]);
    assert!(code == 1 && talk.contains("contents[0].quantity"), "{talk}");
    world.stop();
    let edit = ["dead", "edit", "--all", "--set", "contents[0].quantity=2"];
    assert_eq!(
        world.lines(&edit),
        [json!({"queued": 1, "repeats": 0, "rejected": 0})]
    );
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
fn letters_of_a_destination_that_is_gone_stay_where_they_are_seen() {
    let mut world = World::up("good");
    world.faults(&json!([{"answer": {"status": 400, "code": 100, "message": "no"}}]));
    world.track("refused");
    world.track_in("invalid", "EURO");
    world.until(&["dead", "list", "--json"], |letters| letters.len() == 2);
    world.stop();
    let config = world.configured.path();
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("name = \"meta\"", "name = \"other\"")).unwrap();
    let (code, out, talk) = world.run(&["dead", "retry", "--all"]);
    assert_eq!(
        (code, out.trim_end()),
        (1, r#"{"queued":0,"rejected":2,"repeats":0}"#)
    );
    assert!(talk.contains("no_such_destination"), "{talk}");
    assert_eq!(world.lines(&["dead", "list", "--json"]).len(), 2);
}

#[test]
fn letters_are_repaired_without_a_server_too() {
    let mut world = World::up("good");
    world.track_in("a", "EURO");
    world.stop();
    let edit = ["dead", "edit", "--all", "--set", "custom_data.currency=EUR"];
    assert_eq!(
        world.lines(&edit),
        [json!({"queued": 1, "repeats": 0, "rejected": 0})]
    );
    let report = &world.lines(&["queue", "--json"])[0];
    assert_eq!((&report["queued"], &report["dead"]), (&json!(1), &json!(0)));
}

#[test]
fn letters_are_thrown_away_without_a_server_too() {
    let mut world = World::up("good");
    world.faults(&json!([{"answer": {"status": 400, "code": 100, "message": "no"}}]));
    for id in ["a", "b"] {
        world.track(id);
    }
    world.until(&["dead", "list", "--json"], |letters| letters.len() == 2);
    world.stop();
    assert_eq!(
        world.lines(&["dead", "purge", "--event-id", "a"]),
        [json!({"purged": 1})]
    );
    assert_eq!(world.lines(&["dead", "list", "--json"]).len(), 1);
    assert_eq!(
        world.lines(&["dead", "retry", "--all"]),
        [json!({"queued": 1, "repeats": 0, "rejected": 0})]
    );
}

/// A script writes over the export of yesterday.
#[test]
fn an_export_that_fails_leaves_the_one_before_it() {
    let world = World::up("good");
    world.track_in("a", "EURO");
    let folder = world.configured.folder.path();
    let file = folder.join("letters.ndjson");
    let file = file.to_str().unwrap();
    let (code, out, talk) = world.run(&["dead", "export", file]);
    assert_eq!((code, out.as_str()), (0, ""), "{talk}");
    let exported = std::fs::read_to_string(file).unwrap();
    let line: Value = serde_json::from_str(exported.trim_end()).unwrap();
    assert_eq!(line["event_id"], "a");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "it holds hashes of persons");
    }

    // The wrong folder: there is no queue in it.
    let other = folder.join("other.toml");
    std::fs::write(&other, "[server]\ndata_dir = \"nowhere\"\n").unwrap();
    let command = ["dead", "export", "--config", other.to_str().unwrap(), file];
    assert_eq!(capi(&command, "").status.code(), Some(3));
    assert_eq!(std::fs::read_to_string(file).unwrap(), exported);

    let nowhere = folder.join("no-such-folder/letters.ndjson");
    let (code, _, talk) = world.run(&["dead", "export", nowhere.to_str().unwrap()]);
    assert!(code == 3 && talk.contains("cannot be written"), "{talk}");

    // Written over as a whole, and nothing is left beside it.
    world.track_in("b", "EURO");
    assert_eq!(world.run(&["dead", "export", file]).0, 0);
    let again = std::fs::read_to_string(file).unwrap();
    assert_eq!(again.lines().count(), 2);
    let names = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        ["capi-data", "capi.toml", "letters.ndjson", "other.toml"]
    );
}

/// Nothing takes the place of what is no file.
#[cfg(target_os = "linux")]
#[test]
fn an_export_into_a_pipe_goes_to_its_reader() {
    let world = World::up("good");
    world.track_in("a", "EURO");
    let pipe = world.configured.folder.path().join("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let from = pipe.clone();
    let reader = std::thread::spawn(move || std::fs::read_to_string(from).unwrap());
    let (code, _, talk) = world.run(&["dead", "export", pipe.to_str().unwrap()]);
    assert_eq!(code, 0, "{talk}");
    assert_eq!(reader.join().unwrap().lines().count(), 1);
    assert!(!pipe.is_file(), "it is still there");
    assert!(pipe.exists());
}

#[test]
fn a_queue_is_copied_while_the_server_runs() {
    let world = World::up("dead");
    world.track("a");
    world.until(&["queue", "--json"], |report| report[0]["queued"] == 1);
    let copy = world.configured.path().replace("capi.toml", "copy.sqlite");
    assert_eq!(world.run(&["queue", "backup", &copy]).0, 0);
    let size = std::fs::metadata(&copy).unwrap().len();
    assert!(size > 4096, "{size}");
    let (code, _, talk) = world.run(&["queue", "backup", &copy]);
    assert!(code == 3 && talk.contains("name a new one"), "{talk}");
}

#[test]
fn without_a_queue_there_is_nothing_to_see() {
    let configured = Configured::new("[server]\ndata_dir = \"nowhere\"\n");
    let output = capi(&["queue", "--config", &configured.path()], "");
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("there is no queue"));
}

#[test]
fn a_damaged_queue_is_refused_and_what_it_still_holds_is_saved_and_sent() {
    let mut world = World::up("good");
    // Nothing is delivered: the queue has an event and a dead letter.
    world.faults(&json!([{"answer": {"status": 500}}]));
    world.track("a");
    world.track_in("b", "EURO");
    let (code, _, talk) = world.run(&["queue", "recover"]);
    assert!(
        code == 3 && talk.contains("in use by another capi; stop that one"),
        "{talk}"
    );
    world.stop();
    let path = world.configured.path();
    let data = Path::new(&path).with_file_name("capi-data");
    let file = data.join("queue.sqlite");
    // The log goes into the file, which somebody writes over then.
    assert_eq!(world.run(&["queue"]).0, 0);
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[..4096].fill(0xa5);
    std::fs::write(&file, &bytes).unwrap();

    for command in [&["serve"][..], &["queue"], &["dead", "list"]] {
        let (code, out, talk) = world.run(command);
        assert_eq!((code, out.as_str()), (3, ""), "{command:?}: {talk}");
        assert!(
            talk.contains("queue.sqlite is damaged; 1 queued events, 1 dead letters and 0 marks")
                && talk.contains("capi queue recover --config"),
            "{talk}"
        );
    }
    assert_eq!(std::fs::read(&file).unwrap(), bytes, "it is only read");

    let saved = &world.lines(&["queue", "recover", "--json"])[0];
    for (key, value) in [
        ("queued", 1),
        ("dead", 1),
        ("marks", 0),
        ("unreadable_rows", 0),
    ] {
        assert_eq!(saved[key], value, "{saved}");
    }
    let kept = saved["kept_as"].as_str().unwrap();
    assert_eq!(std::fs::read(kept).unwrap(), bytes);
    // From a whole one it loses nothing.
    let (code, out, _) = world.run(&["queue", "recover"]);
    assert!(
        code == 0 && out.starts_with("Saved 1 queued events, 1 dead letters and 0 marks"),
        "{out}"
    );

    world.faults(&json!([]));
    world.server = Some(serve(&world.configured));
    world.until(&["queue", "--json"], |report| report[0]["queued"] == 0);
    assert_eq!(arrived(&world), ["a"]);
    assert_eq!(world.lines(&["dead", "list", "--json"]).len(), 1);

    world.stop();
    std::fs::write(&file, [0xa5; 9000]).unwrap();
    for suffix in ["-wal", "-shm"] {
        drop(std::fs::remove_file(
            data.join(format!("queue.sqlite{suffix}")),
        ));
    }
    for command in [&["queue"][..], &["queue", "recover"]] {
        let (code, _, talk) = world.run(command);
        assert!(
            code == 3 && talk.contains("nothing can be read from it"),
            "{command:?}: {talk}"
        );
    }
}
