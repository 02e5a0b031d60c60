//! How long ago an event happened.

use crate::ActionSource;
use crate::pipeline::stages::Scrubbed;
use crate::pipeline::validate::MOST_SECONDS_AHEAD;
use crate::rejection::{Code, Diagnostic};

const SECONDS_A_DAY: i64 = 86_400;

/// Meta takes no event that is too old, and none that has not happened yet.
pub(super) fn check(
    event_time: i64,
    action_source: ActionSource,
    scrubbed: &Scrubbed<'_>,
    reasons: &mut Vec<Diagnostic>,
) {
    let now = scrubbed.context.now.as_second();
    let days = action_source.days_allowed();
    if event_time < now - days * SECONDS_A_DAY {
        reasons.push(Diagnostic::new(
            Code::EventTooOld,
            "event_time",
            format!("the event is more than {days} days old and Meta would refuse it; it cannot be sent any more"),
        ));
    } else if event_time > now + MOST_SECONDS_AHEAD {
        reasons.push(Diagnostic::new(
            Code::EventInFuture,
            "event_time",
            "the event lies more than ten minutes in the future; set the client's clock and this machine's, or let the client send sentAt so that it can be corrected",
        ));
    }
}
