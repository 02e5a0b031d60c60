//! Whether a clock is wrong, this server's or its clients': then many events lie in the
//! future, and what is worse, those that do not are cut or rejected without a reason that
//! anybody would look for.

use std::sync::{Mutex, PoisonError};

use capi_core::rejection::{Code, Diagnostic};

/// So many seconds are looked at.
const SECONDS: usize = 60;

/// So many events of them may lie in the future, as they do from single clients.
const MIN_SAMPLES: u64 = 20;

/// How many events came, and how many of them lay in the future.
#[derive(Clone, Copy, Debug, Default)]
struct Second {
    events: u64,
    ahead: u64,
}

/// The last minute.
#[derive(Debug)]
pub(crate) struct Clocks(Mutex<[Second; SECONDS]>);

impl Default for Clocks {
    fn default() -> Self {
        Self(Mutex::new([Second::default(); SECONDS]))
    }
}

/// Whether one of these reasons is that the event lies in the future.
pub(super) fn is_ahead(reasons: &[Diagnostic]) -> bool {
    let mut reasons = reasons.iter();
    reasons.any(|reason| matches!(reason.code, Code::EventInFuture | Code::EventTimeClamped))
}

impl Clocks {
    /// Counts what one request brought.
    pub(crate) fn add(&self, events: u64, ahead: u64) {
        let mut seconds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(second) = seconds.first_mut() {
            second.events += events;
            second.ahead += ahead;
        }
    }

    /// Says whether many of the last minute's events lie in the future: how many, of how
    /// many. To be called once a second.
    pub(crate) fn tick(&self) -> Option<(u64, u64)> {
        let mut seconds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let events = seconds.iter().map(|second| second.events).sum();
        let ahead = seconds.iter().map(|second| second.ahead).sum();
        seconds.rotate_right(1);
        if let Some(second) = seconds.first_mut() {
            *second = Second::default();
        }
        (ahead >= MIN_SAMPLES && ahead * 2 > events).then_some((ahead, events))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_events_of_a_minute_in_the_future_are_told_while_they_are() {
        let clocks = Clocks::default();
        clocks.add(19, 19);
        assert_eq!(clocks.tick(), None);
        clocks.add(1, 1);
        assert_eq!(clocks.tick(), Some((20, 20)));
        clocks.add(20, 0);
        assert_eq!(clocks.tick(), None, "half of them are right");
        clocks.add(10, 10);
        assert_eq!(clocks.tick(), Some((30, 50)));
        let reported = (0..SECONDS).filter(|_| clocks.tick().is_some()).count();
        assert!(reported < SECONDS, "what is past is forgotten");
        assert_eq!(clocks.tick(), None);
    }
}
