//! The parameters beside `data`. Graph ignores those it does not know.

use serde_json::Value;

use crate::api_error::ApiError;
use crate::body::Params;

/// String parameters. Only `test_event_code` is in Meta's guide; the others
/// are known from the edge's reference and the SDKs.
const TEXTS: [&str; 4] = [
    "test_event_code",
    "upload_id",
    "upload_source",
    "upload_tag",
];

/// Checks the optional parameters. `null` stands for an absent one, as Meta's
/// SDK for Node sends them all.
pub(crate) fn check(params: &Params<'_>) -> Result<(), ApiError> {
    let value = |key: &str| params.value(key).filter(|value| !value.is_null());
    for key in TEXTS {
        if value(key).is_some_and(|value| !value.is_string()) {
            return Err(must_be(key, "a string"));
        }
    }
    match value("namespace_id") {
        None | Some(Value::String(_) | Value::Number(_)) => {}
        Some(_) => return Err(must_be("namespace_id", "a string or an integer")),
    }
    match value("partner_agent") {
        None => Ok(()),
        Some(Value::String(agent)) if is_partner_agent(&agent) => Ok(()),
        Some(_) => {
            let form = "a string of less than 23 characters, at least 2 of them letters";
            Err(must_be("partner_agent", form))
        }
    }
}

/// Meta, Set up as a platform.
fn is_partner_agent(agent: &str) -> bool {
    let letters = agent
        .chars()
        .filter(|character| character.is_alphabetic())
        .count();
    agent.chars().count() < 23 && letters >= 2
}

fn must_be(key: &str, what: &str) -> ApiError {
    ApiError::param(format_args!("Param {key} must be {what}"))
}
