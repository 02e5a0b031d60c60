//! The time of the click that `fbc` holds.

use crate::json::Json;
use crate::pipeline::click_id;
use crate::pipeline::stages::Scrubbed;
use crate::rejection::{Code, Diagnostic};

/// A click that lies later than the event, or more than 90 days before it, is reported
/// to make Meta refuse the whole event: its id is left out where reports count, as it
/// could be credited with nothing.
pub(super) fn check(event_time: i64, scrubbed: &mut Scrubbed<'_>) {
    let click = scrubbed.draft.user_key("fbc").and_then(Json::as_str);
    let Some(what) = click.and_then(|click| click_id::wrong_time(click, event_time)) else {
        return;
    };
    let done = if scrubbed
        .context
        .destination
        .strict
        .enforces(Code::ClickIdOutOfTime)
    {
        scrubbed.drop_user_key("fbc");
        "; it is left out"
    } else {
        ""
    };
    scrubbed.findings.warn(Diagnostic::new(
        Code::ClickIdOutOfTime,
        "user_data.fbc",
        format!("{what}, and Meta is reported to refuse such events{done}; send the _fbc cookie unchanged, and the time at which the event happened"),
    ));
}
