//! Sources that share the memory.

use std::collections::BTreeSet;
use std::io::Write;
use std::net::TcpStream;

use super::{call, head, retry_after};
use crate::support::calls::order;
use crate::support::http::{Request, Response, answer, connect};
use crate::support::meta::Meta;
use crate::support::poll;
use crate::support::relay::{KEY, Relay, Setup};

const OTHER: &str = "wk_app-77";

const SETUP: Setup<'static> = Setup {
    server: "max_memory_bytes = 1048576",
    destination: "",
    tables: "[[source]]\nname = \"app\"\nwrite_key = \"wk_app-77\"",
    log: None,
    shell: None,
};

/// A client that announces a body and does not send it.
fn holds(relay: &Relay, key: &str, length: usize) -> TcpStream {
    let mut stream = connect(relay.address).unwrap();
    stream.write_all(&head(key, length).bytes()).unwrap();
    // What is asked on another connection may be answered before this is read.
    relay.send(&Request::new("GET", "/health/live"));
    stream
}

/// The answer to a client that announces a body.
fn reported(relay: &Relay, key: &str, length: usize) -> Response {
    answer(&mut holds(relay, key, length)).unwrap()
}

fn code(response: &Response) -> (u16, String) {
    let code = response.json()["code"].as_str().unwrap().to_owned();
    (response.status, code)
}

#[test]
fn one_that_holds_more_than_its_share_steps_back_while_another_waits() {
    let meta = Meta::up();
    let relay = Relay::with(&meta, SETUP);
    // Alone it may use all there is.
    let held: Vec<TcpStream> = (0..2).map(|_| holds(&relay, KEY, 512_000)).collect();
    let busy = poll::until("the memory to be used", || {
        let response = reported(&relay, KEY, 512_000);
        (response.status != 200).then_some(response)
    });
    assert_eq!(code(&busy), (503, "server_busy".into()));
    retry_after(&busy);
    // A little of another's is taken all the same.
    let little = Request::post("/v1/track", order("little").to_string()).key(OTHER);
    assert_eq!(relay.send(&little).status, 200);
    meta.wait_for_id("little");
    // More of it has to wait, and then the first one may not have more either.
    let waits = reported(&relay, OTHER, 400_000);
    assert_eq!(code(&waits), (503, "server_busy".into()));
    let over = relay.send(&call(&order("over")));
    assert_eq!(code(&over), (429, "source_busy".into()));
    retry_after(&over);
    // Once it lets go, all is taken again.
    drop(held);
    for key in [OTHER, KEY] {
        let padded = format!("{{\"batch\":[{}]}}", order(key)) + &" ".repeat(300_000);
        let request = Request::post("/v1/batch", padded).key(key);
        poll::until("room", || {
            (relay.send(&request).status == 200).then_some(())
        });
        meta.wait_for_id(key);
    }
    // Told when it began, not once a request.
    assert_eq!(relay.log().matches("Requests are refused").count(), 1);
}

#[test]
fn not_all_are_told_to_come_again_at_once() {
    let meta = Meta::up();
    let relay = Relay::with(&meta, SETUP);
    let held: Vec<TcpStream> = (0..2).map(|_| holds(&relay, KEY, 512_000)).collect();
    let reported = |_| {
        poll::until("a refusal", || {
            let response = reported(&relay, KEY, 512_000);
            (response.status == 503).then(|| retry_after(&response))
        })
    };
    let waits: BTreeSet<u64> = (0..40).map(reported).collect();
    assert!(waits.len() > 1, "{waits:?}");
    drop(held);
}

#[test]
fn what_mapping_makes_counts_and_all_of_it_is_refused() {
    let meta = Meta::up();
    let mut relay = Relay::with(&meta, SETUP);
    // Small on the wire, and each event a conversion of a kilobyte.
    let context = serde_json::json!({
        "ip": "203.0.113.44",
        "userAgent": "x".repeat(3000),
        "page": {"url": "https://shop.example/"},
    });
    let events: Vec<_> = (0..1000)
        .map(|id| serde_json::json!({"type": "page", "messageId": id.to_string(), "userId": "u"}))
        .collect();
    let body = serde_json::json!({"batch": events, "context": context}).to_string();
    assert!(body.len() < 100_000, "{}", body.len());
    let response = relay.send(&Request::post("/v1/batch", body).key(KEY));
    assert_eq!(code(&response), (503, "server_busy".into()));
    relay.take(&[order("afterwards")]);
    meta.wait_for_id("afterwards");
    relay.stop();
    assert_eq!(meta.stats().events_received, 1);
}
