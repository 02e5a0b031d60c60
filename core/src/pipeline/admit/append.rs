//! Events that add to another: a predicted value, or the credit for it.

use std::borrow::Cow;

use crate::ActionSource;
use crate::json::Json;
use crate::pipeline::stages::Scrubbed;
use crate::rejection::{Code, Diagnostic};

/// How long after the original event Meta takes what is added, by the name of the
/// event that adds it: in hours.
///
/// Source: Meta, Predicted lifetime value; Meta, Append attribution.
const HOURS: &[(&str, i64)] = &[("AppendValue", 7 * 24), ("AppendAttribution", 48)];

/// What one of these events must have, whichever action made it.
pub(super) fn check(event_name: &str, scrubbed: &mut Scrubbed<'_>, reasons: &mut Vec<Diagnostic>) {
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
    let happened = time(of_original("event_time"));
    let latest = happened.map(|time| time.saturating_add(hours * 3600));
    if latest.is_some_and(|latest| latest < scrubbed.context.now.as_second()) {
        reasons.push(Diagnostic::new(
            Code::OriginalTooOld,
            "original_event_data.event_time",
            format!("what it adds to happened more than {hours} hours ago, and Meta takes nothing that is added later"),
        ));
    }
    require_custom("currency", event_name, scrubbed, reasons);
    if event_name == "AppendValue" {
        if of_original("event_id").is_none() && of_original("order_id").is_none() {
            reasons.push(missing(
                "original_event_data.event_id",
                "what it adds to must be named by its id or its order's id; map one of them",
            ));
        }
        value(scrubbed, happened, reasons);
    } else {
        if of_original("event_time").is_none() {
            reasons.push(missing(
                "original_event_data.event_time",
                "Meta requires the time of what is credited; map it",
            ));
        }
        credit(scrubbed, happened, reasons);
    }
}

fn require_custom(
    key: &'static str,
    event_name: &str,
    scrubbed: &Scrubbed<'_>,
    reasons: &mut Vec<Diagnostic>,
) {
    if scrubbed.draft.custom(key).is_none_or(Json::is_null) {
        reasons.push(missing(
            scrubbed.context.action.custom_path(key),
            format!("Meta requires the {key} of an {event_name}; map it"),
        ));
    }
}

/// A predicted value is positive, and known later than what it is predicted of.
///
/// Source: Meta, Predicted lifetime value (2026-07).
fn value(scrubbed: &mut Scrubbed<'_>, happened: Option<i64>, reasons: &mut Vec<Diagnostic>) {
    let draft = &scrubbed.draft;
    let path = scrubbed.context.action.custom_path("predicted_ltv");
    match draft.custom("predicted_ltv") {
        Some(Json::Number(value)) if value.to_f64() <= 0.0 => reasons.push(Diagnostic::new(
            Code::OutOfRange,
            path,
            "Meta takes a predicted value above 0 only; send none where there is none",
        )),
        _ => require_custom("predicted_ltv", "AppendValue", scrubbed, reasons),
    }
    if let (Some(happened), Some(event_time)) = (happened, draft.event_time)
        && happened >= event_time
    {
        reasons.push(Diagnostic::new(
            Code::OriginalLater,
            "original_event_data.event_time",
            "what it adds to did not happen before it; send the time of the original event, and as the event's own that at which the value became known",
        ));
    }
    if draft.action_source != Some(ActionSource::Website) {
        scrubbed.findings.warn(Diagnostic::new(
            Code::WebsiteOnly,
            "action_source",
            "Meta takes predicted values of website events only; send it as one, with the visitor's user agent and the page's URL",
        ));
    }
}

fn credit(scrubbed: &Scrubbed<'_>, happened: Option<i64>, reasons: &mut Vec<Diagnostic>) {
    if scrubbed.draft.action_source == Some(ActionSource::App) {
        of_app(scrubbed, reasons);
    }
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
        reasons.push(Diagnostic::new(
            Code::OutOfRange,
            "attribution_data.attribution_share",
            "a share is from 0 to 1; send the ad's part of the whole",
        ));
    }
    let touched = time(credit.get("touchpoint_ts"));
    if let (Some(touched), Some(happened)) = (touched, happened)
        && touched >= happened
    {
        reasons.push(Diagnostic::new(
            Code::TouchpointAfterEvent,
            "attribution_data.touchpoint_ts",
            "the ad was seen after the event that it is credited with; send the time of the touchpoint and that of the original event",
        ));
    }
}

/// What the credit for an app's event must say of the app.
///
/// Source: Meta, Append attribution, app events.
fn of_app(scrubbed: &Scrubbed<'_>, reasons: &mut Vec<Diagnostic>) {
    let draft = &scrubbed.draft;
    let app_data = Json::Object(draft.app_data.unwrap_or(&[]));
    let extinfo = app_data.get("extinfo").and_then(Json::as_list);
    let system = extinfo.and_then(|slots| slots.first()?.as_str());
    if app_data.get("application_tracking_enabled").is_none() {
        reasons.push(missing(
            "app_data.application_tracking_enabled",
            "Meta requires it of credit for an app's event; set use_app_data and map it",
        ));
    }
    match system {
        Some("i2") if app_data.get("campaign_ids").is_none() => reasons.push(missing(
            "app_data.campaign_ids",
            "Meta requires them of credit for an event on iOS; map them",
        )),
        Some("a2") if draft.user_key("madid").is_none() => reasons.push(missing(
            "user_data.madid",
            "Meta requires the advertising id of credit for an event on Android; map it",
        )),
        _ => {}
    }
}

/// Unix seconds, as validation made them.
fn time(value: Option<Json<'_>>) -> Option<i64> {
    match value? {
        Json::Number(number) => number.to_i64(),
        _ => None,
    }
}

fn missing(
    field: impl Into<Cow<'static, str>>,
    message: impl Into<Cow<'static, str>>,
) -> Diagnostic {
    Diagnostic::new(Code::MissingField, field, message)
}
