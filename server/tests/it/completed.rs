//! What the server adds to an event: its batch's context, an id, the client's
//! address, the right time.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::support::calls::{KIM_LEE, at, context, order, with, without};
use crate::support::http::Request;
use crate::support::meta::Meta;
use crate::support::relay::{KEY, Relay, Setup};

fn post(relay: &Relay, body: &Value) {
    let response = relay.send(&Request::post("/v1/batch", body.to_string()).key(KEY));
    assert_eq!(
        (response.status, response.body.as_str()),
        (200, r#"{"success":true}"#)
    );
}

#[test]
fn a_batchs_context_lies_under_each_events_own() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let own = json!({"ip": "198.51.100.7", "page": {"path": "/other"}});
    post(
        &relay,
        &json!({
            "context": context(),
            "batch": [
                without(order("has-none"), "/context"),
                with(order("has-own"), "/context", own),
            ],
        }),
    );
    for (id, ip) in [("has-none", "203.0.113.44"), ("has-own", "198.51.100.7")] {
        let event = meta.wait_for_id(id);
        assert_eq!(event["user_data"]["client_ip_address"], ip);
        assert_eq!(event["user_data"]["em"], json!([KIM_LEE]));
        // `page.url` comes from the batch although the event has a `page`.
        assert_eq!(event["event_source_url"], "https://shop.example/thanks");
    }
}

#[test]
fn a_batchs_integrations_lie_under_each_events_own() {
    let meta = Meta::up();
    let mut relay = Relay::start(&meta);
    let on = with(order("on"), "/integrations", json!({"meta": true}));
    post(
        &relay,
        &json!({"integrations": {"All": false}, "batch": [order("off"), on]}),
    );
    meta.wait_for(1);
    relay.stop();
    assert_eq!(meta.stats().events_received, 1);
    assert_eq!(meta.events()[0]["event_id"], "on");
}

#[test]
fn an_event_without_an_id_gets_one_of_its_own() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let nameless = without(order("x"), "/messageId");
    let empty = with(order("x"), "/messageId", json!(""));
    relay.take(&[nameless.clone(), nameless, empty]);
    let mut ids: Vec<_> = meta
        .wait_for(3)
        .iter()
        .map(|event| event["event_id"].as_str().unwrap().to_owned())
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 3);
    assert!(ids.iter().all(|id| id.len() >= 16), "{ids:?}");
}

/// What Meta gets as the client's address of an order with `ip` in its context
/// that came with `forwarded`.
fn client_ip(relay: &Relay, meta: &Meta, id: &str, ip: Value, forwarded: &[&str]) -> Value {
    let call = with(order(id), "/context/ip", ip).to_string();
    let mut request = Request::post("/v1/track", call).key(KEY);
    for value in forwarded {
        request = request.header("X-Forwarded-For", value);
    }
    assert_eq!(relay.send(&request).status, 200);
    meta.wait_for_id(id)["user_data"]["client_ip_address"].take()
}

#[test]
fn the_clients_address_is_the_peers_unless_the_event_has_one() {
    let meta = Meta::up();
    // The peer of a test is this machine.
    let relay = Relay::with(
        &meta,
        Setup {
            destination: "private_ip_addresses = \"send\"",
            ..Setup::default()
        },
    );
    let ip = |id: &str, ip: Value, forwarded: &[&str]| client_ip(&relay, &meta, id, ip, forwarded);
    assert_eq!(ip("own", json!("203.0.113.9"), &[]), "203.0.113.9");
    assert_eq!(ip("without", json!(null), &[]), "127.0.0.1");
    assert_eq!(ip("empty", json!(""), &[]), "127.0.0.1");
    // Nobody is trusted, so anybody could write this.
    assert_eq!(ip("forged", json!(null), &["198.51.100.1"]), "127.0.0.1");
}

