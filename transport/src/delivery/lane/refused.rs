//! What follows when a request was not accepted.

use super::{Lane, Part};
use crate::Refusal;
use crate::delivery::backoff::Backoff;
use crate::delivery::batch::Batch;
use crate::delivery::bisect::{Bisected, bisect};
use crate::delivery::notice::Notice;
use crate::graph::Decision;
use crate::queue::{BuryReason, Fate, Leased, Settlement};

/// So many answers in a row that nobody knows, and the lane parks.
const UNKNOWN_TRIES: u32 = 4;

impl Lane {
    pub(super) fn refused(
        &mut self,
        now_ms: i64,
        batch: Batch,
        decision: Decision,
        wait_ms: i64,
        outcome_unknown: bool,
        refusal: Refusal,
    ) {
        self.unknown = if decision == Decision::RetryThenPark {
            self.unknown + 1
        } else {
            0
        };
        match decision {
            Decision::RetryThenPark if self.unknown < UNKNOWN_TRIES => {
                self.retry(now_ms, &batch, wait_ms, outcome_unknown, refusal);
            }
            Decision::Retry => self.retry(now_ms, &batch, wait_ms, outcome_unknown, refusal),
            Decision::Throttle => {
                if self.pace.throttled(now_ms, batch.epoch, wait_ms) {
                    self.notices.push_back(Notice::Throttled { refusal });
                }
                self.put_back(batch);
            }
            Decision::Park | Decision::RetryThenPark => {
                if self
                    .pace
                    .parked(now_ms, batch.epoch, wait_ms, refusal.clone())
                {
                    self.notices.push_back(Notice::Parked { refusal });
                }
                self.put_back(batch);
            }
            Decision::Bisect => self.bisect(now_ms, batch, refusal),
            Decision::SetAside => self.set_aside(&batch, refusal),
        }
    }

    /// Meta has them, or most of them, and does not say which: they are not
    /// sent again by themselves.
    fn set_aside(&mut self, batch: &Batch, refusal: Refusal) {
        self.went_well(batch);
        for row in &batch.rows {
            self.bury(row.seq, BuryReason::PartlyConfirmed, Some(refusal.clone()));
        }
        self.notices.push_back(Notice::PartlyConfirmed {
            rows: batch.rows.len(),
            refusal,
        });
    }

    fn retry(
        &mut self,
        now_ms: i64,
        batch: &Batch,
        wait_ms: i64,
        outcome_unknown: bool,
        refusal: Refusal,
    ) {
        let paused = if wait_ms > 0 {
            // `Retry-After` speaks to the caller, not to the rows.
            self.pace.throttled(now_ms, batch.epoch, wait_ms)
        } else {
            self.pace.failed(now_ms, batch.epoch, &mut self.rng)
        };
        self.notices.push_back(Notice::Failed {
            paused,
            rows: batch.rows.len(),
            refusal,
        });
        let wait_ms = Backoff::RETRY
            .jittered(batch.attempts(), &mut self.rng)
            .max(wait_ms);
        self.settlements
            .extend(batch.retry_at(now_ms.saturating_add(wait_ms), outcome_unknown));
    }

    /// Meta looked at the events, so the token and the way are good, unless the
    /// lane is parked for this very answer.
    fn bisect(&mut self, now_ms: i64, batch: Batch, refusal: Refusal) {
        let parked_for_it = self
            .pace
            .parked_for()
            .is_some_and(|why| why.error() == refusal.error());
        if parked_for_it {
            // Later, so that the next probe is another event's.
            let wait_ms = Backoff::PROBE.cap_ms;
            self.settlements
                .extend(batch.retry_at(now_ms.saturating_add(wait_ms), false));
            self.pace.parked(now_ms, batch.epoch, 0, refusal);
            return;
        }
        self.went_well(&batch);
        let shelf = batch.shelf;
        let named = refusal.named_row().filter(|_| self.names_are_right);
        match bisect(batch.rows, named) {
            Bisected::Found(row) => self.poison(now_ms, shelf, row, refusal),
            Bisected::Named(row, others) => self.parts(shelf, vec![row], others, true),
            Bisected::Parts(one, other) => self.parts(shelf, one, other, false),
            Bisected::Empty => {}
        }
    }

    fn parts(&mut self, shelf: usize, one: Vec<Leased>, other: Vec<Leased>, named: bool) {
        if self.pace.is_active() {
            let part = |rows, named| Part { shelf, rows, named };
            // Depth first: a poison is found, and a fault of the configuration
            // seen, after few requests.
            self.parts.push_front(part(other, false));
            self.parts.push_front(part(one, named));
        } else {
            self.shelves[shelf].put_back(one);
            self.shelves[shelf].put_back(other);
        }
    }

    /// A row that Meta refuses by itself.
    fn poison(&mut self, now_ms: i64, shelf: usize, row: Leased, refusal: Refusal) {
        if self.burials.record(now_ms, row.seq, &refusal) {
            self.shelves[shelf].put_back(vec![row]);
            self.put_parts_back();
            self.notices.push_back(Notice::Broke {
                rows: self.burials.taken(),
                refusal: refusal.clone(),
            });
            let epoch = self.pace.epoch();
            self.pace.parked(now_ms, epoch, 0, refusal);
            return;
        }
        self.notices.push_back(Notice::Buried {
            seq: row.seq,
            refusal: refusal.clone(),
        });
        self.bury(row.seq, BuryReason::Rejected, Some(refusal));
    }

    pub(super) fn bury(&mut self, seq: i64, reason: BuryReason, refusal: Option<Refusal>) {
        self.settlements.push(Settlement {
            seq,
            fate: Fate::Buried { reason, refusal },
        });
    }

    pub(super) fn went_well(&mut self, batch: &Batch) {
        if self.pace.succeeded(batch.epoch) {
            self.notices.push_back(Notice::Reopened);
        }
    }

    /// Nothing of it was taken. Parts go back too: a stopped lane tries single
    /// events, and a half would be in their way.
    fn put_back(&mut self, batch: Batch) {
        self.shelves[batch.shelf].put_back(batch.rows);
        self.put_parts_back();
    }

    fn put_parts_back(&mut self) {
        for Part { shelf, rows, .. } in self.parts.drain(..) {
            self.shelves[shelf].put_back(rows);
        }
    }
}
