//! Calls that are wrong on purpose: one of every kind that is rejected.

use capi_core::rejection::Code;
use serde_json::Value;

use super::visit::{Call, Expect, Visit};

/// The code that an order is rejected with, and what of it is made wrong: where
/// it is, and the JSON text that is there instead.
type Fault = (Code, &'static [(&'static str, &'static str)]);

const FAULTS: &[Fault] = &[
    (Code::MissingField, &[("properties.currency", "null")]),
    (
        // The total would stand in for the revenue.
        Code::InvalidType,
        &[
            ("properties.revenue", "\"a lot\""),
            ("properties.total", "null"),
        ],
    ),
    (
        Code::InvalidChoice,
        &[("properties.action_source", "\"billboard\"")],
    ),
    (
        Code::InvalidCurrency,
        &[("properties.currency", "\"doubloons\"")],
    ),
    (Code::InvalidEventTime, &[("timestamp", "\"yesterday\"")]),
    (Code::MissingUserAgent, &[("context.userAgent", "null")]),
    (Code::MissingUrl, &[("context.page", "null")]),
    (Code::InvalidUrl, &[("context.page.url", "\"app://cart\"")]),
    (
        Code::EventTooOld,
        &[("timestamp", "\"2020-02-29T12:00:00Z\"")],
    ),
    (
        Code::EventInFuture,
        &[("timestamp", "\"2200-01-01T00:00:00Z\"")],
    ),
    (Code::UnknownType, &[("type", "\"purchase\"")]),
    (
        // What is left is a city and a user agent: half a town.
        Code::InsufficientUserData,
        &[
            ("userId", "null"),
            ("anonymousId", "null"),
            ("context.ip", "\"not an address\""),
            ("context.traits", "{\"address\":{\"city\":\"Austin\"}}"),
            ("properties.fbp", "null"),
        ],
    ),
    (
        // The subscription reads the name of a field from the event, and this is none.
        Code::MappingFailed,
        &[
            ("event", "\"Coupon Shown\""),
            ("properties.coupon_field", "5"),
        ],
    ),
    (Code::EventTooLarge, &[("properties.note", TOO_LONG)]),
    (Code::MalformedEvent, &[("event", HALF)]),
];

/// Stands for a text beyond what an event may hold.
const TOO_LONG: &str = "\"(33,000 characters)\"";

/// Stands for half a character: well-formed JSON that cannot be held, and that
/// our own JSON types cannot either.
const HALF: &str = "\"(half a character)\"";

/// The wrong call whose turn it is.
pub(super) fn call(visit: &mut Visit, turn: u32) -> Call {
    let (code, faults) = FAULTS[turn as usize % FAULTS.len()];
    let order = visit.order();
    let mut event = visit.track("Order Completed", &order);
    for (path, text) in faults {
        let place = path
            .split('.')
            .fold(&mut event, |value, key| &mut value[key]);
        *place = serde_json::from_str(text).unwrap_or(Value::Null);
    }
    let mut call = visit.call(&event, Expect::Rejected(code.as_str()));
    call.text = call
        .text
        .replace(TOO_LONG, &format!("\"{}\"", "x".repeat(33_000)));
    call.text = call.text.replace(HALF, r#""\ud83d""#);
    call
}

#[cfg(test)]
mod tests {
    use capi_core::rules::{Effect, Entry};

    use super::*;

    #[test]
    fn every_code_that_rejects_has_its_fault() {
        // These are about credit that is added to events, test codes and ids of more than
        // one event, and a shop has none of them.
        let elsewhere = [
            Code::OutOfRange,
            Code::TouchpointAfterEvent,
            Code::OriginalTooOld,
            Code::OriginalLater,
            Code::TooManyTestCodes,
            Code::DifferingDuplicate,
        ];
        for code in Code::ALL {
            let rejects = matches!(
                Entry::from(*code).outcome,
                Effect::Rejects | Effect::RejectsWhereRequired | Effect::RejectsWebsite
            );
            let shown = FAULTS.iter().any(|(fault, _)| fault == code);
            assert_eq!(shown, rejects && !elsewhere.contains(code), "{code:?}");
        }
    }
}
