//! The order that the tests change.

use serde_json::{Value, json};

/// An order of somebody whose traits are not told, with `change` made to its properties.
pub(crate) fn with(change: &Value) -> Value {
    let mut event = json!({
        "type": "track",
        "event": "Order Completed",
        "messageId": "m1",
        "timestamp": "2026-03-01T11:59:00Z",
        "userId": "user-97480",
        "context": {
            "ip": "203.0.113.9",
            "userAgent": "Mozilla/5.0",
            "page": {"url": "https://shop.example/thanks"},
        },
        "properties": {
            "order_id": "o-1",
            "currency": "USD",
            "revenue": 39.98,
            "products": [{"product_id": "p1", "quantity": 2, "price": 19.99}],
        },
    });
    for (key, value) in change.as_object().unwrap() {
        event["properties"][key] = value.clone();
    }
    event
}
