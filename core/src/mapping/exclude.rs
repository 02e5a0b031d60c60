//! `@excludeWhenNull`: nothing in place of `null`, and an object without its
//! null members, at any depth. Lists stay as they are.

use super::run::Run;
use crate::json::Json;

/// `value` without nulls; `None` where it is null itself.
pub(super) fn nulls<'a>(value: Json<'a>, run: &mut Run<'a>) -> Option<Json<'a>> {
    match value {
        Json::Null => None,
        Json::Object(members) if holds_null(value) => {
            let start = run.members.len();
            for &(key, value) in members {
                if let Some(value) = nulls(value, run) {
                    run.members.push((key, value));
                }
            }
            Some(run.object(start))
        }
        other => Some(other),
    }
}

fn holds_null(value: Json<'_>) -> bool {
    match value {
        Json::Null => true,
        Json::Object(members) => members.iter().any(|(_, value)| holds_null(*value)),
        _ => false,
    }
}
