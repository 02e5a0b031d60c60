//! What follows when a request was not accepted.

use super::{BuryReason, Decision, Fate, Lane, LaneState, Notice, Refusal, Settlement};
use crate::delivery::backoff::Backoff;
use crate::delivery::batch::Batch;
use crate::delivery::bisect::{Bisected, bisect};

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
            Decision::Bisect => self.bisect(batch, refusal),
        }
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

    /// Meta looked at the events, so the token and the way are good.
    fn bisect(&mut self, batch: Batch, refusal: Refusal) {
        self.went_well(&batch);
        let shelf = batch.shelf;
        match bisect(batch.rows) {
            Bisected::Found(row) => {
                self.notices.push_back(Notice::Buried {
                    seq: row.seq,
                    refusal: refusal.clone(),
                });
                self.bury(row.seq, BuryReason::Rejected, Some(refusal));
            }
            Bisected::Halves(one, other) if *self.pace.state() == LaneState::Active => {
                self.parts.extend([(shelf, one), (shelf, other)]);
            }
            Bisected::Halves(one, other) => {
                self.shelves[shelf].put_back(one);
                self.shelves[shelf].put_back(other);
            }
            Bisected::Empty => {}
        }
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
        for (shelf, rows) in self.parts.drain(..) {
            self.shelves[shelf].put_back(rows);
        }
    }
}