#[test]
fn the_servers_own_address_is_no_customers() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let ip = |id: &str, ip: Value| client_ip(&relay, &meta, id, ip, &[]);
    assert_eq!(ip("without", json!(null)), Value::Null);
    assert_eq!(ip("mapped", json!("::ffff:127.0.0.1")), Value::Null);
    assert_eq!(
        ip("list", json!(["10.0.0.1", "203.0.113.9"])),
        "203.0.113.9"
    );
}

#[test]
fn a_trusted_proxy_says_who_the_client_is() {
    let meta = Meta::up();
    let server = "trusted_proxies = [\"127.0.0.0/8\", \"10.1.2.3\"]";
    let relay = Relay::with(
        &meta,
        Setup {
            server,
            ..Setup::default()
        },
    );
    let ip = |id: &str, ip: Value, forwarded: &[&str]| client_ip(&relay, &meta, id, ip, forwarded);
    assert_eq!(ip("one", json!(null), &["198.51.100.1"]), "198.51.100.1");
    assert_eq!(
        ip("chain", json!(null), &["6.6.6.6, 198.51.100.1, 10.1.2.3"]),
        "198.51.100.1"
    );
    assert_eq!(
        ip("lines", json!(null), &["6.6.6.6", "198.51.100.1"]),
        "198.51.100.1"
    );
    assert_eq!(
        ip("six", json!(null), &["[2001:db8::7]:4711"]),
        "2001:db8::7"
    );
    assert_eq!(
        ip("own", json!("203.0.113.9"), &["198.51.100.1"]),
        "203.0.113.9"
    );
    assert_eq!(
        ip("none", json!(null), &[]),
        json!(null),
        "a proxy is nobody's address"
    );
}

#[test]
fn a_wrong_clock_is_corrected() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let day = 24 * 60 * 60;
    let before = Timestamp::now().as_second();
    // A clock that is a day ahead, events of one minute before they were sent.
    let ahead = |id: &str| with(order(id), "/timestamp", json!(at(day - 60)));
    post(
        &relay,
        &json!({"batch": [ahead("of-batch")], "sentAt": at(day)}),
    );
    post(
        &relay,
        &json!({"batch": [with(ahead("own"), "/sentAt", json!(at(day)))]}),
    );
    let original = with(order("original"), "/originalTimestamp", json!(at(day - 60)));
    post(&relay, &json!({"batch": [original], "sentAt": at(day)}));
    // A clock that stood still at the recording of a demonstration.
    let old = with(
        order("old"),
        "/timestamp",
        json!("2020-01-01T00:00:00.000Z"),
    );
    post(
        &relay,
        &json!({"batch": [old], "sentAt": "2020-01-01T00:01:00.000Z"}),
    );
    // What the client says of our time is not asked.
    let received = with(ahead("received"), "/receivedAt", json!(at(3 * day)));
    post(&relay, &json!({"batch": [received], "sentAt": at(day)}));
    let after = Timestamp::now().as_second();
    for id in ["of-batch", "own", "original", "old", "received"] {
        let time = meta.wait_for_id(id)["event_time"].as_i64().unwrap();
        // The calls' own times were taken a moment before they were sent.
        assert!(
            (before - 62..=after - 59).contains(&time),
            "{id}: {}",
            time - before
        );
    }
}

#[test]
fn without_a_time_of_sending_the_clients_time_stands() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let time = Timestamp::now().as_second() - 3600;
    let call = |id: &str, timestamp: Value| with(order(id), "/timestamp", timestamp);
    let iso = Timestamp::from_second(time).unwrap().to_string();
    relay.take(&[call("iso", json!(iso))]);
    assert_eq!(meta.wait_for_id("iso")["event_time"], time);
    // A time of sending that is none corrects nothing.
    post(
        &relay,
        &json!({"batch": [call("nonsense", json!(iso))], "sentAt": "soon"}),
    );
    assert_eq!(meta.wait_for_id("nonsense")["event_time"], time);
}
