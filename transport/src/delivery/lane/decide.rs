//! What to do next.

use super::{Lane, Step};
use crate::delivery::allowance::Allowance;
use crate::queue::{Fate, Halt, Settlement, Waiting};

/// A clock that is set right by less than this need not concern the queue.
const LEAST_BACK_MS: i64 = 1_000;

/// A wait shorter than this need not survive a restart.
const SHORT_HALT_MS: i64 = 5_000;

impl Lane {
    /// What to do next. To be asked again until it says to wait.
    pub(in crate::delivery) fn next(&mut self, now_ms: i64, waiting: Waiting) -> Step {
        self.watch_clock(now_ms);
        if let Some(notice) = self.notices.pop_front() {
            return Step::Tell(notice);
        }
        if let Some(halt) = self.changed_halt(now_ms) {
            return Step::KeepHalt(halt);
        }
        if self.back_ms > LEAST_BACK_MS {
            return Step::Rebase(std::mem::take(&mut self.back_ms));
        }
        let back = self.burials.take_back();
        self.settlements
            .extend(back.into_iter().map(|seq| Settlement {
                seq,
                fate: Fate::TakenBack,
            }));
        if !self.settlements.is_empty() {
            return self.settle();
        }
        // Nobody mends a token while capi stops.
        if self.closing || (self.draining && self.pace.parked_for().is_some()) {
            return Step::Wait(None);
        }
        let allowance = self.pace.allowance(now_ms, self.limits.max_in_flight);
        let enough = match allowance {
            Allowance::Until(at) => return Step::Wait(Some(at)),
            Allowance::Probe if self.idle() => {
                self.probing = Some(self.pace.epoch());
                return Step::Probe;
            }
            Allowance::Probe => return Step::Wait(None),
            // A Meta that answers faster than the disk writes must not fill the
            // memory with what is to be settled.
            Allowance::Requests(limit) => self.in_flight.len().max(self.settling) >= limit,
            Allowance::One => !self.idle(),
        };
        if let Some(step) = self.lease_step(now_ms, waiting) {
            return step;
        }
        if enough {
            return Step::Wait(None);
        }
        let max = if allowance == Allowance::One {
            1
        } else {
            self.limits.batch_size
        };
        if let Some(batch) = self
            .send_part(now_ms)
            .or_else(|| self.send_shelf(now_ms, max))
        {
            return Step::Send(batch);
        }
        if !self.settlements.is_empty() {
            return self.settle();
        }
        Step::Wait(self.wake_ms(waiting))
    }

    /// Why the lane does not send, if that is not what is kept. A short wait is
    /// over before it is worth a commit.
    fn changed_halt(&mut self, now_ms: i64) -> Option<Option<Halt>> {
        let halt = self.pace.halt(now_ms);
        let is_same = match (&halt, &self.kept_halt) {
            (Some(Halt::Parked { refusal: now }), Some(Halt::Parked { refusal: kept })) => {
                now.error() == kept.error()
            }
            (Some(Halt::Throttled { until_ms }), None) => {
                until_ms.saturating_sub(now_ms) < SHORT_HALT_MS
            }
            (now, kept) => now == kept,
        };
        if is_same {
            return None;
        }
        self.kept_halt.clone_from(&halt);
        Some(halt)
    }

    fn settle(&mut self) -> Step {
        self.settling += 1;
        Step::Settle(std::mem::take(&mut self.settlements))
    }
}
