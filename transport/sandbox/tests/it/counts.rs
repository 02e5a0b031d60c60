//! The ledger and the counts, alone and under concurrency.

use serde_json::{Value, json};

use crate::client::{POST_JSON, Server};
use crate::samples::*;

fn lead(id: &str) -> Value {
    json!({
        "event_name": "Lead", "event_time": now(), "event_id": id, "action_source": "email",
        "user_data": { "em": EMAIL },
    })
}

#[tokio::test]
async fn requests_and_events_are_counted() {
    let server = Server::strict().await;
    server
        .post(&json!({ "data": [lead("a"), lead("b")] }))
        .await;
    server.post(&json!({ "data": [lead("c"), {}] })).await;
    server
        .post(&json!({ "data": [lead("b"), lead("d"), lead("d")] }))
        .await;
    server.get("/nowhere").await;
    let other = "POST /v26.0/2/events?access_token=T HTTP/1.1";
    server
        .send(other, json!({ "data": [lead("a")] }).to_string().as_bytes())
        .await;
    let stats = server.get("/_sandbox/stats").await;
    let expected =
        "{\"requests\":5,\"accepted\":3,\"refused\":2,\"events_received\":6,\"duplicates\":2}";
    assert_eq!(stats.body, expected);
    assert_eq!(
        serde_json::to_string(&server.sandbox.stats()).unwrap(),
        expected
    );
}

#[tokio::test]
async fn events_are_kept_as_received_in_order() {
    let server = Server::strict().await;
    let time = now();
    let one = format!(
        "{{\"user_data\":{{\"lead_id\":1234567890123456}},\"event_time\":{time},\
         \"custom_data\":{{\"z\":1.50,\"a\":\"\\u00e9 b\"}},\"event_name\":\"Lead\",\
         \"action_source\":\"email\"}}"
    );
    let broken = one.replace(",\"", ",\r\n  \"");
    server
        .send(POST_JSON, format!("{{\"data\":[{one}]}}").as_bytes())
        .await;
    server.post(&json!({})).await;
    server
        .send(POST_JSON, format!("{{\"data\":[{broken}]}}").as_bytes())
        .await;
    let lines: String = [1, 3]
        .map(|n| format!("{{\"dataset\":\"1\",\"request\":{n},\"event\":{one}}}\n"))
        .concat();
    let reply = server.get("/_sandbox/events").await;
    assert_eq!(reply.body, lines);
    assert!(reply.head.contains("content-type: application/x-ndjson"));
    assert_eq!(server.sandbox.events_ndjson(), lines);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_requests_lose_nothing() {
    let server = std::sync::Arc::new(Server::strict().await);
    let senders: Vec<_> = (0..8)
        .map(|sender| {
            let server = server.clone();
            tokio::spawn(async move {
                for request in 0..10 {
                    // Each id is sent by two senders, so half are duplicates.
                    let id = |n| format!("{}-{request}-{n}", sender / 2);
                    let events: Vec<Value> = (0..10).map(|n| lead(&id(n))).collect();
                    assert_eq!(server.post(&json!({ "data": events })).await.status, 200);
                }
            })
        })
        .collect();
    for sender in senders {
        sender.await.unwrap();
    }
    let stats = server.sandbox.stats();
    assert_eq!((stats.requests, stats.accepted, stats.refused), (80, 80, 0));
    assert_eq!((stats.events_received, stats.duplicates), (800, 400));

    let body = server.get("/_sandbox/events").await.body;
    let numbers: Vec<u64> = body
        .lines()
        .map(|line| {
            serde_json::from_str::<Value>(line).unwrap()["request"]
                .as_u64()
                .unwrap()
        })
        .collect();
    assert_eq!(numbers.len(), 800);
    assert!(
        numbers.is_sorted(),
        "the ledger is in the order of the requests"
    );
}

#[tokio::test]
async fn unknown_controls_are_told_apart_from_graph_paths() {
    let server = Server::strict().await;
    let reply = server.get("/_sandbox/event").await;
    assert_eq!(reply.status, 404);
    assert!(
        reply.json()["error"]
            .as_str()
            .unwrap()
            .contains("/_sandbox/events")
    );
    assert_eq!(server.get("/_sandbox/faults").await.status, 405);
    assert_eq!(server.sandbox.stats().requests, 0);
}
