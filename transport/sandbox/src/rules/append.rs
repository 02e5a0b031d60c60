//! `AppendValue`: what a customer is expected to be worth, told after the conversion.

use serde_json::Value;

use super::{Context, Fields, Path, present};
use crate::refusal::Refusal;

/// Meta, Predicted lifetime value: the original event's name, and its id or its
/// order's; the value and its currency. What is said to a missing one is not known: it
/// is taken for that of any required parameter.
pub(crate) fn check(event: &Fields, path: &Path<'_>, context: Context) -> Result<(), Refusal> {
    let is_value = event.get("event_name").and_then(Value::as_str) == Some("AppendValue");
    if !is_value || context.lenient {
        return Ok(());
    }
    let none = Fields::new();
    let object = |key: &str| event.get(key).and_then(Value::as_object).unwrap_or(&none);
    let original = object("original_event_data");
    let path_of_original = path.key("original_event_data");
    if original.is_empty() {
        return Err(Refusal::required(&path_of_original));
    }
    if present(original, "event_name").is_none() {
        return Err(Refusal::required(&path_of_original.key("event_name")));
    }
    if present(original, "event_id").is_none() && present(original, "order_id").is_none() {
        return Err(Refusal::required(&path_of_original.key("event_id")));
    }
    let custom = object("custom_data");
    for key in ["predicted_ltv", "currency"] {
        if present(custom, key).is_none() {
            return Err(Refusal::required(&path.key("custom_data").key(key)));
        }
    }
    Ok(())
}
