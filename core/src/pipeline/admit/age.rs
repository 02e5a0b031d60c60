//! How long ago an event happened.

use crate::ActionSource;
use crate::pipeline::stages::Scrubbed;
use crate::rejection::{Code, Reason};

/// How far ahead of now an event may lie: clocks differ.
const SECONDS_AHEAD: i64 = 60;

const SECONDS_A_DAY: i64 = 86_400;

/// Meta takes no event that is too old, and none that has not happened yet.
pub(super) fn check(
    event_time: i64,
    action_source: ActionSource,
    scrubbed: &Scrubbed<'_>,
    reasons: &mut Vec<Reason>,
) {
    let now = scrubbed.setting.now.as_second();
    let days = action_source.days_allowed();
    if event_time < now - days * SECONDS_A_DAY {
        reasons.push(Reason::new(
            Code::EventTooOld,
            "event_time",
            format!("the event is more than {days} days old and Meta would refuse it; it cannot be sent any more"),
        ));
    } else if event_time > now + SECONDS_AHEAD {
        reasons.push(Reason::new(
            Code::EventInFuture,
            "event_time",
            "the event lies in the future; set the client's clock, or let the client send sentAt so that it can be corrected",
        ));
    }
}
