//! How much of Meta's allowance is used, and what pace that leaves: so that the
//! lane slows down by itself before it is turned away.

use super::backoff::{Backoff, LONGEST_WAIT_MS};
use crate::graph::Usage;

/// From here on the lane slows down.
///
/// Source: Meta, Graph API, Rate limiting: back off as usage nears 100 %.
const SLOW_PERCENT: u32 = 80;

/// All of it.
const FULL_PERCENT: u32 = 100;

/// The pause after an answer just below the full allowance, in milliseconds.
const LONGEST_PAUSE_MS: i64 = 1_000;

/// How much may be sent now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SendPermit {
    /// How many requests may be in flight.
    Requests(usize),
    /// One request without an event, and nothing beside it.
    Probe,
    /// One request of one event, and nothing beside it.
    One,
    /// Nothing before then.
    Until(i64),
}

/// What Meta told last.
#[derive(Debug)]
pub(super) struct RateUsage {
    percent: Option<u32>,
    /// Answers in a row that told of a full allowance.
    full: u32,
    /// Before then nothing is to be sent.
    ready_ms: i64,
}

impl RateUsage {
    pub(super) const fn nothing() -> Self {
        Self {
            percent: None,
            full: 0,
            ready_ms: i64::MIN,
        }
    }

    pub(super) const fn percent(&self) -> Option<u32> {
        self.percent
    }

    /// Until when a full allowance holds the lane back, if it does.
    pub(super) fn full_until_ms(&self, now_ms: i64) -> Option<i64> {
        (self.full > 0 && self.ready_ms > now_ms).then_some(self.ready_ms)
    }

    /// What an answer says. One that says nothing changes nothing.
    pub(super) fn usage_reported(&mut self, now_ms: i64, usage: Usage) {
        let Some(percent) = usage.percent else {
            return;
        };
        self.percent = Some(percent);
        let named = usage
            .regain_access
            .and_then(|wait| i64::try_from(wait.as_millis()).ok())
            .filter(|wait_ms| *wait_ms > 0)
            .map(|wait_ms| wait_ms.min(LONGEST_WAIT_MS));
        let pause_ms = if percent < SLOW_PERCENT {
            self.full = 0;
            0
        } else if percent < FULL_PERCENT {
            self.full = 0;
            let over = i64::from(percent - SLOW_PERCENT + 1);
            over * LONGEST_PAUSE_MS / i64::from(FULL_PERCENT - SLOW_PERCENT)
        } else {
            let tries = self.full;
            self.full = self.full.saturating_add(1);
            named.unwrap_or_else(|| Backoff::THROTTLE.ceiling(tries))
        };
        // An older answer must not shorten a pause that a newer one asked for.
        self.ready_ms = match pause_ms {
            0 => i64::MIN,
            _ => self.ready_ms.max(now_ms.saturating_add(pause_ms)),
        };
    }

    /// One request at a time while the allowance runs low.
    pub(super) fn allowance(&self, now_ms: i64, max_in_flight: usize) -> SendPermit {
        if self.ready_ms > now_ms {
            SendPermit::Until(self.ready_ms)
        } else if self.percent.is_some_and(|percent| percent >= SLOW_PERCENT) {
            SendPermit::Requests(1)
        } else {
            SendPermit::Requests(max_in_flight)
        }
    }

    pub(super) fn shift_deadlines(&mut self, back_ms: i64) {
        self.ready_ms = self.ready_ms.saturating_sub(back_ms);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn usage(percent: u32, minutes: u64) -> Usage {
        Usage {
            percent: Some(percent),
            regain_access: (minutes > 0).then(|| Duration::from_secs(minutes * 60)),
        }
    }

    /// The pause after an answer that tells of so much.
    fn pause(used: &mut RateUsage, percent: u32, minutes: u64) -> i64 {
        let now_ms = used.ready_ms.max(0);
        used.usage_reported(now_ms, usage(percent, minutes));
        match used.allowance(now_ms, 8) {
            SendPermit::Until(at) => at - now_ms,
            SendPermit::Requests(8) => 0,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_pace_slows_from_eighty_percent_on() {
        let mut used = RateUsage::nothing();
        let pauses = [0, 79, 80, 90, 99, 40].map(|percent| pause(&mut used, percent, 0));
        assert_eq!(pauses, [0, 0, 50, 550, 1000, 0]);
        used.usage_reported(0, usage(85, 0));
        assert_eq!(used.allowance(10_000, 8), SendPermit::Requests(1));
    }

    #[test]
    fn a_full_allowance_waits_as_told_or_from_one_second_to_ten() {
        let mut used = RateUsage::nothing();
        let pauses: Vec<i64> = (0..6).map(|_| pause(&mut used, 100, 0)).collect();
        assert_eq!(pauses, [1000, 2000, 4000, 8000, 10_000, 10_000]);
        assert_eq!(pause(&mut used, 130, 2), 120_000);
        assert_eq!(pause(&mut used, 50, 0), 0);
        assert_eq!(pause(&mut used, 100, 0), 1000);
    }

    #[test]
    fn what_is_not_told_changes_nothing() {
        let mut used = RateUsage::nothing();
        used.usage_reported(0, usage(95, 0));
        used.usage_reported(0, Usage::default());
        assert_eq!(used.percent(), Some(95));
    }
}
