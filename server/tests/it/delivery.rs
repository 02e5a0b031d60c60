//! From the queue to Meta, through trouble and restarts.

use std::collections::HashSet;
use std::io::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::calls::{KIM_LEE, order, seven, track};
use crate::support::http::{Request, connect};
use crate::support::meta::{Meta, names_and_ids};
use crate::support::poll;
use crate::support::recorder::Recorder;
use crate::support::relay::{KEY, REGISTRATION, Relay, Setup};

fn orders(prefix: &str, count: usize) -> Vec<Value> {
    (0..count)
        .map(|number| order(&format!("{prefix}-{number:04}")))
        .collect()
}

fn purchases(prefix: &str, count: usize) -> Vec<(String, String)> {
    (0..count)
        .map(|n| ("Purchase".to_owned(), format!("{prefix}-{n:04}")))
        .collect()
}

#[test]
fn the_calls_of_a_visit_arrive() {
    let meta = Meta::up();
    let relay = Relay::with(&meta, REGISTRATION);
    let (names, calls): (Vec<_>, Vec<_>) = seven().into_iter().unzip();
    relay.take(&calls);
    meta.wait_for(7);
    for (name, call) in names.into_iter().zip(&calls) {
        let event = meta.wait_for_id(call["messageId"].as_str().unwrap());
        assert_eq!(event["event_name"], name);
        assert_eq!(event["action_source"], "website");
        assert_eq!(event["event_source_url"], "https://shop.example/thanks");
        assert_eq!(event["user_data"]["em"], json!([KIM_LEE]));
        assert!(event["event_time"].is_i64());
    }
    let purchase = meta.wait_for_id("seven-order")["custom_data"].take();
    assert_eq!(purchase["value"], 121.25);
    assert_eq!(purchase["currency"], "USD");
    assert_eq!(
        purchase["contents"][1],
        json!({"id": "sku-202", "quantity": 3, "item_price": 12.25})
    );
    let search = meta.wait_for_id("seven-search")["custom_data"].take();
    assert_eq!(search["search_string"], "mug größe");
    assert_eq!(meta.stats().refused, 0);
}

#[test]
fn a_repeated_event_is_sent_once() {
    let meta = Meta::up();
    let mut relay = Relay::start(&meta);
    relay.take(&[order("one"), order("one")]);
    meta.wait_for_id("one");
    // A client that did not get its answer sends the same again.
    relay.take(&[order("one"), order("two")]);
    meta.wait_for_id("two");
    assert!(relay.stop().success());
    // The mark outlives the process.
    let mut relay = relay.again();
    relay.take(&[order("one"), order("three")]);
    meta.wait_for_id("three");
    assert!(relay.stop().success());
    let expected = ["one", "three", "two"].map(|id| ("Purchase".to_owned(), id.to_owned()));
    assert_eq!(names_and_ids(&meta.events()), expected);
}

#[test]
fn what_a_server_says_that_it_queued_is_what_it_queued() {
    let meta = Meta::up();
    let mut relay = Relay::start(&meta);
    relay.take(&[order("one"), order("one"), order("two")]);
    relay.take(&[order("two")]);
    meta.wait_for(2);
    assert!(relay.stop().success());
    let log = relay.log();
    let line = log.lines().find(|line| line.contains("What came in"));
    let line = line.unwrap_or_else(|| panic!("{log}"));
    for count in ["received=4", "duplicates=2", "queued={\"purchase\": 2}"] {
        assert!(line.contains(count), "{count}: {line}");
    }
}

#[test]
fn a_second_conversion_of_an_event_with_the_same_name_and_id_is_a_repeat() {
    let meta = Meta::up();
    let setup = Setup {
        destination: "prebuilt_subscriptions = true",
        tables: "[[destination.subscription]]
action = \"purchase\"
trigger = 'event = \"Order Completed\" and properties.revenue > 100'

[[destination.subscription]]
action = \"custom-event\"
trigger = 'event = \"Order Completed\" and properties.revenue > 100'
mapping = { event_name = \"LargeOrder\" }",
        ..Setup::default()
    };
    let mut relay = Relay::with(&meta, setup);
    relay.take(&[order("one")]);
    meta.wait_for(2);
    assert!(relay.stop().success());
    let expected = ["LargeOrder", "Purchase"].map(|name| (name.to_owned(), "one".to_owned()));
    assert_eq!(names_and_ids(&meta.events()), expected);
}

#[test]
fn a_server_that_is_not_well_is_asked_again() {
    let meta = Meta::up();
    let mut relay = Relay::start(&meta);
    meta.faults(&json!([{"times": 2, "answer": {"status": 503}}]));
    relay.take(&orders("order", 3));
    meta.wait_for(3);
    assert!(relay.stop().success());
    assert_eq!(names_and_ids(&meta.events()), purchases("order", 3));
    assert_eq!((meta.stats().refused, meta.stats().duplicates), (2, 0));
}

#[test]
fn a_connection_that_is_cut_loses_nothing() {
    for (cut, duplicates) in [("before", 0), ("after", 3)] {
        let meta = Meta::up();
        let mut relay = Relay::start(&meta);
        meta.faults(&json!([{"times": 1, "answer": {"cut": cut}}]));
        relay.take(&orders("order", 3));
        meta.wait_for(3 + duplicates);
        assert!(relay.stop().success());
        let mut arrived = names_and_ids(&meta.events());
        arrived.dedup();
        assert_eq!(arrived, purchases("order", 3), "{cut}");
        assert_eq!(meta.stats().duplicates, duplicates as u64, "{cut}");
    }
}

#[test]
fn an_event_that_meta_refuses_holds_back_no_other() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let refuse = json!({"status": 400, "code": 100, "subcode": 2_804_019});
    meta.faults(&json!([{"match": {"event_id": "poison-*"}, "answer": refuse}]));
    let mut calls = orders("order", 20);
    calls.insert(7, order("poison-1"));
    calls.insert(13, order("poison-2"));
    relay.take(&calls);
    assert_eq!(names_and_ids(&meta.wait_for(20)), purchases("order", 20));
}

