//! What follows when a request was not accepted.

use super::Lane;
use crate::ApiError;
use crate::delivery::backoff::Backoff;
use crate::delivery::batch::{Batch, Origin, Part, retry_at};
use crate::delivery::bisect::{Bisected, bisect};
use crate::delivery::notice::Notice;
use crate::graph::Decision;
use crate::queue::{Ack, Class, DeadLetterReason, Disposition, Leased};

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
        refusal: ApiError,
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
                self.return_rows(batch);
            }
            Decision::Park | Decision::RetryThenPark => {
                if self
                    .pace
                    .parked(now_ms, batch.epoch, wait_ms, refusal.clone())
                {
                    self.notices.push_back(Notice::Parked { refusal });
                }
                self.return_rows(batch);
            }
            Decision::Bisect => self.bisect(now_ms, batch, refusal),
            Decision::SetAside => self.partly_confirmed(&batch, refusal),
        }
    }

    /// Meta has them, or most of them, and does not say which: they are not
    /// sent again by themselves.
    fn partly_confirmed(&mut self, batch: &Batch, refusal: ApiError) {
        self.on_success(batch);
        for row in &batch.part.rows {
            self.dead_letter(
                row.seq,
                DeadLetterReason::PartlyConfirmed,
                Some(refusal.clone()),
            );
        }
        self.notices.push_back(Notice::PartlyConfirmed {
            rows: batch.part.rows.len(),
            refusal,
        });
    }

    fn retry(
        &mut self,
        now_ms: i64,
        batch: &Batch,
        wait_ms: i64,
        outcome_unknown: bool,
        refusal: ApiError,
    ) {
        let paused = if wait_ms > 0 {
            // `Retry-After` speaks to the caller, not to the rows.
            self.pace.throttled(now_ms, batch.epoch, wait_ms)
        } else {
            self.pace.failed(now_ms, batch.epoch, &mut self.rng)
        };
        self.notices.push_back(Notice::Failed {
            paused,
            rows: batch.part.rows.len(),
            refusal,
        });
        let wait_ms = Backoff::RETRY
            .jittered(batch.attempts(), &mut self.rng)
            .max(wait_ms);
        self.acks
            .extend(batch.retry_at(now_ms.saturating_add(wait_ms), outcome_unknown));
    }

    /// Meta looked at the events, so the token and the way are good.
    fn bisect(&mut self, now_ms: i64, batch: Batch, refusal: ApiError) {
        self.on_success(&batch);
        let Part {
            ready_buffer,
            class,
            rows,
            origin,
        } = batch.part;
        if matches!(origin, Origin::Sample(_)) {
            // It is not leased, and waits on with its group.
            return;
        }
        let sent = rows.len();
        let whole = Part {
            ready_buffer,
            class,
            rows,
            origin,
        };
        let Some(mut part) = self.without_set_aside(whole) else {
            return;
        };
        if part.rows.len() < sent {
            // What is left may be good.
            part.origin = Origin::Half;
            self.put_parts(ready_buffer, vec![part]);
            return;
        }
        if origin == Origin::ReadyBuffer && self.has_parts_enough(sent) {
            self.put_off(now_ms, &part, batch.sent_ms);
            return;
        }
        let named = refusal.named_row().filter(|_| self.names_are_right);
        if named.is_none() {
            // The rows of one group stand together: where one group is at fault, the
            // others are through after few requests.
            part.rows.sort_by(|one, other| one.group.cmp(&other.group));
        }
        let of = |rows, origin| Part {
            ready_buffer,
            class,
            rows,
            origin,
        };
        match bisect(part.rows, named) {
            Bisected::Found(row) => self.poison(now_ms, class, &row, refusal),
            Bisected::Named(row, others) => {
                let parts = vec![of(vec![row], Origin::Named), of(others, Origin::Half)];
                self.put_parts(ready_buffer, parts);
            }
            Bisected::Parts(one, other) => {
                let parts = vec![of(one, Origin::Half), of(other, Origin::Half)];
                self.put_parts(ready_buffer, parts);
            }
            Bisected::Empty => {}
        }
    }

    /// Whether so many rows are being halved already that further ones wait in the queue
    /// instead: memory is bounded, and good ones pass meanwhile.
    fn has_parts_enough(&self, more: usize) -> bool {
        let halving: usize = self.parts.iter().map(|part| part.rows.len()).sum();
        let most = self
            .limits
            .batch_size
            .saturating_mul(self.limits.max_in_flight);
        halving + more > most
    }

    /// A refused batch waits for another try as a whole.
    fn put_off(&mut self, now_ms: i64, part: &Part, sent_ms: i64) {
        let attempts = part.rows.iter().map(|row| row.attempts).max();
        let wait_ms = Backoff::RETRY.jittered(attempts.unwrap_or_default(), &mut self.rng);
        let due_ms = now_ms.saturating_add(wait_ms);
        self.acks.extend(part.rows.iter().map(|row| Ack {
            seq: row.seq,
            disposition: retry_at(row, due_ms, sent_ms, false),
        }));
    }

    fn put_parts(&mut self, ready_buffer: usize, parts: Vec<Part>) {
        if self.pace.is_active() {
            // Depth first: a poison is found, and a fault of the configuration
            // seen, after few requests.
            for part in parts.into_iter().rev() {
                self.parts.push_front(part);
            }
        } else {
            for part in parts {
                self.shelves[ready_buffer].return_rows(part.rows);
            }
        }
    }

    /// A row that Meta refuses by itself.
    fn poison(&mut self, now_ms: i64, class: Class, row: &Leased, refusal: ApiError) {
        // Nothing is requeued that could not be set aside.
        if !self.asides.is_full()
            && let Some(before) = self
                .streaks
                .record(now_ms, class, &row.group, row.seq, &refusal)
        {
            self.set_group_aside(now_ms, class, row, before, refusal);
            return;
        }
        self.notices.push_back(Notice::DeadLettered {
            seq: row.seq,
            refusal: refusal.clone(),
        });
        self.dead_letter(row.seq, DeadLetterReason::Rejected, Some(refusal));
    }

    pub(super) fn dead_letter(
        &mut self,
        seq: i64,
        reason: DeadLetterReason,
        refusal: Option<ApiError>,
    ) {
        self.acks.push(Ack {
            seq,
            disposition: Disposition::DeadLettered { reason, refusal },
        });
    }

    pub(super) fn on_success(&mut self, batch: &Batch) {
        if self.pace.succeeded(batch.epoch) {
            self.notices.push_back(Notice::Reopened);
        }
    }

    /// Nothing of it was taken. Parts go back too: a stopped lane tries single
    /// events, and a half would be in their way.
    fn return_rows(&mut self, batch: Batch) {
        let parts = self
            .next_part
            .take()
            .into_iter()
            .chain(self.parts.drain(..));
        for part in std::iter::once(batch.part).chain(parts) {
            match (part.origin, part.rows.first()) {
                // It is not leased.
                (Origin::Sample(id), Some(row)) => self.asides.answered(id, row.seq),
                _ => self.shelves[part.ready_buffer].return_rows(part.rows),
            }
        }
    }
}
