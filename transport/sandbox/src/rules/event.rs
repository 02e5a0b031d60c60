//! One server event: its keys, and the order in which its rules are applied.

use serde_json::Value;

use super::shape::{Keys, Shape, check_closed, check_open, mistyped};
use super::{
    Context, Fields, Path, app_data, append, attribution, custom_data, data_processing, match_keys,
    messaging, present, time, user_data,
};
use crate::api_error::ApiError;

/// Meta, Server event parameters; `advanced_measurement_table` is known from
/// the SDKs only. Anything else is an "Unexpected key".
const KEYS: &Keys = &[
    ("event_name", Shape::Text),
    ("event_time", Shape::Integer),
    ("action_source", Shape::OneOf(ACTION_SOURCES)),
    ("user_data", Shape::Object),
    ("custom_data", Shape::Object),
    ("event_id", Shape::Text),
    ("event_source_url", Shape::Text),
    ("referrer_url", Shape::Text),
    ("opt_out", Shape::Flag),
    ("data_processing_options", Shape::List),
    ("data_processing_options_country", Shape::Integer),
    ("data_processing_options_state", Shape::Integer),
    ("app_data", Shape::Object),
    ("original_event_data", Shape::Object),
    ("customer_segmentation", Shape::OneOf(CUSTOMER_SEGMENTS)),
    ("attribution_data", Shape::Object),
    // A messaging event without a good one has a subcode of its own.
    ("messaging_channel", Shape::Text),
    ("advanced_measurement_table", Shape::Text),
];

const ACTION_SOURCES: &[&str] = &[
    "website",
    "app",
    "email",
    "phone_call",
    "chat",
    "physical_store",
    "system_generated",
    "business_messaging",
    "other",
];

const CUSTOMER_SEGMENTS: &[&str] = &[
    "new_customer_to_business",
    "new_customer_to_business_line",
    "new_customer_to_product_area",
    "new_customer_to_medium",
    "existing_customer_to_business",
    "existing_customer_to_business_line",
    "existing_customer_to_product_area",
    "existing_customer_to_medium",
    "customer_in_loyalty_program",
];

/// Meta, Original event data; whether other keys are refused is not known.
const ORIGINAL_EVENT: &Keys = &[
    ("event_name", Shape::Text),
    ("event_time", Shape::Integer),
    ("order_id", Shape::Text),
    ("event_id", Shape::Text),
];

pub(crate) fn check(event: &Fields, path: &Path<'_>, context: Context) -> Result<(), ApiError> {
    check_required(event, path, context)?;
    check_closed(event, path, KEYS, context)?;
    time::check(event, context)?;

    // Required and an object, both checked above.
    let Some(user) = event.get("user_data").and_then(Value::as_object) else {
        return Ok(());
    };
    user_data::check(user, &path.key("user_data"), context)?;
    let action_source = event
        .get("action_source")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if action_source == "business_messaging" {
        // First: an empty `user_data` lacks the channel's ids before anything.
        messaging::check(event, user)?;
    }
    match_keys::check(user)?;
    if action_source == "website" {
        check_website(event, user, path, context)?;
    }
    app_data::check(event, path, action_source == "app", context)?;
    custom_data::check(event, path, context)?;
    data_processing::check(event, user, path, context)?;
    append::check(event, path, context)?;
    attribution::check(event, path, context)?;
    match event.get("original_event_data").and_then(Value::as_object) {
        Some(original) => check_open(
            original,
            &path.key("original_event_data"),
            ORIGINAL_EVENT,
            context,
        ),
        None => Ok(()),
    }
}

fn check_required(event: &Fields, path: &Path<'_>, context: Context) -> Result<(), ApiError> {
    if present(event, "event_name").is_none() {
        // Meta names this one without a path; token probes look for it.
        return Err(ApiError::parameter("event_name is required"));
    }
    for key in ["event_time", "action_source", "user_data"] {
        let excused = context.lenient && key == "action_source";
        if present(event, key).is_none() && !excused {
            return Err(ApiError::required(&path.key(key)));
        }
    }
    Ok(())
}

/// Meta, Parameters: "Website events … require the `client_user_agent`,
/// `action_source`, and `event_source_url` parameters."
fn check_website(
    event: &Fields,
    user: &Fields,
    path: &Path<'_>,
    context: Context,
) -> Result<(), ApiError> {
    let url_path = path.key("event_source_url");
    let Some(url) = present(event, "event_source_url").and_then(Value::as_str) else {
        return Err(ApiError::required(&url_path));
    };
    // That its host is one, Meta does not document to check.
    let begins_with = |scheme: &str| {
        let head = url.split_at_checked(scheme.len());
        head.is_some_and(|(head, rest)| head.eq_ignore_ascii_case(scheme) && !rest.is_empty())
    };
    if !begins_with("http://") && !begins_with("https://") {
        return Err(mistyped(
            &url_path,
            "a URL that begins with http:// or https://",
        ));
    }
    // Live, a website event without one was answered with 200.
    if present(user, "client_user_agent").is_none() && !context.lenient {
        return Err(ApiError::required(
            &path.key("user_data").key("client_user_agent"),
        ));
    }
    Ok(())
}
