//! Which rows leave next from a shelf, and how they leave.

use super::{Ack, Lane, Step};
use crate::delivery::batch::{Batch, BatchId, Origin, Part, retry_at};
use crate::delivery::notice::Notice;
use crate::delivery::ready_buffer::{Readiness, place};
use crate::queue::Waiting;

/// What seems to have grown too old by a clock that is in doubt is looked at again after
/// so long.
const HELD_MS: i64 = 5 * 60 * 1000;

impl Lane {
    pub(super) fn lease_step(&self, now_ms: i64, waiting: Waiting) -> Option<Step> {
        self.shelves
            .iter()
            .enumerate()
            .find_map(|(index, ready_buffer)| {
                let waits = waiting.of(ready_buffer.class);
                let (max, max_bytes) = ready_buffer.wants(now_ms, waits, self.limits)?;
                Some(Step::Lease {
                    ready_buffer: index,
                    class: ready_buffer.class,
                    kind: ready_buffer.kind,
                    max,
                    max_bytes,
                })
            })
    }

    /// The shelves take turns, so that neither a backlog nor a stream of
    /// retries holds the others back.
    pub(super) fn shelf_part(&mut self, now_ms: i64, max: usize) -> Option<Part> {
        let probing = max < self.limits.batch_size;
        for _ in 0..self.shelves.len() {
            let index = self.turn;
            self.turn = (self.turn + 1) % self.shelves.len();
            let ready_buffer = &mut self.shelves[index];
            let full = ready_buffer.is_full(self.limits);
            let due = ready_buffer
                .ready_ms(self.limits.linger_ms)
                .is_some_and(|at| at <= now_ms);
            if ready_buffer.is_empty() || !(full || due || probing) {
                continue;
            }
            let (class, is_in_doubt) = (ready_buffer.class, self.is_clock_in_doubt);
            let asides = &self.asides;
            let taken = ready_buffer.take(max, self.limits.batch_bytes, |row| {
                let place = place(row, class, now_ms, is_in_doubt);
                match asides.number(class, &row.group) {
                    Some(id) if place == Readiness::Batch => Readiness::Aside(id),
                    _ => place,
                }
            });
            if let Some((_, reason)) = taken.spent.first() {
                self.notices.push_back(Notice::Expired {
                    reason: *reason,
                    rows: taken.spent.len(),
                });
            }
            for (seq, reason) in taken.spent {
                self.dead_letter(seq, reason, None);
            }
            for (id, seq) in taken.aside {
                self.set_aside(id, seq);
            }
            let due_ms = now_ms.saturating_add(HELD_MS);
            self.acks.extend(taken.held.iter().map(|row| Ack {
                seq: row.seq,
                disposition: retry_at(row, due_ms, now_ms, false),
            }));
            if !taken.rows.is_empty() {
                return Some(Part {
                    ready_buffer: index,
                    class,
                    rows: taken.rows,
                    origin: Origin::ReadyBuffer,
                });
            }
        }
        None
    }

    pub(super) fn send(&mut self, now_ms: i64, part: Part) -> BatchId {
        self.notices.extend(self.late.sending(now_ms, &part.rows));
        self.windows.sending(now_ms);
        let id = BatchId(self.next_batch);
        self.next_batch += 1;
        let epoch = self.pace.epoch();
        self.in_flight.insert(
            id,
            Batch {
                part,
                sent_ms: now_ms,
                epoch,
            },
        );
        id
    }

    pub(super) fn wake_ms(&self, waiting: Waiting) -> Option<i64> {
        let linger_ms = self.limits.linger_ms;
        let wakes = self.shelves.iter();
        wakes
            .filter_map(|ready_buffer| {
                ready_buffer.wake_ms(waiting.of(ready_buffer.class), linger_ms)
            })
            .chain(self.asides.wake_ms())
            .min()
    }
}
