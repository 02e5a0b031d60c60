//! What an app event must say of the app.

use crate::ActionSource;
use crate::event::Json;
use crate::pipeline::draft::Scrubbed;
use crate::rejection::{Code, Reason};

/// Meta's page marks the data as required; that an event without is refused is
/// reported.
pub(super) fn check(
    action_source: ActionSource,
    scrubbed: &Scrubbed<'_>,
    reasons: &mut Vec<Reason>,
) {
    if action_source == ActionSource::App && !scrubbed.draft.app_data.is_some_and(is_complete) {
        reasons.push(Reason::new(
            Code::MissingAppData,
            "app_data_field",
            "Meta requires app data of an app event: advertiser_tracking_enabled, version and osVersion; map them and set use_app_data",
        ));
    }
}

/// Whether app data has what Meta requires of an app event.
///
/// Source: Meta, App data parameters: the flag, and slots 0 and 4 of `extinfo`.
fn is_complete(app_data: &[(&str, Json<'_>)]) -> bool {
    let app_data = Json::Object(app_data);
    let slot = |index: usize| {
        let slots = app_data.get("extinfo").and_then(Json::as_list)?;
        slots.get(index)?.as_str().filter(|text| !text.is_empty())
    };
    app_data.get("advertiser_tracking_enabled").is_some() && slot(0).is_some() && slot(4).is_some()
}
