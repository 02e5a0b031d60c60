//! The time of the click that `fbc` holds.

use crate::json::Json;
use crate::pipeline::click_id;
use crate::pipeline::stages::Scrubbed;
use crate::rejection::{Code, Reason};

/// How long a click is remembered, in seconds.
///
/// Source: Meta, fbp and fbc parameters: the cookie lives 90 days.
const NINETY_DAYS: i64 = 90 * 86_400;

/// A click that lies later than the event, or more than 90 days before it, is reported
/// to make Meta refuse the whole event: its id is left out where reports count, as it
/// could be credited with nothing.
///
/// Both are compared in whole seconds, as Meta knows the event's time.
pub(super) fn check(event_time: i64, scrubbed: &mut Scrubbed<'_>) {
    let click = scrubbed.draft.user_key("fbc").and_then(Json::as_str);
    let Some(clicked) = click.and_then(click_id::milliseconds) else {
        return;
    };
    let before = event_time.saturating_sub(clicked / 1000);
    let what = if before < 0 {
        "the click is later than the event"
    } else if before > NINETY_DAYS {
        "the click is more than 90 days older than the event"
    } else {
        return;
    };
    let done = if scrubbed
        .setting
        .destination
        .strict
        .enforces(Code::ClickIdOutOfTime)
    {
        scrubbed.drop_user_key("fbc");
        "; it is left out"
    } else {
        ""
    };
    scrubbed.findings.warn(Reason::new(
        Code::ClickIdOutOfTime,
        "user_data.fbc",
        format!("{what}, and Meta is reported to refuse such events{done}; send the _fbc cookie unchanged, and the time at which the event happened"),
    ));
}
