//! Calls that are wrong on purpose: one of every kind that is rejected.

use capi_core::rejection::Code;
use serde_json::{Value, json};

use super::shop::{Call, Expect, Visit};

/// What makes an order wrong, and the code that says so.
type Fault = (Code, fn(&mut Value));

const FAULTS: &[Fault] = &[
    (Code::MissingField, |order| {
        order["properties"]["currency"] = Value::Null
    }),
    (Code::InvalidType, |order| {
        order["properties"]["revenue"] = json!("a lot")
    }),
    (Code::InvalidChoice, |order| {
        order["properties"]["action_source"] = json!("billboard")
    }),
    (Code::InvalidCurrency, |order| {
        order["properties"]["currency"] = json!("doubloons")
    }),
    (Code::InvalidEventTime, |order| {
        order["timestamp"] = json!("yesterday")
    }),
    (Code::MissingUserAgent, |order| {
        order["context"]["userAgent"] = Value::Null
    }),
    (Code::MissingUrl, |order| {
        order["context"]["page"] = Value::Null
    }),
    (Code::InvalidUrl, |order| {
        order["context"]["page"]["url"] = json!("app://cart")
    }),
    (Code::EventTooOld, |order| {
        order["timestamp"] = json!("2020-02-29T12:00:00Z")
    }),
    (Code::EventInFuture, |order| {
        order["timestamp"] = json!("2200-01-01T00:00:00Z")
    }),
    (Code::UnknownType, |order| order["type"] = json!("purchase")),
    (Code::InsufficientUserData, |order| {
        // A city and a user agent: half a town.
        order["userId"] = Value::Null;
        order["anonymousId"] = Value::Null;
        order["context"]["ip"] = json!("not an address");
        order["context"]["traits"] = json!({ "address": { "city": "Austin" } });
        order["properties"]["fbp"] = Value::Null;
    }),
    (Code::MappingFailed, |order| {
        // The subscription reads the name of a field from the event.
        order["event"] = json!("Coupon Shown");
        order["properties"]["coupon_field"] = json!(5);
    }),
    (Code::EventTooLarge, |order| {
        order["properties"]["note"] = json!("x".repeat(33_000))
    }),
    (Code::MalformedEvent, |_| {}),
];

/// The wrong call whose turn it is.
pub(super) fn call(visit: &mut Visit, turn: u32) -> Call {
    let (code, spoil) = FAULTS[turn as usize % FAULTS.len()];
    let order = visit.order();
    let mut event = visit.track("Order Completed", order);
    spoil(&mut event);
    let mut call = visit.call(&event, Expect::Rejected(code.as_str()));
    if code == Code::MalformedEvent {
        // Well-formed JSON that names half a character: it cannot be held.
        call.text = call
            .text
            .replace("\"Order Completed\"", r#""Order \ud83d""#);
    }
    call
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_that_rejects_has_its_fault() {
        // The others go along with an event that is sent.
        let warnings = [
            Code::UnknownKey,
            Code::ContentsItemWithoutId,
            Code::UnusableIdentifier,
            Code::InvalidIpAddress,
            Code::InvalidClickId,
            Code::InvalidBrowserId,
            Code::InvalidLeadId,
            Code::ValueWithoutCurrency,
            Code::MissingAppData,
        ];
        for code in Code::ALL {
            let shown = FAULTS.iter().any(|(fault, _)| fault == code);
            assert_ne!(shown, warnings.contains(code), "{code:?}");
        }
    }
}
