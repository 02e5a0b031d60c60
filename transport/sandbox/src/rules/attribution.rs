//! `attribution_data`, which belongs to `AppendAttribution` events.

use serde_json::Value;

use super::shape::{Keys, Shape, check_open, mistyped};
use super::{Context, Fields, Path, present};
use crate::api_error::ApiError;

/// Meta, Append attribution: the required four. The SDKs know many more, so
/// other keys may be anything.
const KEYS: &Keys = &[
    ("ad_id", Shape::TextOrInteger),
    ("touchpoint_ts", Shape::Integer),
    ("attribution_share", Shape::Amount),
    ("attribution_value", Shape::Amount),
];

pub(crate) fn check(event: &Fields, path: &Path<'_>, context: Context) -> Result<(), ApiError> {
    let path = path.key("attribution_data");
    let is_append = event.get("event_name").and_then(Value::as_str) == Some("AppendAttribution");
    let Some(data) = event.get("attribution_data").and_then(Value::as_object) else {
        return if is_append {
            Err(ApiError::required(&path))
        } else {
            Ok(())
        };
    };
    if is_append && let Some((key, _)) = KEYS.iter().find(|(key, _)| present(data, key).is_none()) {
        return Err(ApiError::required(&path.key(key)));
    }
    check_open(data, &path, KEYS, context)?;
    match data.get("attribution_share").and_then(Value::as_f64) {
        Some(share) if !(0.0..=1.0).contains(&share) => {
            Err(mistyped(&path.key("attribution_share"), "between 0 and 1"))
        }
        _ => Ok(()),
    }
}
