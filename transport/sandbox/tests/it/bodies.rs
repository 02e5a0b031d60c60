//! The body forms of curl and of Meta's SDKs, and the places of a token.

use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use crate::client::Server;
use crate::samples::*;

const FORM: &str = "Content-Type: application/x-www-form-urlencoded";

/// The events of an SDK's example: two purchases of a basket.
fn purchases() -> Value {
    json!([
        with(website(), "/event_id", &json!("e-1")),
        with(website(), "/event_id", &json!("e-2"))
    ])
}

async fn accepts_two(head: &str, body: &str) {
    let server = Server::strict().await;
    let reply = server.send(head, body.as_bytes()).await.unwrap();
    assert_eq!(reply.status, 200, "{reply:?}");
    let answer = reply.json();
    assert_eq!(answer["events_received"], 2);
    assert_eq!(answer["messages"], json!([]));
    assert!(answer["fbtrace_id"].as_str().unwrap().starts_with('A'));

    let events = server.get("/_sandbox/events").await.body;
    let lines: Vec<Value> = events
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let expected = purchases();
    assert_eq!(lines.len(), 2);
    for (line, id) in lines.iter().zip(["e-1", "e-2"]) {
        assert_eq!(line["event"]["event_id"], id);
        assert_eq!(line["event"]["user_data"], expected[0]["user_data"]);
        assert_eq!(
            (line["dataset"].as_str(), line["request"].as_u64()),
            (Some("77"), Some(1))
        );
    }
}

#[tokio::test]
async fn json_as_from_the_node_sdk_with_every_optional_parameter_null() {
    let body = json!({
        "data": purchases(), "partner_agent": null, "test_event_code": null,
        "namespace_id": null, "upload_id": null, "upload_tag": null, "upload_source": null,
        "access_token": "TOKEN", "id": "77",
    });
    let head = "POST /v27.0/77/events HTTP/1.1\r\nContent-Type: application/json";
    accepts_two(head, &body.to_string()).await;
}

#[tokio::test]
async fn a_form_as_from_the_python_sdk() {
    let form = Serializer::new(String::new())
        .append_pair("data", &purchases().to_string())
        .append_pair("access_token", "TOKEN")
        .finish();
    accepts_two(&format!("POST /v26.0/77/events HTTP/1.1\r\n{FORM}"), &form).await;
}

#[tokio::test]
async fn a_form_of_encoded_strings_with_the_token_in_the_query() {
    let strings: Vec<String> = purchases()
        .as_array()
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    let form = Serializer::new(String::new())
        .append_pair("data", &json!(strings).to_string())
        .finish();
    let head = format!("POST /v26.0/77/events?access_token=TOKEN HTTP/1.1\r\n{FORM}");
    accepts_two(&head, &form).await;
}

#[tokio::test]
async fn json_of_encoded_strings() {
    let strings: Vec<String> = purchases()
        .as_array()
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    let head = "POST /v26.0/77/events HTTP/1.1\r\nAuthorization: bearer TOKEN";
    accepts_two(head, &json!({ "data": strings }).to_string()).await;
}

#[tokio::test]
async fn a_multipart_form_as_from_curl() {
    let (data, edge) = (purchases(), "--edge");
    let body = format!(
        "{edge}\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\n{data}\r\n\
         {edge}\r\nContent-Disposition: form-data; name=\"access_token\"\r\n\r\nTOKEN\r\n{edge}--\r\n"
    );
    let head = "POST /v26.0/77/events HTTP/1.1\r\n\
                Content-Type: multipart/form-data; boundary=edge";
    accepts_two(head, &body).await;
}

#[tokio::test]
async fn a_large_multipart_form_is_read_whole() {
    let server = Server::strict().await;
    let mut event = website();
    event["custom_data"]["padding"] = json!("x".repeat(4 * 1024 * 1024));
    let body = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\n[{event}]\r\n--edge--\r\n"
    );
    let head = "POST /v26.0/77/events?access_token=T HTTP/1.1\r\n\
                Content-Type: multipart/form-data; boundary=edge";
    assert_eq!(
        server.send(head, body.as_bytes()).await.unwrap().status,
        200
    );
}

#[tokio::test]
async fn bodies_that_cannot_be_read() {
    let server = Server::strict().await;
    let url = "POST /v26.0/1/events?access_token=T HTTP/1.1";
    let multipart = "Content-Type: multipart/form-data; boundary=edge";
    for (head, body) in [
        ("Content-Type: application/json", ""),
        ("Content-Type: application/json", "{\"data\":["),
        ("Content-Type: application/json", "[{}]"),
        ("Content-Type: application/json", "{}"),
        ("Content-Type: application/json", "{\"data\":null}"),
        ("Content-Type: application/json", "{\"data\":{}}"),
        ("Content-Type: application/json", "{\"data\":\"x\"}"),
        ("Content-Type: application/json", "{\"data\":[]}"),
        (FORM, "data=%5B%7B"),
        (FORM, "datum=1"),
        (multipart, "not a form"),
        ("Content-Type: multipart/form-data", "--edge"),
        ("Accept: */*", "data=x"),
    ] {
        let reply = server
            .send(&format!("{url}\r\n{head}"), body.as_bytes())
            .await
            .unwrap();
        assert_eq!(
            reply.error(),
            (400, 100, 0),
            "{head} {body}: {}",
            reply.body
        );
    }
    for body in ["{\"data\":[1]}", "{\"data\":[\"{\"]}", "{\"data\":[[]]}"] {
        let head = format!("{url}\r\nContent-Type: application/json");
        let reply = server.send(&head, body.as_bytes()).await.unwrap();
        assert_eq!(reply.error(), (400, 100, 2_804_019), "{body}");
    }
}

#[tokio::test]
async fn a_batch_holds_one_to_a_thousand_events() {
    let server = Server::strict().await;
    let thousand = vec![website(); 1000];
    let reply = server.post(&json!({ "data": thousand })).await;
    assert_eq!(reply.json()["events_received"], 1000);
    let more = vec![website(); 1001];
    assert_eq!(
        server.post(&json!({ "data": more })).await.error(),
        (400, 100, 0)
    );
    assert_eq!(server.sandbox.stats().events_received, 1000);
}

#[tokio::test]
async fn parameters_beside_the_events() {
    let server = Server::strict().await;
    for (key, good, bad) in [
        ("test_event_code", json!("TEST123"), json!(123)),
        ("partner_agent", json!("shop_1_0"), json!("x".repeat(23))),
        ("partner_agent", json!("ab"), json!("a1")),
        ("namespace_id", json!(5), json!([])),
        ("upload_tag", json!("store 5"), json!({})),
        ("unheard_of", json!({}), json!(null)),
    ] {
        let good = json!({ "data": [website()], key: good });
        assert_eq!(server.post(&good).await.status, 200, "{good}");
        if !bad.is_null() {
            let bad = json!({ "data": [website()], key: bad });
            assert_eq!(server.post(&bad).await.error(), (400, 100, 0), "{bad}");
        }
    }
}
