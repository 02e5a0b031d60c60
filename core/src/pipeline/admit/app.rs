//! What an app event must say of the app.

use std::borrow::Cow;

use crate::ActionSource;
use crate::field::app::slot_of;
use crate::json::Json;
use crate::pipeline::stages::Scrubbed;
use crate::rejection::{Code, Diagnostic};

/// Meta's page marks the data as required; that an event without is refused is
/// reported.
pub(super) fn check(
    action_source: ActionSource,
    scrubbed: &Scrubbed<'_>,
    reasons: &mut Vec<Diagnostic>,
) {
    if action_source != ActionSource::App {
        return;
    }
    let message = match scrubbed.draft.app_data {
        None => {
            "the app data is missing, and Meta is reported to refuse such app events; set use_app_data, and map advertiser_tracking_enabled, version and osVersion".into()
        }
        Some(app_data) => {
            let missing = missing(app_data);
            if missing.is_empty() {
                return;
            }
            let missing = missing.join(" and no ");
            Cow::Owned(format!("the app data has no {missing}, and Meta is reported to refuse such app events; map it"))
        }
    };
    reasons.push(Diagnostic::new(
        Code::MissingAppData,
        "app_data_field",
        message,
    ));
}

/// What Meta requires of an app event and the app data does not have, by our keys.
///
/// Source: Meta, App data parameters: the flag, and slots 0 and 4 of `extinfo`.
fn missing(app_data: &[(&str, Json<'_>)]) -> Vec<&'static str> {
    let app_data = Json::Object(app_data);
    let has = |key: &str| match slot_of(key) {
        None => app_data.get(key).is_some(),
        Some(slot) => {
            let slots = app_data.get("extinfo").and_then(Json::as_list);
            slots
                .and_then(|slots| slots.get(slot)?.as_str())
                .is_some_and(|text| !text.is_empty())
        }
    };
    let mut missing = vec!["advertiser_tracking_enabled", "version", "osVersion"];
    missing.retain(|key| !has(key));
    missing
}
