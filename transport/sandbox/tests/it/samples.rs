//! Good events, one of each kind, to be broken one rule at a time.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

pub(crate) const EMAIL: &str = "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f";
pub(crate) const DAY: i64 = 86_400;

pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

pub(crate) fn website() -> Value {
    json!({
        "event_name": "Purchase",
        "event_time": now(),
        "event_id": "order-123",
        "action_source": "website",
        "event_source_url": "https://shop.example/checkout/done",
        "user_data": {
            "em": [EMAIL],
            "client_ip_address": "2001:db8::1",
            "client_user_agent": "Mozilla/5.0",
            "fbp": "fb.1.1596403881668.1116446470",
        },
        "custom_data": {
            "currency": "USD",
            "value": 100.2,
            "order_id": "123",
            "contents": [{ "id": "sku1", "quantity": 1, "item_price": 100.2 }],
            "anything": { "else": [1, 2] },
        },
    })
}

pub(crate) fn in_store() -> Value {
    json!({
        "event_name": "Lead",
        "event_time": now() - 61 * DAY,
        "action_source": "physical_store",
        "user_data": { "em": EMAIL },
    })
}

pub(crate) fn app() -> Value {
    json!({
        "event_name": "MobileAppInstall",
        "event_time": now(),
        "action_source": "app",
        "user_data": { "madid": "38400000-8cf0-11bd-b23e-10b96e40000d" },
        "app_data": {
            "advertiser_tracking_enabled": 1,
            "application_tracking_enabled": true,
            "extinfo": [
                "i2", "com.some.app", "1.0", "1.0 long", "13.4.1", "iPhone5,1", "en_US", "PDT",
                "AT&T", 320, 568, "2", 2, "13", "8", "USA/New York",
            ],
        },
    })
}

pub(crate) fn crm() -> Value {
    json!({
        "event_name": "Qualified by sales",
        "event_time": now(),
        "action_source": "system_generated",
        "user_data": { "lead_id": 1_234_567_890_123_456_u64 },
        "custom_data": { "event_source": "crm", "lead_event_source": "A CRM" },
    })
}

pub(crate) fn messenger() -> Value {
    json!({
        "event_name": "LeadSubmitted",
        "event_time": now(),
        "action_source": "business_messaging",
        "messaging_channel": "messenger",
        "user_data": { "page_id": "123", "page_scoped_user_id": "456" },
    })
}

pub(crate) fn whatsapp() -> Value {
    json!({
        "event_name": "Purchase",
        "event_time": now(),
        "action_source": "business_messaging",
        "messaging_channel": "whatsapp",
        "user_data": { "whatsapp_business_account_id": "123", "ctwa_clid": "ARAkLk" },
        "custom_data": { "currency": "usd", "value": "142.52" },
    })
}

pub(crate) fn instagram() -> Value {
    json!({
        "event_name": "ViewContent",
        "event_time": now(),
        "action_source": "business_messaging",
        "messaging_channel": "instagram",
        "user_data": { "ig_account_id": "123", "ig_sid": "456" },
    })
}

/// `event` with the value at a JSON pointer set, or removed if it is null.
pub(crate) fn with(mut event: Value, pointer: &str, value: &Value) -> Value {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = event
        .pointer_mut(parent)
        .unwrap_or_else(|| panic!("nothing at {pointer}"));
    match parent {
        Value::Array(items) => items[key.parse::<usize>().unwrap()] = value.clone(),
        Value::Object(fields) if value.is_null() => drop(fields.remove(key)),
        Value::Object(fields) => drop(fields.insert(key.to_owned(), value.clone())),
        other => panic!("no place in {other}"),
    }
    event
}
