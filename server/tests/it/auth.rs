//! Who may send.

use serde_json::{Value, json};

use crate::support::calls::{order, with};
use crate::support::http::{Request, basic};
use crate::support::meta::{Meta, names_and_ids};
use crate::support::relay::{KEY, Relay, Setup};

fn batch(calls: &[Value], key: Option<&str>) -> String {
    let mut body = json!({ "batch": calls });
    if let Some(key) = key {
        body["writeKey"] = json!(key);
    }
    body.to_string()
}

#[test]
fn the_key_comes_as_the_user_name_or_in_the_body() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let in_event = with(order("in-event"), "/writeKey", json!(KEY));
    let padless = basic(KEY.as_bytes()).trim_end_matches('=').to_owned();
    let requests = [
        Request::post("/v1/track", order("in-header").to_string()).key(KEY),
        Request::post("/v1/track", in_event.to_string()),
        Request::post("/v1/batch", batch(&[order("in-batch")], Some(KEY))),
        Request::post("/v1/track", order("padless").to_string()).header("Authorization", &padless),
        // The browser library sends an empty user name when it has no key.
        Request::post("/v1/batch", batch(&[order("empty-user")], Some(KEY))).key(""),
        Request::post("/v1/batch", batch(&[order("bearer")], Some(KEY)))
            .header("Authorization", "Bearer something-else"),
    ];
    for request in &requests {
        let response = relay.send(request);
        assert_eq!(response.status, 200, "{response:?}");
    }
    let ids: Vec<_> = names_and_ids(&meta.wait_for(6))
        .into_iter()
        .map(|(_, id)| id)
        .collect();
    assert_eq!(
        ids,
        [
            "bearer",
            "empty-user",
            "in-batch",
            "in-event",
            "in-header",
            "padless"
        ]
    );
}

#[test]
fn without_a_known_key_nothing_is_taken() {
    let meta = Meta::up();
    let mut relay = Relay::start(&meta);
    let one = || Request::post("/v1/track", order("1").to_string());
    let wrong_in_event = with(order("1"), "/writeKey", json!("wrong"));
    let number_in_event = with(order("1"), "/writeKey", json!(17));
    let requests = [
        one(),
        one().key("wrong"),
        one().key(&KEY.to_uppercase()),
        one().key(&format!("{KEY} ")),
        one().header("Authorization", "Basic ***"),
        one().header("Authorization", &format!("Bearer {KEY}")),
        one().header("Authorization", &basic(b"\xff\xfe\x00")),
        Request::post("/v1/track", wrong_in_event.to_string()),
        Request::post("/v1/track", number_in_event.to_string()),
        Request::post("/v1/batch", batch(&[order("1")], None)),
        Request::post("/v1/batch", batch(&[order("1")], Some("wrong"))),
        // A key in the header is the one that counts.
        Request::post("/v1/batch", batch(&[order("1")], Some(KEY))).key("wrong"),
        // In a batch an event's own key is not asked for.
        Request::post(
            "/v1/batch",
            batch(&[with(order("1"), "/writeKey", json!(KEY))], None),
        ),
    ];
    for (place, request) in requests.iter().enumerate() {
        let response = relay.send(request);
        assert_eq!(response.status, 401, "request {place}: {response:?}");
        assert_eq!(response.json()["code"], "unknown_write_key");
        assert_eq!(response.json()["success"], false);
        assert!(response.header("www-authenticate").is_some());
        assert!(!response.body.contains("wrong"), "{response:?}");
    }
    relay.stop();
    assert_eq!(meta.stats().requests, 0);
}

#[test]
fn a_source_reaches_the_destinations_that_take_it() {
    let meta = Meta::up();
    let setup = Setup {
        destination: "sources = [\"shop\"]",
        tables: "[[source]]\nname = \"app\"\nwrite_key = \"wk_app-77\"",
        ..Setup::default()
    };
    let mut relay = Relay::with(&meta, setup);
    for (id, key) in [("of-app", "wk_app-77"), ("of-shop", KEY)] {
        let response = relay.send(&Request::post("/v1/track", order(id).to_string()).key(key));
        assert_eq!(response.body, r#"{"success":true}"#);
    }
    meta.wait_for_id("of-shop");
    relay.stop();
    assert_eq!(
        names_and_ids(&meta.events()),
        [("Purchase".to_owned(), "of-shop".to_owned())]
    );
}
