//! What a fault rule answers, and what it counts.

use serde_json::{Value, json};

use crate::client::{POST_JSON, Server};
use crate::samples::*;

async fn under(rule_answer: Value) -> Server {
    let server = Server::strict().await;
    server.fault(json!([{ "answer": rule_answer }])).await;
    server
}

/// `(requests, accepted, refused, events_received)`
fn counts(server: &Server) -> (u64, u64, u64, u64) {
    let stats = server.sandbox.stats();
    (
        stats.requests,
        stats.accepted,
        stats.refused,
        stats.events_received,
    )
}

#[tokio::test]
async fn a_code_gives_metas_envelope() {
    let server = under(json!({
        "status": 400, "code": 100, "subcode": 2_804_019, "headers": { "X-App-Usage": "{}" },
    }))
    .await;
    let reply = server.post_event(&website()).await;
    assert_eq!(reply.error(), (400, 100, 2_804_019));
    assert!(reply.head.contains("x-app-usage: {}"));
    assert_eq!(reply.json()["error"]["is_transient"], false);
    assert_eq!(counts(&server), (1, 0, 1, 0));
}

#[tokio::test]
async fn a_code_alone_comes_with_its_usual_status() {
    for (code, status, transient) in [
        (1, 500, true),
        (2, 503, true),
        (4, 429, true),
        (190, 401, false),
        (298, 403, false),
        (999, 400, false),
    ] {
        let reply = under(json!({ "code": code }))
            .await
            .post_event(&website())
            .await;
        assert_eq!(reply.error(), (status, code, 0));
        assert_eq!(reply.json()["error"]["is_transient"], transient, "{code}");
    }
    let given = json!({ "code": 100, "is_transient": true, "message": "try later" });
    let reply = under(given).await.post_event(&website()).await;
    assert_eq!(reply.json()["error"]["is_transient"], true);
    assert_eq!(reply.message(), "try later");
}

#[tokio::test]
async fn a_status_alone_comes_with_a_code_that_fits_it() {
    for (status, code) in [
        (400, 100),
        (401, 190),
        (403, 200),
        (404, 803),
        (429, 4),
        (500, 1),
        (502, 2),
        (503, 2),
    ] {
        let reply = under(json!({ "status": status }))
            .await
            .post_event(&website())
            .await;
        assert_eq!(reply.error(), (status, code, 0));
    }
    let server = under(json!({ "status": 429, "headers": { "Retry-After": "7" } })).await;
    assert!(
        server
            .post_event(&website())
            .await
            .head
            .contains("retry-after: 7")
    );
}

#[tokio::test]
async fn a_success_made_up_by_a_rule_counts_nothing() {
    let server = under(json!({ "status": 200 })).await;
    let reply = server.post(&json!({ "data": [website(), app()] })).await;
    assert_eq!(
        (reply.status, &reply.json()["events_received"]),
        (200, &json!(2))
    );
    assert_eq!(counts(&server), (1, 0, 1, 0));
}

#[tokio::test]
async fn a_body_is_sent_as_it_stands() {
    let server = under(json!({ "body": "<html>down</html>" })).await;
    let reply = server.post_event(&website()).await;
    assert_eq!(
        (reply.status, reply.body.as_str()),
        (200, "<html>down</html>")
    );
    assert!(reply.head.contains("content-type: text/html"));
    assert_eq!(counts(&server), (1, 0, 1, 0));

    let server = under(json!({
        "status": 502, "body": "{", "headers": { "content-type": "text/plain" },
    }))
    .await;
    let reply = server.post_event(&website()).await;
    assert_eq!((reply.status, reply.body.as_str()), (502, "{"));
    assert_eq!(
        reply.head.matches("content-type").count(),
        1,
        "{}",
        reply.head
    );
    assert!(reply.head.contains("content-type: text/plain"));
}

#[tokio::test]
async fn a_cut_before_sends_nothing_and_counts_nothing() {
    let server = under(json!({ "cut": "before" })).await;
    assert!(
        server
            .try_post(&json!({ "data": [website()] }))
            .await
            .is_none()
    );
    assert_eq!(counts(&server), (1, 0, 0, 0));
    // Only that connection: the next one is served.
    server.fault(json!([])).await;
    assert_eq!(server.post_event(&website()).await.status, 200);
}

#[tokio::test]
async fn a_cut_after_sends_nothing_and_counts_the_events_that_are_valid() {
    let server = under(json!({ "cut": "after" })).await;
    assert!(
        server
            .try_post(&json!({ "data": [website(), app()] }))
            .await
            .is_none()
    );
    assert_eq!(counts(&server), (1, 1, 0, 2));
    assert!(server.try_post(&json!({ "data": [{}] })).await.is_none());
    assert_eq!(counts(&server), (2, 1, 1, 2));
}

#[tokio::test]
async fn a_bare_delay_judges_as_usual() {
    let server = under(json!({ "delay_ms": 1 })).await;
    assert_eq!(server.post_event(&website()).await.status, 200);
    assert_eq!(
        server.post_event(&json!({})).await.error(),
        (400, 100, 2_804_019)
    );
    assert_eq!(counts(&server), (2, 1, 1, 1));
}

#[tokio::test]
async fn a_delayed_request_counts_its_events_only_after_the_delay() {
    let server = under(json!({ "delay_ms": 3_600_000 })).await;
    server
        .send_and_leave(
            POST_JSON,
            json!({ "data": [website()] }).to_string().as_bytes(),
        )
        .await;
    while server.sandbox.stats().requests == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(counts(&server), (1, 0, 0, 0));
}

#[tokio::test]
async fn a_delayed_request_counts_though_the_client_has_left() {
    let server = under(json!({ "delay_ms": 20 })).await;
    server
        .send_and_leave(
            POST_JSON,
            json!({ "data": [website()] }).to_string().as_bytes(),
        )
        .await;
    while server.sandbox.stats().accepted == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(counts(&server), (1, 1, 0, 1));
}

#[tokio::test]
async fn a_delay_may_come_before_another_answer() {
    let server = under(json!({ "delay_ms": 1, "status": 503 })).await;
    assert_eq!(server.post_event(&website()).await.error(), (503, 2, 0));
    assert_eq!(counts(&server), (1, 0, 1, 0));
    let server = under(json!({ "delay_ms": 1, "cut": "after" })).await;
    assert!(
        server
            .try_post(&json!({ "data": [website()] }))
            .await
            .is_none()
    );
    assert_eq!(counts(&server), (1, 1, 0, 1));
}
