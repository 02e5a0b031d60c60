//! Dead letters: found, repaired, sent again, thrown away.

use capi_core::user_data::Digest;

use super::*;

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
        [json!({"queued": 1, "duplicates": 0, "rejected": 0})]
    );
    world.until(&["queue", "--json"], |report| report[0]["queued"] == 0);
    assert_eq!(world.lines(&["dead", "list", "--json"]), [Value::Null; 0]);
    assert_eq!(world.run(&["dead", "retry", "--all"]).0, 1);
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
        table.contains("invalid_currency: the currency is not an ISO"),
        "{table}"
    );

    // As it is it cannot be sent.
    let (code, out, talk) = world.run(&["dead", "retry", "--reason", "invalid"]);
    assert_eq!(
        (code, out.trim_end()),
        (1, r#"{"duplicates":0,"queued":0,"rejected":2}"#)
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
        (0, r#"{"duplicates":0,"queued":1,"rejected":0}"#)
    );
    // The other one came again, fixed, before somebody got to it: its letter goes.
    world.track("b");
    world.until(&["queue", "--json"], |report| report[0]["queued"] == 0);
    let (code, out, _) = edit(&["--all"], &["currency=USD"]);
    assert_eq!(
        (code, out.trim_end()),
        (1, r#"{"duplicates":0,"queued":0,"rejected":0}"#)
    );
    assert_eq!(arrived(&world), ["a", "b"]);
}

/// A rule that is only reported is one that the operator may think better of.
#[test]
fn what_strict_rejected_is_a_dead_letter_and_passes_when_it_is_strict_no_more() {
    let mut world = World::with("good", "strict = \"reported\"\n");
    let event = json!({
        "type": "track", "event": "Checkout Started", "messageId": "a", "userId": "u-1",
        "properties": {"revenue": 5},
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
        (0, r#"{"duplicates":0,"queued":1,"rejected":0}"#),
        "{talk}"
    );
}

/// What is not in the event any more cannot be checked again: a retry would send
/// the rest without it.
#[test]
fn a_retry_sends_nothing_of_which_a_wrong_part_is_gone() {
    let mut world = World::up("good");
    world.track_with("a", &json!({"revenue": "five of them", "currency": "EUR"}));
    let (code, _, talk) = world.run(&["dead", "retry", "--all"]);
    assert!(code == 1 && talk.contains("invalid_type"), "{talk}");
    world.stop();
    let edit = ["dead", "edit", "--all", "--set", "value=5"];
    assert_eq!(
        world.lines(&edit),
        [json!({"queued": 1, "duplicates": 0, "rejected": 0})]
    );
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
        (1, r#"{"duplicates":0,"queued":0,"rejected":2}"#)
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
        [json!({"queued": 1, "duplicates": 0, "rejected": 0})]
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
        [json!({"queued": 1, "duplicates": 0, "rejected": 0})]
    );
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
            [json!({"queued": 1, "duplicates": 0, "rejected": 0})]
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
fn a_value_on_stdin_stands_in_no_argument() {
    let world = World::up("good");
    world.track_in("a", "EURO");
    let set = |sets: &[&str], input: &str| {
        let sets: Vec<&str> = sets.iter().flat_map(|set| ["--set", set]).collect();
        world.run_with(&[&["dead", "edit", "--all"], &sets[..]].concat(), input)
    };
    let (code, out, talk) = set(&["currency=-", "user_data.email=-"], "USD\n");
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(talk.contains("one =- in a call"), "{talk}");

    // What is wrong with it is reported without it.
    let (code, _, talk) = set(&["currency=-"], "kim@example.com\n");
    assert!(code == 1 && !talk.contains("kim@"), "{talk}");
    let (code, out, talk) = set(&["currency=USD", "user_data.email=-"], "new@example.com\n");
    assert_eq!(
        (code, out.contains("\"queued\":1")),
        (0, true),
        "{out}{talk}"
    );
    assert!(!talk.contains("new@"), "{talk}");
    world.until(&["queue", "--json"], |report| report[0]["queued"] == 0);
    let events = send(&world.sandbox.1, "GET", "/_sandbox/events", "", "");
    let hash = Digest::of("new@example.com");
    assert!(events.contains(hash.as_str()), "{events}");
}
