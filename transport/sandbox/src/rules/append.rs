//! Events that add to another: `AppendValue`, what a customer is expected to be worth,
//! and `AppendAttribution`, the credit for a conversion.

use serde_json::Value;

use super::shape::mistyped;
use super::{Context, Fields, Path, present};
use crate::api_error::ApiError;

/// Meta, Predicted lifetime value: the original event's name, and its id or its order's;
/// the value, above 0, and its currency; the event later than the original one. Meta,
/// Append attribution: the original event's name and time, and the currency. What is said
/// to a missing one is not known: it is taken for that of any required parameter.
pub(crate) fn check(event: &Fields, path: &Path<'_>, context: Context) -> Result<(), ApiError> {
    let is_value = match event.get("event_name").and_then(Value::as_str) {
        Some("AppendValue") => true,
        Some("AppendAttribution") => false,
        _ => return Ok(()),
    };
    if context.lenient {
        return Ok(());
    }
    let none = Fields::new();
    let object = |key: &str| event.get(key).and_then(Value::as_object).unwrap_or(&none);
    let original = object("original_event_data");
    let path_of_original = path.key("original_event_data");
    let custom = object("custom_data");
    let path_of_custom = path.key("custom_data");
    if original.is_empty() {
        return Err(ApiError::required(&path_of_original));
    }
    if present(original, "event_name").is_none() {
        return Err(ApiError::required(&path_of_original.key("event_name")));
    }
    if present(custom, "currency").is_none() {
        return Err(ApiError::required(&path_of_custom.key("currency")));
    }
    if !is_value {
        return match present(original, "event_time") {
            None => Err(ApiError::required(&path_of_original.key("event_time"))),
            Some(_) => Ok(()),
        };
    }
    if present(original, "event_id").is_none() && present(original, "order_id").is_none() {
        return Err(ApiError::required(&path_of_original.key("event_id")));
    }
    match present(custom, "predicted_ltv") {
        None => return Err(ApiError::required(&path_of_custom.key("predicted_ltv"))),
        Some(value) if value.as_f64().is_some_and(|value| value <= 0.0) => {
            return Err(mistyped(&path_of_custom.key("predicted_ltv"), "above 0"));
        }
        Some(_) => {}
    }
    let time = |fields: &Fields| fields.get("event_time").and_then(Value::as_i64);
    match (time(original), time(event)) {
        (Some(first), Some(second)) if first >= second => Err(mistyped(
            &path_of_original.key("event_time"),
            "earlier than the event's",
        )),
        _ => Ok(()),
    }
}
