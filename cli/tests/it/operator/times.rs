//! What `capi preview` makes of an event's times is what the server makes of them.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{World, send};

/// The times of an event, each in seconds from now or as it is written.
const TABLE: &[(&str, &str)] = &[
    ("a time only", r#"{"timestamp": -60}"#),
    ("none", "{}"),
    ("blank ones", r#"{"timestamp": "", "sentAt": null}"#),
    ("a right clock", r#"{"timestamp": -65, "sentAt": -5}"#),
    ("two hours ahead", r#"{"timestamp": 7140, "sentAt": 7200}"#),
    ("a day behind", r#"{"timestamp": -86460, "sentAt": -86400}"#),
    ("kept offline", r#"{"timestamp": -90000, "sentAt": -10}"#),
    (
        "sent long before it happened",
        r#"{"timestamp": -60, "sentAt": "1970-01-01T00:00:00Z"}"#,
    ),
    (
        "a time of sending that is none",
        r#"{"timestamp": -60, "sentAt": "soon"}"#,
    ),
    (
        "a time of receipt of its own",
        r#"{"timestamp": -60, "receivedAt": -3600}"#,
    ),
    (
        "all of a server's",
        r#"{"timestamp": -3660, "originalTimestamp": 3540, "sentAt": 3600, "receivedAt": -3600}"#,
    ),
    ("the original one only", r#"{"originalTimestamp": -120}"#),
    (
        "one of two is none",
        r#"{"originalTimestamp": "?", "timestamp": -60, "sentAt": -30}"#,
    ),
    (
        "another is none",
        r#"{"originalTimestamp": -90, "timestamp": "?"}"#,
    ),
    (
        "unix seconds as text",
        r#"{"timestamp": "1700000000", "sentAt": "1700000060"}"#,
    ),
];

fn events() -> Vec<Value> {
    let now = Timestamp::now();
    let time = |value: &Value| match value.as_i64() {
        Some(seconds) => json!((now + SignedDuration::from_secs(seconds)).to_string()),
        None => value.clone(),
    };
    let event = |(name, times): &(&str, &str)| {
        let mut event = json!({
            "type": "track", "event": "Order Completed", "messageId": name, "userId": "u-1",
            "properties": {"revenue": 5, "currency": "EUR"},
            "context": {
                "ip": "203.0.113.9", "userAgent": "Mozilla/5.0",
                "traits": {"email": "kim@example.com"},
                "page": {"url": "https://shop.example/thanks"},
            },
        });
        let times: Value = serde_json::from_str(times).unwrap();
        for (key, value) in times.as_object().unwrap() {
            event[key] = time(value);
        }
        event
    };
    TABLE.iter().map(event).collect()
}

/// The time of each event, as a preview at this moment tells it.
fn previewed(world: &World, events: &[Value]) -> Vec<i64> {
    let input: String = events.iter().map(|event| format!("{event}\n")).collect();
    let (code, out, talk) = world.run_with(&["preview"], &input);
    assert_eq!(code, 0, "{talk}");
    let time = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap();
        line["event"]["event_time"].as_i64().expect("a time")
    };
    out.lines().map(time).collect()
}

#[test]
fn a_preview_and_the_server_make_the_same_of_times() {
    let world = World::up("good");
    let events = events();
    let before = previewed(&world, &events);
    let address = &world.server.as_ref().unwrap().1;
    for event in &events {
        send(address, "POST", "/v1/track", &event.to_string(), "a2V5Og==");
    }
    let arrived = || {
        let lines = send(&world.sandbox.1, "GET", "/_sandbox/events", "", "");
        let lines = lines
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let events = lines.filter_map(|line| Some(line.get("event")?.clone()));
        events.collect::<Vec<_>>()
    };
    world.until(&["lanes", "--json"], |_| arrived().len() == events.len());
    let after = previewed(&world, &events);
    let arrived = arrived();
    for (index, (name, _)) in TABLE.iter().enumerate() {
        let is_it = |event: &&Value| event["event_id"] == **name;
        let time = arrived.iter().find(is_it).unwrap()["event_time"]
            .as_i64()
            .unwrap();
        assert!(
            (before[index]..=after[index]).contains(&time),
            "{name}: {time}"
        );
    }
}
