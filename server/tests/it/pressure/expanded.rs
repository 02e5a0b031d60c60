//! Batches that say little on the wire and much for each of their events.

use serde_json::json;

use crate::support::calls::{at, order};
use crate::support::http::{Request, gzip};
use crate::support::meta::Meta;
use crate::support::relay::{KEY, Relay, Setup};

/// A batch of `count` short events under a context.
fn batch(count: usize, context: &serde_json::Value) -> String {
    let events: Vec<_> = (0..count)
        .map(|id| json!({"type": "page", "messageId": id.to_string()}))
        .collect();
    json!({"batch": events, "context": context, "sentAt": at(0)}).to_string()
}

#[test]
fn a_long_context_does_not_multiply() {
    let meta = Meta::up();
    let mut relay = Relay::start(&meta);
    let before = relay.peak_kib();
    let padded = json!({"page": {"url": "https://shop.example/"}, "padding": "x".repeat(31_000)});
    let emails: Vec<_> = (0..1200).map(|n| format!("kim{n}@lee.example")).collect();
    let persons = json!({"traits": {"email": emails}, "page": {"url": "https://shop.example/"}});
    for (context, count) in [(padded, 10_000), (persons, 10_000)] {
        let body = batch(count, &context);
        assert!(body.len() < 512_000, "{}", body.len());
        for request in [
            Request::post("/v1/batch", body.clone()),
            Request::post("/v1/batch", gzip(body.as_bytes())).header("Content-Encoding", "gzip"),
        ] {
            let response = relay.send(&request.key(KEY));
            assert_eq!(response.status, 413, "{response:?}");
            let body = response.json();
            assert_eq!(body["code"], "expanded_too_large");
            let message = body["message"].as_str().unwrap();
            assert!(message.contains("`context`"), "{message}");
            assert!(message.contains("16777216"), "{message}");
        }
    }
    let grown = relay.peak_kib() - before;
    assert!(grown < 32 * 1024, "the server took {grown} KiB more");
    relay.take(&[order("afterwards")]);
    meta.wait_for_id("afterwards");
    relay.stop();
    assert_eq!(meta.stats().events_received, 1);
}

#[test]
fn full_batches_under_a_small_context_are_taken() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let context = json!({
        "library": {"name": "analytics-node", "version": "2.1.0"},
        "page": {"url": "https://shop.example/"},
        "userAgent": "Mozilla/5.0",
        "ip": "203.0.113.44",
    });
    let body = batch(10_000, &context);
    let response = relay.send(&Request::post("/v1/batch", body).key(KEY));
    assert_eq!(response.status, 200, "{response:?}");
}

#[test]
fn the_limit_holds_whatever_a_batch_may_be() {
    let meta = Meta::up();
    let setup = Setup {
        server: "max_batch_bytes = 10000000\nmax_expanded_bytes = 20000",
        ..Setup::default()
    };
    let relay = Relay::with(&meta, setup);
    let orders: Vec<_> = (0..100).map(|id| order(&id.to_string())).collect();
    let body = json!({ "batch": orders }).to_string();
    let response = relay.send(&Request::post("/v1/batch", body).key(KEY));
    assert_eq!(response.status, 413);
    assert_eq!(response.json()["code"], "expanded_too_large");
    relay.take(&orders[..3]);
}
