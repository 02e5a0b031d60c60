//! Events that add to another: a predicted value, or the credit for it.

use std::borrow::Cow;

use crate::event::Json;
use crate::pipeline::stages::Scrubbed;
use crate::rejection::{Code, Reason};

/// How long after the original event Meta takes what is added, by the name of the
/// event that adds it: in hours.
///
/// Source: Meta, Predicted lifetime value; Meta, Append attribution.
const HOURS: &[(&str, i64)] = &[("AppendValue", 7 * 24), ("AppendAttribution", 48)];

/// What one of these events must have, whichever action made it.
pub(super) fn check(event_name: &str, scrubbed: &Scrubbed<'_>, reasons: &mut Vec<Reason>) {
    let Some((_, hours)) = HOURS.iter().find(|(name, _)| *name == event_name) else {
        return;
    };
    let original = scrubbed.draft.event_key("original_event_data");
    let of_original = |key: &str| original.and_then(|original| original.get(key));
    if of_original("event_name").is_none() {
        reasons.push(missing(
            "original_event_data.event_name",
            "what it adds to must be named; map the name under which Meta got that event",
        ));
    }
    if of_original("event_id").is_none() && of_original("order_id").is_none() {
        reasons.push(missing(
            "original_event_data.event_id",
            "what it adds to must be named by its id or its order's id; map one of them",
        ));
    }
    let happened = time(of_original("event_time"));
    let latest = happened.map(|time| time.saturating_add(hours * 3600));
    if latest.is_some_and(|latest| latest < scrubbed.setting.now.as_second()) {
        reasons.push(Reason::new(
            Code::OriginalTooOld,
            "original_event_data.event_time",
            format!("what it adds to happened more than {hours} hours ago, and Meta takes nothing that is added later"),
        ));
    }
    if event_name == "AppendValue" {
        value(scrubbed, reasons);
    } else {
        credit(scrubbed, happened, reasons);
    }
}

fn value(scrubbed: &Scrubbed<'_>, reasons: &mut Vec<Reason>) {
    for key in ["predicted_ltv", "currency"] {
        if scrubbed.draft.custom(key).is_none_or(Json::is_null) {
            reasons.push(missing(
                scrubbed.setting.action.custom_path(key),
                format!("Meta requires the {key} of an AppendValue; map it"),
            ));
        }
    }
}

fn credit(scrubbed: &Scrubbed<'_>, happened: Option<i64>, reasons: &mut Vec<Reason>) {
    let Some(credit) = scrubbed.draft.event_key("attribution_data") else {
        reasons.push(missing(
            "attribution_data",
            "an AppendAttribution is about credit and has none; use the action append-attribution",
        ));
        return;
    };
    let share = match credit.get("attribution_share") {
        Some(Json::Number(share)) => Some(share.to_f64()),
        _ => None,
    };
    if share.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
        reasons.push(Reason::new(
            Code::OutOfRange,
            "attribution_data.attribution_share",
            "a share is from 0 to 1; send the ad's part of the whole",
        ));
    }
    let touched = time(credit.get("touchpoint_ts"));
    if let (Some(touched), Some(happened)) = (touched, happened)
        && touched >= happened
    {
        reasons.push(Reason::new(
            Code::TouchpointAfterEvent,
            "attribution_data.touchpoint_ts",
            "the ad was seen after the event that it is credited with; send the time of the touchpoint and that of the original event",
        ));
    }
}

/// Unix seconds, as validation made them.
fn time(value: Option<Json<'_>>) -> Option<i64> {
    match value? {
        Json::Number(number) => number.to_i64(),
        _ => None,
    }
}

fn missing(field: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Reason {
    Reason::new(Code::MissingField, field, message)
}
