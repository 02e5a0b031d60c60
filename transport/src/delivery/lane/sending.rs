//! Which rows leave next: those of a batch that was split, else those of a shelf.

use super::{Lane, Limits, Part, Step};
use crate::delivery::batch::{Batch, BatchId};
use crate::delivery::notice::Notice;
use crate::graph::is_of_an_event;
use crate::queue::Waiting;

impl Lane {
    pub(super) fn lease_step(&self, now_ms: i64, waiting: Waiting) -> Option<Step> {
        self.shelves.iter().enumerate().find_map(|(index, shelf)| {
            let Limits {
                batch_size,
                linger_ms,
                ..
            } = self.limits;
            let max = shelf.wants(now_ms, waiting.of(shelf.class), batch_size, linger_ms)?;
            Some(Step::Lease {
                shelf: index,
                class: shelf.class,
                kind: shelf.kind,
                max,
            })
        })
    }

    pub(super) fn send_part(&mut self, now_ms: i64) -> Option<BatchId> {
        let part = self.parts.pop_front()?;
        Some(self.send(now_ms, part))
    }

    /// The shelves take turns, so that neither a backlog nor a stream of
    /// retries holds the others back.
    pub(super) fn send_shelf(&mut self, now_ms: i64, max: usize) -> Option<BatchId> {
        let probing = max < self.limits.batch_size;
        for _ in 0..self.shelves.len() {
            let index = self.turn;
            self.turn = (self.turn + 1) % self.shelves.len();
            let shelf = &mut self.shelves[index];
            let full = shelf.len() >= self.limits.batch_size;
            let due = shelf
                .ready_ms(self.limits.linger_ms)
                .is_some_and(|at| at <= now_ms);
            if shelf.is_empty() || !(full || due || probing) {
                continue;
            }
            // Parked for what an event is said to be: the oldest ones may be just
            // those, so that another is asked with.
            let is_event_fault = self
                .pace
                .parked_for()
                .is_some_and(|why| is_of_an_event(why.error()));
            if probing && is_event_fault {
                shelf.newest_first();
            }
            let mut spent = Vec::new();
            let rows = shelf.take(max, now_ms, &mut spent);
            if let Some((_, reason)) = spent.first() {
                self.notices.push_back(Notice::Spent {
                    reason: *reason,
                    rows: spent.len(),
                });
            }
            for (seq, reason) in spent {
                self.bury(seq, reason, None);
            }
            if !rows.is_empty() {
                let part = Part {
                    shelf: index,
                    rows,
                    named: false,
                };
                return Some(self.send(now_ms, part));
            }
        }
        None
    }

    pub(super) fn send(&mut self, now_ms: i64, part: Part) -> BatchId {
        let Part { shelf, rows, named } = part;
        self.notices.extend(self.late.sending(now_ms, &rows));
        let id = BatchId(self.next_batch);
        self.next_batch += 1;
        let epoch = self.pace.epoch();
        self.in_flight.insert(
            id,
            Batch {
                shelf,
                rows,
                sent_ms: now_ms,
                epoch,
                named,
            },
        );
        id
    }

    pub(super) fn wake_ms(&self, waiting: Waiting) -> Option<i64> {
        let linger_ms = self.limits.linger_ms;
        let wakes = self.shelves.iter();
        wakes
            .filter_map(|shelf| shelf.wake_ms(waiting.of(shelf.class), linger_ms))
            .min()
    }
}
