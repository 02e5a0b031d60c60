//! Whether a lane may send, and how much.

use fastrand::Rng;

use super::backoff::{Backoff, LONGEST_WAIT_MS};
use super::send_permit::{RateUsage, SendPermit};
use crate::ApiError;
use crate::graph::Usage;
use crate::queue::LaneBlock;

/// So many failures in a row may be a stroke of bad luck that other requests
/// in flight need not suffer from.
const FAILURE_THRESHOLD: u32 = 3;

/// What a lane is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LaneState {
    /// Sending.
    Active,
    /// Meta asked for a pause, or could not be reached.
    Throttled {
        /// Until then, in Unix milliseconds; then one batch tries the way.
        until_ms: i64,
    },
    /// Something needs fixing: a token, a permission, an id. Everything is
    /// kept, and a request without an event asks whether it is fixed.
    Parked {
        /// What Meta said.
        refusal: ApiError,
        /// When Meta is asked next, in Unix milliseconds.
        probe_ms: i64,
    },
}

/// The lane's pace: its state and how it came to it.
#[derive(Debug)]
pub(super) struct SendGate {
    state: LaneState,
    /// Whether a parked lane's probe passed, so that one event may try: a token
    /// may be good for asking and not for sending.
    admits_one: bool,
    /// Whether the wait of a throttled lane is one that Meta named.
    is_named: bool,
    /// Since the last thing that went well; grows the waits.
    failures: u32,
    /// How much of the allowance is used, as Meta told last.
    used: RateUsage,
    /// Counts the stops. What left before a stop and is answered later says
    /// nothing about the way since.
    epoch: u64,
}

impl SendGate {
    pub(super) const fn new() -> Self {
        Self {
            state: LaneState::Active,
            admits_one: false,
            is_named: false,
            failures: 0,
            used: RateUsage::nothing(),
            epoch: 0,
        }
    }

    /// What the lane is doing, for people. A full allowance is a pause too.
    pub(super) fn shown(&self, now_ms: i64) -> LaneState {
        match (&self.state, self.used.full_until_ms(now_ms)) {
            (LaneState::Active, Some(until_ms)) => LaneState::Throttled { until_ms },
            (state, _) => state.clone(),
        }
    }

    /// Why the lane does not send, as far as a restart must not forget it: what
    /// Meta said. That it could not be reached is worth another try.
    pub(super) fn lane_block(&self, now_ms: i64) -> Option<LaneBlock> {
        let until_ms = match &self.state {
            LaneState::Parked { refusal, .. } => {
                return Some(LaneBlock::Parked {
                    refusal: refusal.clone(),
                });
            }
            LaneState::Throttled { until_ms } if self.is_named => *until_ms,
            LaneState::Throttled { .. } => return None,
            LaneState::Active => self.used.full_until_ms(now_ms)?,
        };
        (until_ms > now_ms).then_some(LaneBlock::Throttled { until_ms })
    }

    /// Goes on where an earlier process stopped. A parked lane asks immediately: what
    /// was wrong may have been fixed meanwhile.
    pub(super) fn restore(&mut self, now_ms: i64, lane_block: LaneBlock) {
        self.state = match lane_block {
            LaneBlock::Throttled { until_ms } => LaneState::Throttled {
                until_ms: until_ms.min(now_ms.saturating_add(LONGEST_WAIT_MS)),
            },
            LaneBlock::Parked { refusal } => LaneState::Parked {
                refusal,
                probe_ms: now_ms,
            },
        };
        self.is_named = true;
        self.failures = 1;
    }

    pub(super) fn is_active(&self) -> bool {
        self.state == LaneState::Active
    }

    /// To be kept with what is sent now.
    pub(super) const fn epoch(&self) -> u64 {
        self.epoch
    }

    /// The used part of the allowance in percent, where Meta told.
    pub(super) const fn used_percent(&self) -> Option<u32> {
        self.used.percent()
    }

    pub(super) fn allowance(&self, now_ms: i64, max_in_flight: usize) -> SendPermit {
        match self.state {
            LaneState::Active => self.used.allowance(now_ms, max_in_flight),
            LaneState::Throttled { until_ms } if until_ms <= now_ms => SendPermit::Requests(1),
            LaneState::Throttled { until_ms } => SendPermit::Until(until_ms),
            LaneState::Parked { .. } if self.admits_one => SendPermit::One,
            LaneState::Parked { probe_ms, .. } if probe_ms <= now_ms => SendPermit::Probe,
            LaneState::Parked { probe_ms, .. } => SendPermit::Until(probe_ms),
        }
    }

    /// What an answer says of the allowance.
    pub(super) fn usage_reported(&mut self, now_ms: i64, usage: Usage) {
        self.used.usage_reported(now_ms, usage);
    }

    /// Meta took a request, or found fault with its content only. Says whether
    /// that reopened the lane. An answer to something sent before the lane
    /// stopped proves nothing.
    pub(super) fn succeeded(&mut self, epoch: u64) -> bool {
        if self.stale(epoch) {
            return false;
        }
        self.failures = 0;
        self.admits_one = false;
        let reopened = self.state != LaneState::Active;
        self.state = LaneState::Active;
        reopened
    }

