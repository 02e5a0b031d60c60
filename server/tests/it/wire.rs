//! Requests as published clients sent them to a recording server, replayed with
//! their headers and bodies as they were. Bodies that were compressed are kept
//! readable and compressed here.
//!
//! The recordings are old; their events are of now because each has, or its
//! batch has, the time of its sending.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::support::calls::KIM_LEE;
use crate::support::http::{Request, Response};
use crate::support::meta::{Meta, names_and_ids};
use crate::support::relay::{REGISTRATION, Relay, Setup};

/// The key that the recorded clients were given.
const RECORDED_KEY: &str = "wk_test";

/// SHA-256 of `cust_48213`.
const CUSTOMER: &str = "6ba1c2f62c17853580e1f6bbdfe39dd34cee915a5d40a1a9ca2c20862980110e";

/// SHA-256 of `7a1c9d3e-0b4f-4c11-9a55-2f6de1c0a7b9`.
const ANONYMOUS: &str = "1dab49e2f8ca4395a6862f2b88d577b73427141f2791f91c9c91315a0012ec6c";

/// SHA-256 of `15125550132`.
const PHONE: &str = "472d1039cf093e714decccf3e49c9b6585528eb2218088640f27fc5d2b45c337";

#[derive(Deserialize)]
struct Recording {
    client: String,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: String,
}

macro_rules! recording {
    ($name:literal) => {
        serde_json::from_str::<Recording>(include_str!(concat!("wire/", $name, ".json"))).unwrap()
    };
}

impl Recording {
    fn replay(&self, relay: &Relay) -> Response {
        let mut request = Request::new(&self.method, &self.path).body(self.body.clone());
        for (name, value) in &self.headers {
            if name.eq_ignore_ascii_case("content-encoding") {
                assert_eq!(value, "gzip");
                request = request.gzipped();
            } else {
                request = request.header(name, value);
            }
        }
        relay.send(&request)
    }

    /// The calls in its body.
    fn calls(&self) -> Vec<Value> {
        let mut body: Value = serde_json::from_str(&self.body).unwrap();
        match body.get_mut("batch").map(Value::take) {
            Some(Value::Array(calls)) => calls,
            _ => vec![body],
        }
    }

    /// What Meta is to get of it.
    fn expected(&self) -> Vec<(String, String)> {
        let expected = |call: &Value| {
            let name = match (call["type"].as_str(), call["event"].as_str()) {
                (Some("page"), _) => "PageView",
                (Some("identify"), _) => "CompleteRegistration",
                (_, Some("Products Searched")) => "Search",
                (_, Some("Product Viewed")) => "ViewContent",
                (_, Some("Product Added")) => "AddToCart",
                (_, Some("Checkout Started")) => "InitiateCheckout",
                (_, Some("Order Completed")) => "Purchase",
                other => panic!("{}: {other:?}", self.client),
            };
            (
                name.to_owned(),
                call["messageId"].as_str().unwrap().to_owned(),
            )
        };
        let mut expected: Vec<_> = self.calls().iter().map(expected).collect();
        expected.sort();
        expected
    }
}

fn start(meta: &Meta) -> Relay {
    let source = format!("[[source]]\nname = \"old\"\nwrite_key = \"{RECORDED_KEY}\"\n");
    let tables = [REGISTRATION.tables, "\n\n", &source].concat();
    Relay::with(
        meta,
        Setup {
            tables: &tables,
            ..REGISTRATION
        },
    )
}

/// Replays `recordings` one after the other and checks what Meta gets of them.
fn check(recordings: &[Recording]) -> Vec<Value> {
    let meta = Meta::up();
    let mut relay = start(&meta);
    let started = Timestamp::now().as_second();
    for recording in recordings {
        let response = recording.replay(&relay);
        let reported = (response.status, response.body.as_str());
        assert_eq!(
            reported,
            (200, r#"{"success":true}"#),
            "{}",
            recording.client
        );
    }
    let mut expected: Vec<_> = recordings.iter().flat_map(Recording::expected).collect();
    expected.sort();
    expected.dedup();
    meta.wait_for(expected.len());
    assert!(relay.stop().success());
    let events = meta.events();
    assert_eq!(names_and_ids(&events), expected);
    let stats = meta.stats();
    assert_eq!((stats.refused, stats.duplicates), (0, 0));
    let now = Timestamp::now().as_second();
    for event in &events {
        let time = event["event_time"].as_i64().unwrap();
        assert!((started - 5..=now).contains(&time), "{event}");
        assert_eq!(event["user_data"]["em"], json!([KIM_LEE]), "{event}");
        assert_eq!(event["action_source"], "website");
        assert_eq!(
            event["event_source_url"],
            "https://shop.example/checkout/thanks"
        );
    }
    events
}

fn named<'e>(events: &'e [Value], name: &str) -> &'e Value {
    events
        .iter()
        .find(|event| event["event_name"] == name)
        .unwrap_or_else(|| panic!("no {name}"))
}

