//! Every route, and what is none.

use serde_json::{Value, json};

use crate::support::calls::{context, order, without};
use crate::support::http::Request;
use crate::support::meta::{Meta, names_and_ids};
use crate::support::relay::{KEY, Relay, Setup};

/// A custom event for each type of call, named by it.
fn every_type() -> String {
    let subscription = |kind: &str| {
        format!(
            "[[destination.subscription]]
action = \"custom-event\"
trigger = 'type = \"{kind}\"'
mapping = {{ event_name = \"{kind}\" }}\n"
        )
    };
    ["track", "page", "screen", "identify", "group", "alias"]
        .map(subscription)
        .concat()
}

#[test]
fn each_call_has_a_route_and_a_short_form_that_say_its_type() {
    let meta = Meta::up();
    let relay = Relay::with(
        &meta,
        Setup {
            tables: &every_type(),
            ..Setup::default()
        },
    );
    let routes = [
        ("track", ["track", "t"]),
        ("page", ["page", "p"]),
        ("screen", ["screen", "s"]),
        ("identify", ["identify", "i"]),
        ("group", ["group", "g"]),
        ("alias", ["alias", "a"]),
    ];
    let mut expected = Vec::new();
    for (kind, names) in routes {
        for name in names {
            let id = format!("by-{name}");
            let call = json!({"messageId": id, "userId": "u", "event": "x", "context": context()});
            let path = format!("/v1/{name}");
            let response = relay.send(&Request::post(&path, call.to_string()).key(KEY));
            assert_eq!(
                (response.status, response.body.as_str()),
                (200, r#"{"success":true}"#)
            );
            assert_eq!(response.header("content-type"), Some("application/json"));
            expected.push((kind.to_owned(), id));
        }
    }
    expected.sort();
    assert_eq!(names_and_ids(&meta.wait_for(expected.len())), expected);
}

#[test]
fn a_type_of_its_own_wins_over_the_routes() {
    let meta = Meta::up();
    let relay = Relay::with(
        &meta,
        Setup {
            tables: &every_type(),
            ..Setup::default()
        },
    );
    let call = json!({"type": "page", "messageId": "1", "userId": "u", "context": context()});
    relay.send(&Request::post("/v1/track", call.to_string()).key(KEY));
    assert_eq!(meta.wait_for(1)[0]["event_name"], "page");
}

#[test]
fn batches_have_three_routes() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    for name in ["batch", "import", "b"] {
        let body = json!({"batch": [order(&format!("{name}-1")), order(&format!("{name}-2"))]});
        let response =
            relay.send(&Request::post(&format!("/v1/{name}"), body.to_string()).key(KEY));
        assert_eq!(
            (response.status, response.body.as_str()),
            (200, r#"{"success":true}"#)
        );
    }
    let ids: Vec<_> = names_and_ids(&meta.wait_for(6))
        .into_iter()
        .map(|(_, id)| id)
        .collect();
    assert_eq!(
        ids,
        ["b-1", "b-2", "batch-1", "batch-2", "import-1", "import-2"]
    );
}

#[test]
fn in_a_batch_every_event_needs_a_type() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let rejected = &relay.batch(&[without(order("1"), "/type")]).json()["rejected"];
    assert_eq!(rejected[0]["code"], "unknown_type");
    assert_eq!(rejected[0]["field"], "type");
}

#[test]
fn a_clients_own_metrics_are_taken_and_dropped() {
    let meta = Meta::up();
    let mut relay = Relay::start(&meta);
    let metrics = json!({"series": [{"type": "Counter", "metric": "analytics_js.invoke"}]});
    let response = relay.send(&Request::post("/v1/m", metrics.to_string()));
    assert_eq!(
        (response.status, response.body.as_str()),
        (200, r#"{"success":true}"#)
    );
    // An order there would be one more event to forget.
    relay.send(&Request::post("/v1/m", json!({"batch": [order("1")]}).to_string()).key(KEY));
    relay.stop();
    assert_eq!(meta.stats().requests, 0);
}

#[test]
fn what_is_no_route_says_so() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    for path in [
        "/",
        "/v1",
        "/v1/",
        "/v1/tracks",
        "/v2/track",
        "/v1/track/",
        "/V1/TRACK",
    ] {
        let response = relay.send(&Request::post(path, order("1").to_string()).key(KEY));
        assert_eq!(response.status, 404, "{path}");
        assert_eq!(response.json()["code"], "no_such_route", "{path}");
        assert_eq!(
            response.json()["message"],
            "no such route exists; send events to /v1/track, /v1/page, /v1/screen, /v1/identify, /v1/group, /v1/alias or /v1/batch"
        );
    }
    for path in ["/v1/track", "/v1/batch", "/v1/m"] {
        let response = relay.send(&Request::new("GET", path).key(KEY));
        assert_eq!(response.status, 405, "{path}");
        assert_eq!(response.header("allow"), Some("POST"), "{path}");
        assert_eq!(response.json()["success"], Value::Bool(false));
    }
}

#[test]
fn it_says_that_it_lives_and_is_ready() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    for path in ["/health/live", "/health/ready"] {
        assert_eq!(relay.send(&Request::new("GET", path)).status, 200, "{path}");
    }
}

#[test]
fn a_browser_may_send_from_any_page_with_its_authorization() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let preflight = Request::new("OPTIONS", "/v1/t")
        .header("Origin", "https://shop.example")
        .header("Access-Control-Request-Method", "POST")
        .header(
            "Access-Control-Request-Headers",
            "authorization,content-type",
        );
    let response = relay.send(&preflight);
    assert_eq!(response.status, 200);
    assert_eq!(response.header("access-control-allow-origin"), Some("*"));
    assert_eq!(
        response.header("access-control-allow-methods"),
        Some("POST")
    );
    // A `*` would not cover Authorization, so the names themselves come back.
    let allowed = response.header("access-control-allow-headers").unwrap();
    let allowed: Vec<_> = allowed.split(',').map(str::trim).collect();
    assert_eq!(allowed, ["authorization", "content-type"]);

    // Without the header on every answer the page could not read why.
    for (key, status) in [(KEY, 200), ("unknown", 401)] {
        let call = Request::post("/v1/t", order("1").to_string())
            .header("Origin", "https://shop.example")
            .key(key);
        let response = relay.send(&call);
        assert_eq!(response.status, status);
        assert_eq!(response.header("access-control-allow-origin"), Some("*"));
    }
}