    /// A parked lane's probe passed: the token, the dataset and the way are
    /// good for asking at least.
    pub(super) fn probe_passed(&mut self, epoch: u64) {
        if !self.stale(epoch) && self.parked_for().is_some() {
            self.admits_one = true;
            self.epoch += 1;
        }
    }

    /// Ends the wait of a lane that is parked or throttled, when a person says so.
    pub(super) fn resume(&mut self, now_ms: i64) {
        if let LaneState::Parked { probe_ms: at, .. } | LaneState::Throttled { until_ms: at } =
            &mut self.state
        {
            *at = now_ms;
            self.failures = 0;
        }
    }

    /// Why the lane is parked, if it is.
    pub(super) const fn parked_for(&self) -> Option<&ApiError> {
        match &self.state {
            LaneState::Parked { refusal, .. } => Some(refusal),
            _ => None,
        }
    }

    /// A request failed that may succeed later. One after another, they pause
    /// the lane: a Meta that cannot be reached is not helped by the whole
    /// backlog trying. Says whether that paused the lane.
    pub(super) fn failed(&mut self, now_ms: i64, epoch: u64, rng: &mut Rng) -> bool {
        if self.stale(epoch) {
            return false;
        }
        if self.parked_for().is_some() {
            self.failed_probe(now_ms, epoch, 0);
            return false;
        }
        self.failures = self.failures.saturating_add(1);
        let Some(tries) = self.failures.checked_sub(FAILURE_THRESHOLD) else {
            return false;
        };
        let newly = self.state == LaneState::Active;
        let until_ms = now_ms.saturating_add(Backoff::RETRY.jittered(tries, rng));
        self.is_named = false;
        self.state = LaneState::Throttled { until_ms };
        self.epoch += 1;
        newly
    }

    /// Meta asked for a pause. Says whether that paused the lane.
    pub(super) fn throttled(&mut self, now_ms: i64, epoch: u64, wait_ms: i64) -> bool {
        let wait_ms = wait_ms.min(LONGEST_WAIT_MS);
        let asked_ms = now_ms.saturating_add(wait_ms);
        if self.stale(epoch) {
            // It left before the lane stopped, and must wait all the same.
            match &mut self.state {
                LaneState::Active => {}
                LaneState::Throttled { until_ms: at } | LaneState::Parked { probe_ms: at, .. } => {
                    *at = asked_ms.max(*at);
                }
            }
            return false;
        }
        if self.parked_for().is_some() {
            self.failed_probe(now_ms, epoch, wait_ms);
            return false;
        }
        // A wait that Meta names is not made longer by guesses.
        self.is_named = wait_ms > 0;
        let until_ms = if wait_ms > 0 {
            asked_ms
        } else {
            now_ms.saturating_add(Backoff::THROTTLE.ceiling(self.failures))
        };
        let newly = self.state == LaneState::Active;
        self.state = LaneState::Throttled { until_ms };
        self.failures = self.failures.saturating_add(1);
        self.epoch += 1;
        newly
    }

    /// Something needs fixing. Says whether that parked the lane.
    pub(super) fn parked(
        &mut self,
        now_ms: i64,
        epoch: u64,
        wait_ms: i64,
        refusal: ApiError,
    ) -> bool {
        if let LaneState::Parked { refusal: why, .. } = &mut self.state {
            *why = refusal;
            self.failed_probe(now_ms, epoch, wait_ms);
            return false;
        }
        let wait_ms = Backoff::PROBE.ceiling(0).max(wait_ms.min(LONGEST_WAIT_MS));
        let probe_ms = now_ms.saturating_add(wait_ms);
        self.state = LaneState::Parked { refusal, probe_ms };
        self.admits_one = false;
        self.failures = 1;
        self.epoch += 1;
        true
    }

    fn failed_probe(&mut self, now_ms: i64, epoch: u64, wait_ms: i64) {
        if self.stale(epoch) {
            return;
        }
        let wait_ms = wait_ms.min(LONGEST_WAIT_MS);
        let next = now_ms.saturating_add(Backoff::PROBE.ceiling(self.failures).max(wait_ms));
        if let LaneState::Parked { probe_ms, .. } = &mut self.state {
            *probe_ms = next;
        }
        self.admits_one = false;
        self.failures = self.failures.saturating_add(1);
        self.epoch += 1;
    }

    /// Whether a request left before the lane stopped.
    const fn stale(&self, epoch: u64) -> bool {
        epoch != self.epoch
    }

    /// Moves every deadline by the distance that the clock was put back.
    pub(super) fn shift_deadlines(&mut self, back_ms: i64) {
        self.used.shift_deadlines(back_ms);
        match &mut self.state {
            LaneState::Active => {}
            LaneState::Throttled { until_ms: at } | LaneState::Parked { probe_ms: at, .. } => {
                *at = at.saturating_sub(back_ms);
            }
        }
    }
}