/// The recorded shop's order, whichever client sent it.
fn assert_order(events: &[Value]) {
    let order = named(events, "Purchase");
    let data = &order["custom_data"];
    assert_eq!(data["value"], 121.25);
    assert_eq!(data["currency"], "USD");
    let item = |id: &str, price: Value, quantity: u32| json!({"id": id, "item_price": price, "quantity": quantity});
    let contents = [
        item("sku-101", json!(45.5), 1),
        item("sku-202", json!(12.25), 3),
        item("sku-303", json!(39), 1),
    ];
    assert_eq!(data["contents"], json!(contents));
    let user = &order["user_data"];
    assert_eq!(user["external_id"], json!([CUSTOMER]));
    assert_eq!(user["fbp"], "fb.1.1765432100000.1098115397");
}

/// The rest of the recorded visit, whichever client sent it.
fn assert_visit(events: &[Value]) {
    let checkout = &named(events, "InitiateCheckout")["custom_data"];
    assert_eq!(checkout["contents"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&checkout["value"], &checkout["currency"]),
        (&json!(121.25), &json!("USD"))
    );
    for name in ["ViewContent", "AddToCart"] {
        let data = &named(events, name)["custom_data"];
        assert_eq!(
            (&data["value"], &data["currency"]),
            (&json!(45.5), &json!("USD")),
            "{name}"
        );
        assert_eq!(data["contents"][0]["id"], "sku-101", "{name}");
    }
    assert_eq!(
        named(events, "Search")["custom_data"]["search_string"],
        "mug \"größe\""
    );
    assert_order(events);
}

#[test]
fn segments_node_client() {
    let events = check(&[recording!("segment-node")]);
    assert_visit(&events);
    for event in &events {
        assert_eq!(event["user_data"]["client_ip_address"], "203.0.113.44");
        assert_eq!(event["user_data"]["ph"], json!([PHONE]));
    }
}

#[test]
fn segments_node_client_that_sends_again_after_a_503() {
    let again = [
        recording!("segment-node-before-retry"),
        recording!("segment-node-retry"),
    ];
    assert!(
        again[1]
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("x-retry-count"))
    );
    assert_eq!(again[0].expected(), again[1].expected());
    assert_visit(&check(&again));
}

#[test]
fn segments_python_client_with_gzip() {
    assert_visit(&check(&[recording!("segment-python-gzip")]));
}

#[test]
fn segments_browser_library_with_single_calls() {
    let events = check(&[
        recording!("analytics-next-page"),
        recording!("analytics-next-view"),
        recording!("analytics-next-order"),
    ]);
    assert_order(&events);
    // The browser does not know its address; it is the peer's, which is this machine's.
    for event in &events {
        assert_eq!(event["user_data"]["client_ip_address"], Value::Null);
    }
    // Nobody had said yet who this is.
    let visitor = &named(&events, "PageView")["user_data"]["external_id"];
    assert_eq!(visitor, &json!([ANONYMOUS]));
}

#[test]
fn segments_browser_library_with_batches() {
    assert_visit(&check(&[recording!("analytics-next-batching")]));
}

#[test]
fn rudderstacks_node_client_with_gzip_under_the_name_of_a_form() {
    let recordings = [
        recording!("rudder-node-first"),
        recording!("rudder-node-second"),
    ];
    for recording in &recordings {
        let form = "application/x-www-form-urlencoded";
        assert!(recording.headers.iter().any(|(_, value)| value == form));
    }
    assert_visit(&check(&recordings));
}

#[test]
fn rudderstacks_python_client() {
    assert_visit(&check(&[recording!("rudder-python")]));
}
