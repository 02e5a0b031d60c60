//! `app_data`, and what app events need of it.

use serde_json::Value;

use super::shape::{Keys, Shape, check_closed};
use super::{Context, Fields, Path, present};
use crate::api_error::{ApiError, Subcode};

/// Meta, App data parameters; the last four are known from the SDKs only.
const KEYS: &Keys = &[
    ("advertiser_tracking_enabled", Shape::Bit),
    ("application_tracking_enabled", Shape::Bit),
    ("extinfo", Shape::Elsewhere),
    ("campaign_ids", Shape::Text),
    ("install_referrer", Shape::Text),
    ("installer_package", Shape::Text),
    ("url_schemes", Shape::List),
    ("vendor_id", Shape::Text),
    ("windows_attribution_id", Shape::Text),
    ("consider_views", Shape::Flag),
    ("include_dwell_data", Shape::Flag),
    ("include_video_data", Shape::Flag),
    ("receipt_data", Shape::Text),
];

const EXTINFO_SLOTS: usize = 16;
const OS_VERSION_SLOT: usize = 4;

pub(crate) fn check(
    event: &Fields,
    path: &Path<'_>,
    is_app: bool,
    context: Context,
) -> Result<(), ApiError> {
    let path = path.key("app_data");
    let Some(app) = event.get("app_data").and_then(Value::as_object) else {
        return if is_app {
            Err(ApiError::required(&path))
        } else {
            Ok(())
        };
    };
    check_closed(app, &path, KEYS, context)?;
    if is_app {
        if present(app, "advertiser_tracking_enabled").is_none() {
            // Live, this one is named by action source rather than by path.
            let message = "The parameter 'advertiser_tracking_enabled' is required for the event \
                           with the action source 'app'";
            return Err(ApiError::parameter(message));
        }
        if app.get("extinfo").is_none_or(Value::is_null) {
            return Err(ApiError::required(&path.key("extinfo")));
        }
    }
    match app.get("extinfo") {
        None => Ok(()),
        Some(Value::Null) if context.lenient => Ok(()),
        Some(extinfo) => check_extinfo(extinfo),
    }
}

/// Sixteen slots in a fixed order, blank where nothing is known, except for
/// the version marker and the OS version. Meta's pages disagree on whether the
/// numeric slots are numbers or strings, so both pass.
fn check_extinfo(extinfo: &Value) -> Result<(), ApiError> {
    let slots = extinfo.as_array().map_or(&[] as &[Value], Vec::as_slice);
    let filled = |slot: &Value| match slot {
        Value::String(text) => !text.trim().is_empty(),
        other => other.is_number(),
    };
    let is_valid = slots.len() == EXTINFO_SLOTS
        && slots
            .iter()
            .all(|slot| slot.is_string() || slot.is_number())
        && matches!(slots[0].as_str(), Some("a2" | "i2"))
        && filled(&slots[OS_VERSION_SLOT]);
    if is_valid {
        return Ok(());
    }
    let message = "The extended device info (extinfo) parameter isn't valid. Enter 16 values, the \
                   first a2 for Android or i2 for iOS, the fifth the OS version.";
    Err(ApiError::event(Subcode::EXTINFO, message))
}