#[test]
fn what_was_taken_while_meta_was_away_is_delivered_after_a_restart() {
    let mut meta = Meta::down();
    let server = "shutdown_seconds = 1";
    let mut relay = Relay::with(
        &meta,
        Setup {
            server,
            ..Setup::default()
        },
    );
    for chunk in orders("order", 1500).chunks(300) {
        relay.take(chunk);
    }
    // Stopping is in order even though everything stays behind.
    assert!(relay.stop().success());
    assert!(relay.log().contains("1500"), "{}", relay.log());

    meta.rise();
    let mut relay = relay.again();
    assert_eq!(
        names_and_ids(&meta.wait_for(1500)),
        purchases("order", 1500)
    );
    assert!(relay.stop().success());
    assert_eq!(meta.stats().duplicates, 0);
    assert!(meta.stats().requests <= 4, "{:?}", meta.stats());
}

#[test]
fn a_stop_delivers_what_it_can() {
    let meta = Meta::up();
    let server = "shutdown_seconds = 30";
    let mut relay = Relay::with(
        &meta,
        Setup {
            server,
            ..Setup::default()
        },
    );
    meta.faults(&json!([{"times": 1, "answer": {"delay_ms": 300}}]));
    relay.take(&orders("order", 5));
    assert!(relay.stop().success());
    assert_eq!(names_and_ids(&meta.events()), purchases("order", 5));
}

/// A stop gives delivery the time in which it only waits for answers. What is cut off
/// instead is sent again by the next run.
#[test]
fn a_client_that_stopped_in_its_request_has_nothing_sent_twice_by_a_stop() {
    const BATCHES: usize = 10;
    let meta = Recorder::silent();
    let setup = Setup {
        server: "shutdown_seconds = 6",
        destination: "max_in_flight = 1\ntimeout_ms = 120000",
        ..Setup::default()
    };
    let mut relay = Relay::sending_to(&meta.url, setup);
    let small = json!({"revenue": 5, "currency": "EUR"});
    let calls: Vec<Value> = (0..BATCHES * 1000)
        .map(|n| track("Order Completed", &format!("order-{n}"), &small))
        .collect();
    for chunk in calls.chunks(500) {
        relay.take(chunk);
    }
    let mut client = connect(relay.address).unwrap();
    let half = "POST /v1/batch HTTP/1.1\r\nHost: relay\r\nContent-Length: 1000\r\n\r\n{\"batch\":[";
    client.write_all(half.as_bytes()).unwrap();
    // There is more than it can send before its end.
    meta.answer_after(Duration::from_millis(800));
    assert!(relay.stop().success());
    drop(client);

    meta.answer_after(Duration::ZERO);
    let relay = relay.again();
    let ids = poll::until("all events at Meta", || {
        let ids: Vec<String> = meta.ids();
        let all: HashSet<&String> = ids.iter().collect();
        (all.len() == calls.len()).then(|| ids.clone())
    });
    drop(relay);
    assert_eq!(ids.len(), calls.len(), "some were sent twice");
}

#[test]
fn a_server_that_stops_says_that_it_is_not_ready() {
    let meta = Meta::up();
    let mut relay = Relay::start(&meta);
    let ready = Request::new("GET", "/health/ready").key(KEY);
    assert_eq!(relay.send(&ready).status, 200);
    assert!(relay.stop().success());
    assert!(crate::support::http::exchange(relay.address, &ready.bytes()).is_none());
}

#[test]
fn a_folder_has_one_server() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let second = std::process::Command::new(env!("CARGO_BIN_EXE_capi-server"))
        .arg("--config")
        .arg(relay.data_dir().with_file_name("capi.toml"))
        .args(["--listen", "127.0.0.1:0"])
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    assert_eq!(second.status.code(), Some(3));
    assert!(!second.stderr.is_empty());
    relay.take(&[order("one")]);
    poll::until("the first server to go on", || {
        (meta.stats().events_received == 1).then_some(())
    });
}
