//! How old an event may be, and how far ahead.

use serde_json::Value;

use super::{Context, Fields};
use crate::api_error::{ApiError, Subcode};

const DAY: i64 = 24 * 60 * 60;

/// Meta, Server event parameters: one event older than this refuses the batch.
const MAX_AGE: i64 = 7 * DAY;

/// Meta, Offline events: "within 62 days of the conversion".
const MAX_AGE_IN_STORE: i64 = 62 * DAY;

/// Undocumented; the tolerance integrators allow for clocks that differ.
const MAX_AHEAD: i64 = 60;

pub(crate) fn check(event: &Fields, context: Context) -> Result<(), ApiError> {
    let in_store = event.get("action_source").and_then(Value::as_str) == Some("physical_store");
    let (max_age, days) = if in_store {
        (MAX_AGE_IN_STORE, 62)
    } else {
        (MAX_AGE, 7)
    };
    // The type was checked: an integer past `i64` is far in the future.
    let time = event
        .get("event_time")
        .and_then(Value::as_i64)
        .unwrap_or(i64::MAX);
    let age = context.now.saturating_sub(time);
    if age > max_age {
        let message = format!(
            "The timestamp for this event is too far in the past. Events need to be sent from \
             your server within {days} days of when they occurred. Enter a timestamp that has \
             occurred within the last {days} days."
        );
        return Err(ApiError::event(Subcode::TOO_OLD, message));
    }
    if age < -MAX_AHEAD {
        let message = "The timestamp for this event is in the future. Enter the time at which \
                       the event happened, in Unix seconds.";
        return Err(ApiError::event(Subcode::IN_FUTURE, message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn allowed(age: i64, action_source: &str) -> bool {
        let now = 1_800_000_000;
        let event = json!({ "event_time": now - age, "action_source": action_source });
        check(
            event.as_object().unwrap(),
            Context {
                now,
                lenient: false,
            },
        )
        .is_ok()
    }

    #[test]
    fn the_limits_are_inclusive() {
        assert!(allowed(MAX_AGE, "website"));
        assert!(!allowed(MAX_AGE + 1, "website"));
        assert!(allowed(MAX_AGE_IN_STORE, "physical_store"));
        assert!(!allowed(MAX_AGE_IN_STORE + 1, "physical_store"));
        assert!(allowed(-MAX_AHEAD, "website"));
        assert!(!allowed(-MAX_AHEAD - 1, "physical_store"));
    }
}
