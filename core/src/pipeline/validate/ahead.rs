//! An event that lies a little ahead of now: a clock is wrong, the client's or ours.

use jiff::Timestamp;

use super::Check;
use crate::rejection::{Code, Diagnostic};

/// Clocks differ by so many seconds without a word.
const UNNOTICED: i64 = 60;

/// How many seconds ahead of now an event may lie. What lies further ahead is rejected.
pub(in crate::pipeline) const MOST_SECONDS_AHEAD: i64 = 600;

impl Check<'_> {
    /// Takes an event that lies a few minutes ahead as one of now: with a server clock
    /// that is slow, every live event does. Before a click id is made of its time, which
    /// must not be later than the event.
    pub(super) fn cut_lead(&mut self, now: Timestamp) {
        let Some(time) = self.event_time else {
            return;
        };
        let ahead = time.as_second() - now.as_second();
        if ahead > UNNOTICED && ahead <= MOST_SECONDS_AHEAD {
            self.event_time = Some(now);
            self.findings.warn(Diagnostic::new(
                Code::EventTimeClamped,
                "event_time",
                "the event lies up to ten minutes in the future and is taken as one of now; a clock is wrong: set the client's and this machine's",
            ));
        }
    }
}
