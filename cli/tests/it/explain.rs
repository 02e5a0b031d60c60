//! `capi explain`.

mod conversion;
mod masking;
mod match_quality;
mod output;
mod routing;

use std::process::Output;

use serde_json::{Value, json};

use super::{Configured, META, NOW, capi, order, stderr, stdout};

fn explain(config: Option<&str>, more: &[&str], input: &str) -> Output {
    let configured = config.map(Configured::new);
    let path = configured.as_ref().map(Configured::path);
    let mut arguments = vec!["explain", "--now", NOW];
    if let Some(path) = &path {
        arguments.extend(["--config", path]);
    }
    arguments.extend(more);
    capi(&arguments, input)
}

fn json_of(config: Option<&str>, more: &[&str], event: &Value) -> (Value, Option<i32>) {
    let output = explain(config, &[&["--json"], more].concat(), &event.to_string());
    let value = serde_json::from_str(&stdout(&output)).expect("one JSON value");
    (value, output.status.code())
}

/// What a destination makes of an event with the subscription to `action`.
fn conversion<'v>(explained: &'v Value, action: &str) -> &'v Value {
    let subscriptions = explained["destinations"][0]["subscriptions"]
        .as_array()
        .unwrap();
    let of = subscriptions.iter().find(|of| of["action"] == action);
    &of.unwrap()["conversion"]
}

fn field<'v>(conversion: &'v Value, name: &str) -> &'v Value {
    let fields = conversion["fields"].as_array().unwrap();
    fields.iter().find(|field| field["field"] == name).unwrap()
}

fn check<'v>(conversion: &'v Value, code: &str) -> &'v Value {
    let checks = conversion["checks"].as_array().unwrap();
    checks.iter().find(|check| check["code"] == code).unwrap()
}

/// [`META`] with one subscription to `action`, and lines for it.
fn subscribed(action: &str, more: &str) -> String {
    format!("{META}[[destination.subscription]]\naction = \"{action}\"\n{more}\n")
}

/// The order of a person whose values are long enough to be looked for, with `x` among
/// its properties.
fn order_of_janette(x: &Value) -> Value {
    json!({
        "type": "track", "event": "Order Completed", "messageId": "m1",
        "timestamp": "2026-11-24T05:14:51Z", "userId": "cust_48213",
        "context": {
            "ip": "203.0.113.44.AQQCAQIB", "userAgent": "Mozilla/5.0",
            "fbp": "fb.1.1795000000000.998877665544",
            "page": {"url": "https://shop.example/p"},
            "traits": {
                "email": "jane.roe@mail.example", "phone": "+1 512 555 0132",
                "firstName": "Janette", "lastName": "Roeblock", "birthday": "1990-02-03",
                "address": {"street": "12 Secret Lane", "city": "Austinville",
                            "postalCode": "78701", "country": "US"},
            },
        },
        "properties": {"currency": "EUR", "revenue": 30, "order_id": "o1", "x": x},
    })
}
