//! What is large or deep: with the usual limits, and with limits that let it in.

use super::doors::{Case, Expect, FEW, TWO, check, edge, event, finish, kept, sent, start};
use crate::support::http::Request;
use crate::support::meta::Meta;
use crate::support::relay::KEY;

fn list(length: usize, item: impl Fn(usize) -> String) -> String {
    (0..length).map(item).collect::<Vec<_>>().join(",")
}

fn object(keys: usize) -> String {
    format!("{{{}}}", list(keys, |key| format!("\"k{key}\":{key}")))
}

fn array(length: usize) -> String {
    format!("[{}]", list(length, |item| (item % 10).to_string()))
}

/// Lists in lists, `depth` of them.
fn lists(depth: usize) -> String {
    ["[".repeat(depth), "]".repeat(depth)].concat()
}

/// Objects in objects, `depth` of them.
fn objects(depth: usize) -> String {
    ["{\"a\":".repeat(depth), "1".to_owned(), "}".repeat(depth)].concat()
}

fn text(length: usize) -> String {
    format!("\"{}\"", "x".repeat(length))
}

#[test]
fn every_volume_that_limits_let_in() {
    let meta = Meta::up();
    let limits = "max_event_bytes = 20000000\nmax_batch_bytes = 20000000";
    let relay = start(&meta, limits);
    let deep = || Expect::Rejected("malformed_event", "more than 127 deep");
    let all_kept = |name, value: String| Case::new(name, edge(&value), kept(&value));
    let equal_keys = format!("{{{}}}", list(100_000, |value| format!("\"k\":{value}")));
    let escapes = format!("\"{}\"", "\\u0041".repeat(1_000_000));
    let members = list(100_000, |key| format!("\"k{key}\":{key}"));
    let cases = [
        all_kept("100,000 keys", object(100_000)),
        Case::new(
            "100,000 equal keys",
            edge(&equal_keys),
            sent(r#"{"k":99999}"#),
        ),
        all_kept("a text of 10 MB", text(10_000_000)),
        Case::new(
            "a million escapes",
            edge(&escapes),
            sent(&format!("\"{}\"", "A".repeat(1_000_000))),
        ),
        all_kept("an array of a million", array(1_000_000)),
        all_kept(
            "an array of 100,000 empty objects",
            format!("[{}]", list(100_000, |_| "{}".into())),
        ),
        all_kept("a key of a megabyte", format!("{{{}:1}}", text(1_000_000))),
        // The event and its properties are two.
        all_kept("125 lists in each other", lists(125)),
        all_kept("125 objects in each other", objects(125)),
        Case::new("126 lists in each other", edge(&lists(126)), deep()),
        Case::new("126 objects in each other", edge(&objects(126)), deep()),
        Case::new("10,000 lists in each other", edge(&lists(10_000)), deep()),
        Case::new(
            "10,000 objects in each other",
            edge(&objects(10_000)),
            deep(),
        ),
        Case::new(
            "a million lists in each other",
            edge(&lists(1_000_000)),
            deep(),
        ),
        Case::new(
            "100,000 members of the event",
            event(&format!("\"properties\":{{\"edge\":1}},{members}")),
            sent("1"),
        ),
        Case::new(
            "100,000 members of the context",
            event(&format!(
                "\"properties\":{{\"edge\":1}},\"traits\":{{{members}}}"
            )),
            sent("1"),
        ),
        Case::new(
            "an event above the raised limit",
            edge(&text(20_000_000)),
            Expect::Refused(413, "body_too_large", "20000000"),
        ),
    ];
    check(relay, &meta, TWO, &cases);
}

#[test]
fn every_volume_with_the_usual_limits() {
    let meta = Meta::up();
    let relay = start(&meta, "");
    let too_large = || Expect::Refused(413, "body_too_large", "32768");
    let batch_too_large = || Expect::Refused(413, "body_too_large", "512000");
    let deep = || Expect::Rejected("malformed_event", "more than 127 deep");
    let event_too_large = || Expect::Rejected("event_too_large", "32768");
    let cases = [
        Case::new("10,000 lists in each other", edge(&lists(10_000)), deep()),
        Case::new(
            "50,000 lists in each other",
            edge(&lists(50_000)),
            event_too_large(),
        )
        .alone(too_large()),
        Case::new("10,000 keys", edge(&object(10_000)), event_too_large()).alone(too_large()),
        Case::new("100,000 keys", edge(&object(100_000)), batch_too_large()).alone(too_large()),
        Case::new("a text of 100 KB", edge(&text(100_000)), event_too_large()).alone(too_large()),
        Case::new(
            "a text of 10 MB",
            edge(&text(10_000_000)),
            batch_too_large(),
        )
        .alone(too_large()),
        Case::new(
            "an array of a million",
            edge(&array(1_000_000)),
            batch_too_large(),
        )
        .alone(too_large()),
        Case::new(
            "white space of 10 MB",
            " ".repeat(10_000_000),
            batch_too_large(),
        )
        .alone(too_large()),
    ];
    check(relay, &meta, FEW, &cases);
}

#[test]
fn a_batch_of_nothing_but_wrong_events() {
    let meta = Meta::up();
    let relay = start(&meta, "");
    let good = edge("true").replace("%ID%", "good").replace("%KEY%", "");
    let wrong = list(200_000, |_| "1".into());
    let body = format!("{{\"batch\":[{wrong},{good}]}}");
    let response = relay.send(&Request::post("/v1/batch", body).key(KEY));
    assert_eq!(response.status, 200);
    let answer = response.json();
    // Told of a thousand, one knows: the answer must not be larger than what came.
    assert_eq!(answer["rejected"].as_array().unwrap().len(), 1000);
    assert_eq!(answer["rejected"][999]["index"], 999);
    assert_eq!(answer["unlisted"], 199_000);
    assert!(response.body.len() < 250_000, "{}", response.body.len());
    meta.wait_for_id("good");
    finish(relay);
}

#[test]
fn a_batch_whose_context_is_larger_than_an_event() {
    let meta = Meta::up();
    let relay = start(&meta, "");
    let batch = |id: &str, part: &str, length: usize| {
        let good = edge("true").replace("%ID%", id).replace("%KEY%", "");
        let part = format!("\"{part}\":{{\"x\":{}}}", text(length));
        let body = format!("{{\"batch\":[{good}],{part}}}");
        relay.send(&Request::post("/v1/batch", body).key(KEY))
    };
    for part in ["context", "integrations"] {
        assert_eq!(batch(part, part, 32_000).body, r#"{"success":true}"#);
        let response = batch("not-taken", part, 32_768);
        assert_eq!(response.status, 413);
        let answer = response.json();
        assert_eq!(answer["code"], "body_too_large");
        let message = answer["message"].as_str().unwrap();
        assert!(
            message.contains(&format!("`{part}` of the batch")),
            "{message}"
        );
    }
    meta.wait_for_count(2);
    finish(relay);
    assert_eq!(meta.stats().events_received, 2);
}
