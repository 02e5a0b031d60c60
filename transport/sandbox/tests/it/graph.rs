//! Paths, methods, tokens and datasets.

use capi_sandbox::Options;
use serde_json::{Value, json};

use crate::client::Server;
use crate::samples::*;

fn body() -> Vec<u8> {
    json!({ "data": [website()] }).to_string().into_bytes()
}

#[tokio::test]
async fn tokens() {
    let any = Server::strict().await;
    let one = Server::start(Options {
        token: Some("LIVE".to_owned()),
        ..Options::default()
    })
    .await;
    let bearer =
        |token: &str| format!("POST /v26.0/1/events HTTP/1.1\r\nAuthorization: Bearer {token}");
    let none = "POST /v26.0/1/events HTTP/1.1";
    let empty = "POST /v26.0/1/events?access_token= HTTP/1.1";
    for server in [&any, &one] {
        for head in [none, empty] {
            assert_eq!(
                server.send(head, &body()).await.unwrap().error(),
                (401, 190, 0)
            );
        }
        assert_eq!(
            server.send(&bearer("LIVE"), &body()).await.unwrap().status,
            200
        );
    }
    assert_eq!(
        any.send(&bearer("DEAD"), &body()).await.unwrap().status,
        200
    );
    assert_eq!(
        one.send(&bearer("DEAD"), &body()).await.unwrap().error(),
        (401, 190, 0)
    );
    let query = "POST /v26.0/1/events?access_token=LIVE HTTP/1.1";
    assert_eq!(one.send(query, &body()).await.unwrap().status, 200);
    let in_body = json!({ "data": [website()], "access_token": "LIVE" }).to_string();
    assert_eq!(
        one.send(none, in_body.as_bytes()).await.unwrap().status,
        200
    );
}

#[tokio::test]
async fn a_probe_tells_a_live_token_from_a_dead_one() {
    let server = Server::start(Options {
        token: Some("TOKEN".to_owned()),
        ..Options::default()
    });
    let server = server.await;
    let reply = server.post(&json!({ "data": [{}] })).await;
    assert_eq!(reply.error(), (400, 100, 2_804_019));
    assert!(reply.message().contains("event_name is required"));
    let dead = "POST /v26.0/1/events?access_token=DEAD HTTP/1.1";
    assert_eq!(
        server.send(dead, b"{\"data\":[{}]}").await.unwrap().error(),
        (401, 190, 0)
    );
}

#[tokio::test]
async fn datasets() {
    let datasets = Some(vec!["1".to_owned(), "2".to_owned()]);
    let server = Server::start(Options {
        datasets,
        ..Options::default()
    })
    .await;
    for (dataset, expected) in [
        ("1", (200, 0, 0)),
        ("2", (200, 0, 0)),
        ("3", (400, 100, 33)),
    ] {
        let head = format!("POST /v26.0/{dataset}/events?access_token=T HTTP/1.1");
        assert_eq!(
            server.send(&head, &body()).await.unwrap().error(),
            expected,
            "{dataset}"
        );
    }
}

#[tokio::test]
async fn paths_and_methods() {
    let server = Server::strict().await;
    for (line, expected) in [
        ("POST /1/events", (400, 2500, 0)),
        ("POST /vx/1/events", (400, 2500, 0)),
        ("POST /v25/1/events", (400, 2500, 0)),
        ("POST /v24.0/1/events", (400, 2635, 0)),
        ("POST /v3.2/1/events", (400, 2635, 0)),
        ("POST /v26.0/events", (400, 2500, 0)),
        ("POST /v26.0/1/activities", (400, 2500, 0)),
        ("GET /", (400, 2500, 0)),
        ("GET /v26.0/1", (400, 2500, 0)),
        ("GET /v26.0/1/events", (400, 100, 33)),
        ("DELETE /v26.0/1/events", (400, 100, 33)),
    ] {
        let reply = server
            .send(&format!("{line} HTTP/1.1"), &body())
            .await
            .unwrap();
        assert_eq!(reply.error(), expected, "{line}");
    }
    let get = server.get("/v26.0/1/events?access_token=T").await;
    assert!(
        get.message().starts_with("Unsupported get request"),
        "{}",
        get.body
    );
    assert_eq!(get.json()["error"]["type"], "GraphMethodException");
    assert_eq!(server.sandbox.stats().refused, 12);
}

#[tokio::test]
async fn the_envelope_is_metas() {
    let server = Server::strict().await;
    let reply = server
        .post_event(&with(website(), "/custom_data/value", &Value::Null))
        .await;
    assert!(
        reply.head.contains("content-type: application/json"),
        "{}",
        reply.head
    );
    let error = &reply.json()["error"];
    let keys: Vec<&str> = error
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        keys,
        [
            "code",
            "error_subcode",
            "error_user_msg",
            "error_user_title",
            "fbtrace_id",
            "is_transient",
            "message",
            "type"
        ]
    );
    assert_eq!(error["type"], "OAuthException");
    assert_eq!(error["is_transient"], false);
    assert_eq!(
        error["error_user_title"],
        "Missing Value for Purchase Event"
    );
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused() {
    let server = Server::strict().await;
    // The client may see a reset instead, as it is still sending.
    let body = vec![b'x'; 17 * 1024 * 1024];
    let head = "POST /v26.0/1/events?access_token=T HTTP/1.1\r\nContent-Type: application/json";
    if let Some(reply) = server.send(head, &body).await {
        assert_eq!(reply.status, 413);
    }
    assert_eq!(server.sandbox.stats().accepted, 0);
    assert_eq!(server.sandbox.stats().refused, 1);
}
