//! Which requests a fault rule meets, and which lists of rules are refused.

use serde_json::{Value, json};

use crate::client::Server;
use crate::samples::*;

fn event(id: &str) -> Value {
    with(website(), "/event_id", &json!(id))
}

#[tokio::test]
async fn a_match_looks_at_every_event() {
    let server = Server::strict().await;
    server
        .fault(json!([{ "match": { "event_id": "poison-*" }, "answer": { "code": 100 } }]))
        .await;
    let good = json!({ "data": [event("a"), event("b")] });
    assert_eq!(server.post(&good).await.status, 200);
    let bad = json!({ "data": [event("a"), event("poison-7")] });
    assert_eq!(server.post(&bad).await.error(), (400, 100, 0));
    let strings = json!({ "data": [event("poison-8").to_string()] });
    assert_eq!(server.post(&strings).await.error(), (400, 100, 0));
}

#[tokio::test]
async fn all_keys_of_a_match_must_hold_for_one_event() {
    let server = Server::strict().await;
    let keys = json!({ "event_id": "x?", "event_name": "Purchase", "opt_out": true });
    server
        .fault(json!([{ "match": keys, "answer": { "status": 500 } }]))
        .await;
    let out = |id: &str| with(event(id), "/opt_out", &json!(true));
    let apart = json!({ "data": [event("x1"), out("y1")] });
    assert_eq!(server.post(&apart).await.status, 200);
    assert_eq!(
        server.post(&json!({ "data": [out("x1")] })).await.status,
        500
    );
    assert_eq!(
        server.post(&json!({ "data": [out("x12")] })).await.status,
        200
    );
}

#[tokio::test]
async fn times_counts_only_the_requests_it_meets() {
    let server = Server::strict().await;
    server
        .fault(json!([
            { "match": { "event_id": "m" }, "times": 1, "answer": { "status": 500 } },
            { "times": 2, "answer": { "status": 503 } },
        ]))
        .await;
    let mut seen = Vec::new();
    for id in ["a", "m", "m", "m"] {
        seen.push(server.post_event(&event(id)).await.status);
    }
    assert_eq!(seen, [503, 500, 503, 200]);
}

#[tokio::test]
async fn a_dataset_limits_a_rule() {
    let server = Server::strict().await;
    server
        .fault(json!([{ "dataset": "2", "answer": { "status": 500 } }]))
        .await;
    let body = json!({ "data": [website()] }).to_string();
    for (dataset, status) in [("1", 200), ("2", 500)] {
        let head = format!("POST /v26.0/{dataset}/events?access_token=T HTTP/1.1");
        assert_eq!(
            server.send(&head, body.as_bytes()).await.unwrap().status,
            status
        );
    }
}

#[tokio::test]
async fn a_rule_for_a_time_ends() {
    let server = Server::strict().await;
    server
        .fault(json!([{ "for_ms": 3_600_000, "answer": { "status": 503 } }]))
        .await;
    assert_eq!(server.post_event(&website()).await.status, 503);
    server
        .fault(json!([{ "for_ms": 20, "answer": { "status": 503 } }]))
        .await;
    while server.post_event(&website()).await.status == 503 {}
}

#[tokio::test]
async fn rules_meet_requests_that_meta_would_refuse_and_no_other_path() {
    let server = Server::strict().await;
    server.fault(json!([{ "answer": { "status": 503 } }])).await;
    let no_token = server
        .send("POST /v26.0/1/events HTTP/1.1", b"")
        .await
        .unwrap();
    assert_eq!(no_token.status, 503);
    assert_eq!(server.get("/").await.error(), (400, 2500, 0));
    assert_eq!(server.get("/_sandbox/stats").await.status, 200);
}

#[tokio::test]
async fn a_new_list_replaces_the_last() {
    let server = Server::strict().await;
    let reply = server
        .put_faults(&json!([{ "answer": { "status": 503 } }]))
        .await;
    assert_eq!((reply.status, reply.body.as_str()), (200, "{\"rules\":1}"));
    assert_eq!(
        server
            .put_faults(&json!([{ "answer": { "nonsense": 1 } }]))
            .await
            .status,
        400
    );
    assert_eq!(
        server.post_event(&website()).await.status,
        503,
        "a bad list changes nothing"
    );
    assert_eq!(server.put_faults(&json!([])).await.body, "{\"rules\":0}");
    assert_eq!(server.post_event(&website()).await.status, 200);
}

#[tokio::test]
async fn a_bad_rule_is_named_by_place_and_key() {
    let server = Server::strict().await;
    let good = json!({ "answer": { "status": 503 } });
    for (rule, place) in [
        (json!(5), "[1]: "),
        (json!({}), "[1].answer: is required"),
        (
            json!({ "answer": {}, "time": 3 }),
            "[1].time: is not a known key",
        ),
        (json!({ "answer": {} }), "[1].answer: is empty"),
        (
            json!({ "answer": { "stauts": 503 } }),
            "[1].answer.stauts: is not a known key",
        ),
        (
            json!({ "answer": { "status": "503" } }),
            "[1].answer.status: ",
        ),
        (
            json!({ "answer": { "status": 100 } }),
            "[1].answer.status: ",
        ),
        (
            json!({ "answer": { "status": 204 } }),
            "[1].answer.status: ",
        ),
        (json!({ "answer": { "cut": "middle" } }), "[1].answer.cut: "),
        (
            json!({ "answer": { "cut": "before", "status": 500 } }),
            "[1].answer.status: ",
        ),
        (
            json!({ "answer": { "body": "x", "code": 1 } }),
            "[1].answer.code: ",
        ),
        (json!({ "answer": { "code": -1 } }), "[1].answer.code: "),
        (
            json!({ "answer": { "subcode": 33 } }),
            "[1].answer.subcode: needs",
        ),
        (
            json!({ "answer": { "headers": { "a": "b" } } }),
            "[1].answer.headers: needs",
        ),
        (
            json!({ "answer": { "code": 1, "headers": { "a b": "" } } }),
            "[1].answer.headers.a b: ",
        ),
        (
            json!({ "answer": { "code": 1, "headers": { "a": 1 } } }),
            "[1].answer.headers.a: ",
        ),
        (
            json!({ "answer": { "code": 1, "headers": { "Content-Length": "1" } } }),
            "[1].answer.headers.Content-Length: ",
        ),
        (
            json!({ "answer": { "code": 1, "is_transient": 1 } }),
            "[1].answer.is_transient: ",
        ),
        (
            json!({ "answer": { "delay_ms": 0 } }),
            "[1].answer.delay_ms: ",
        ),
        (
            json!({ "times": 0, "answer": { "code": 1 } }),
            "[1].times: ",
        ),
        (
            json!({ "for_ms": "5s", "answer": { "code": 1 } }),
            "[1].for_ms: ",
        ),
        (
            json!({ "dataset": 5, "answer": { "code": 1 } }),
            "[1].dataset: ",
        ),
        (
            json!({ "match": {}, "answer": { "code": 1 } }),
            "[1].match: ",
        ),
        (
            json!({ "match": { "event_id": [] }, "answer": { "code": 1 } }),
            "[1].match.event_id: ",
        ),
    ] {
        let reply = server.put_faults(&json!([good, rule])).await;
        let error = reply.json()["error"].as_str().unwrap().to_owned();
        assert_eq!(reply.status, 400, "{rule}");
        assert!(error.starts_with(place), "{rule}: {error}");
    }
    for whole in [json!({}), json!("x")] {
        assert_eq!(server.put_faults(&whole).await.status, 400);
    }
}
