//! What goes out beside the events: the test code, the token, the URL.

use serde_json::json;

use crate::support::calls::order;
use crate::support::meta::{DATASET, TOKEN};
use crate::support::recorder::Recorder;
use crate::support::relay::{Relay, Setup};

#[test]
fn the_request_goes_to_the_dataset_with_the_token_in_its_header_only() {
    let meta = Recorder::start();
    let relay = Relay::sending_to(
        &meta.url,
        Setup {
            destination: "api_version = \"v26.0\"",
            ..Setup::default()
        },
    );
    relay.take(&[order("plain-1")]);

    let request = &meta.wait_for(1)[0];
    let line = format!("POST /v26.0/{DATASET}/events HTTP/1.1");
    assert_eq!(request.head.lines().next(), Some(line.as_str()));
    let bearer = format!("authorization: Bearer {TOKEN}");
    assert!(
        request
            .head
            .lines()
            .any(|header| header.eq_ignore_ascii_case(&bearer))
    );
    assert_eq!(request.head.matches(TOKEN).count(), 1);
    assert!(!request.body.to_string().contains(TOKEN));
    assert_eq!(request.body["data"][0]["event_id"], "plain-1");
    assert_eq!(request.body.get("test_event_code"), None);
}

#[test]
fn a_test_code_stands_beside_the_events() {
    let meta = Recorder::start();
    let destination = "test_event_code = \"TEST12345\"";
    let relay = Relay::sending_to(
        &meta.url,
        Setup {
            destination,
            ..Setup::default()
        },
    );
    relay.take(&[order("tested-1")]);

    let request = &meta.wait_for(1)[0];
    assert_eq!(request.body["test_event_code"], "TEST12345");
    assert_eq!(request.body["data"][0]["event_id"], "tested-1");
    assert_eq!(request.body["data"][0].get("test_event_code"), None);
}

#[test]
fn events_with_a_test_code_of_their_own_do_not_share_a_request_with_others() {
    let meta = Recorder::start();
    let setup = Setup {
        tables: "[[destination.subscription]]
action = \"purchase\"
trigger = 'event = \"Order Completed\"'
mapping = { test_event_code = { \"@path\" = \"$.properties.test_code\" } }",
        ..Setup::default()
    };
    let relay = Relay::sending_to(&meta.url, setup);
    let mut tested = order("tested-1");
    tested["properties"]["test_code"] = json!("TEST777");
    relay.take(&[order("plain-1"), tested, order("plain-2")]);

    let requests = meta.wait_for(2);
    let codes_and_ids = requests.iter().flat_map(|request| {
        let code = request.body["test_event_code"].as_str().unwrap_or("none");
        let events = request.body["data"].as_array().unwrap().iter();
        events.map(move |event| format!("{code} {}", event["event_id"].as_str().unwrap()))
    });
    let mut codes_and_ids: Vec<_> = codes_and_ids.collect();
    codes_and_ids.sort();
    assert_eq!(
        codes_and_ids,
        ["TEST777 tested-1", "none plain-1", "none plain-2"]
    );
}
