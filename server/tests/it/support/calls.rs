//! Calls as Segment's clients make them.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// The context of a website visit with everything in it.
pub(crate) fn context() -> Value {
    json!({
        "ip": "203.0.113.44",
        "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0",
        "page": {"url": "https://shop.example/thanks", "path": "/thanks"},
        "traits": {"email": "Kim.Lee@Example.com", "phone": "+1 (512) 555-0132"},
    })
}

/// SHA-256 of `kim.lee@example.com`.
pub(crate) const KIM_LEE: &str = "73574c6f68d4a0e8cee58ba32cb2299fcdd44013a41f9ce7aa487d90afdbd6ea";

/// The present, moved by `seconds`, as clients write it.
pub(crate) fn at(seconds: i64) -> String {
    format!(
        "{:.3}",
        Timestamp::now() + SignedDuration::from_secs(seconds)
    )
}

/// A track call of a customer on the website.
pub(crate) fn track(event: &str, id: &str, properties: &Value) -> Value {
    json!({
        "type": "track", "event": event, "messageId": id, "userId": "cust_48213",
        "timestamp": at(0), "properties": properties, "context": context(),
    })
}

/// An order that becomes a Purchase.
pub(crate) fn order(id: &str) -> Value {
    track(
        "Order Completed",
        id,
        &json!({
            "order_id": "ORD-50314", "revenue": 121.25, "currency": "USD",
            "products": [
                {"product_id": "sku-101", "price": 45.5, "quantity": 1},
                {"product_id": "sku-202", "price": 12.25, "quantity": 3},
            ],
        }),
    )
}

/// `call` without what is at `pointer`.
pub(crate) fn without(mut call: Value, pointer: &str) -> Value {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = call.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    assert!(parent.remove(key).is_some(), "nothing at {pointer}");
    call
}

/// `call` with `value` at `pointer`.
pub(crate) fn with(mut call: Value, pointer: &str, value: Value) -> Value {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    call.pointer_mut(parent).unwrap()[key] = value;
    call
}

/// Seven calls of a visit of the shop, with the names that Meta gets.
pub(crate) fn seven() -> [(&'static str, Value); 7] {
    let product = json!({
        "product_id": "sku-101", "name": "Linen Shirt", "category": "Apparel",
        "price": 45.5, "quantity": 2, "currency": "USD",
    });
    let products = json!({
        "revenue": 91, "currency": "USD",
        "products": [{"product_id": "sku-101", "price": 45.5, "quantity": 2}],
    });
    let call = |kind: &str, id: &str| {
        json!({
            "type": kind, "messageId": id, "userId": "cust_48213",
            "timestamp": at(0), "context": context(),
        })
    };
    [
        ("PageView", call("page", "seven-page")),
        ("CompleteRegistration", call("identify", "seven-identify")),
        (
            "Search",
            track(
                "Products Searched",
                "seven-search",
                &json!({"query": "mug größe"}),
            ),
        ),
        (
            "ViewContent",
            track("Product Viewed", "seven-view", &product),
        ),
        ("AddToCart", track("Product Added", "seven-add", &product)),
        (
            "InitiateCheckout",
            track("Checkout Started", "seven-checkout", &products),
        ),
        ("Purchase", order("seven-order")),
    ]
}
