//! Leased rows that wait for their batch.

use std::collections::VecDeque;

use super::budget;
use super::limits::RowLimits;
use crate::queue::{Class, DeadLetterReason, Lease, LeaseKind, Leased};

/// The rows of one class and kind. They are leased, and at most about a batch
/// of them, in rows and in bytes, so that memory is bounded however deep the queue is
/// and however large its events are.
#[derive(Debug)]
pub(super) struct ReadyBuffer {
    pub(super) class: Class,
    pub(super) kind: LeaseKind,
    rows: VecDeque<Leased>,
    /// The payload of all of them.
    bytes: usize,
    /// When to ask the queue for rows that wait for another try. Asked once at
    /// the start, for what an earlier run left.
    next_due_ms: Option<i64>,
    /// After a lease that came back empty, not to ask again immediately.
    ask_after_ms: i64,
}

/// Where a row goes that is taken from its shelf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Readiness {
    /// Into the batch.
    Batch,
    /// It must not be sent any more.
    Expired(DeadLetterReason),
    /// It seems so, by a clock that is in doubt.
    Held,
    /// Its group, of this number, is set aside.
    Aside(i64),
}

/// Where a row goes, but for its group.
pub(super) fn place(row: &Leased, class: Class, now_ms: i64, is_in_doubt: bool) -> Readiness {
    match budget::spent(row, class, now_ms) {
        None => Readiness::Batch,
        Some(_) if is_in_doubt => Readiness::Held,
        Some(reason) => Readiness::Expired(reason),
    }
}

/// What was taken from a shelf.
#[derive(Debug, Default)]
pub(super) struct ReadyRows {
    pub(super) rows: Vec<Leased>,
    pub(super) spent: Vec<(i64, DeadLetterReason)>,
    pub(super) held: Vec<Leased>,
    pub(super) aside: Vec<(i64, i64)>,
}

/// A queue that counts rows which it then does not hand out is asked again
/// after this long.
const EMPTY_HANDED_MS: i64 = 50;

impl ReadyBuffer {
    /// The four of a lane.
    pub(super) fn all() -> [Self; 4] {
        let ready_buffer = |class, kind: LeaseKind| Self {
            class,
            kind,
            rows: VecDeque::new(),
            bytes: 0,
            next_due_ms: (kind == LeaseKind::Retry).then_some(i64::MIN),
            ask_after_ms: i64::MIN,
        };
        [
            ready_buffer(Class::Standard, LeaseKind::Fresh),
            ready_buffer(Class::Standard, LeaseKind::Retry),
            ready_buffer(Class::PhysicalStore, LeaseKind::Fresh),
            ready_buffer(Class::PhysicalStore, LeaseKind::Retry),
        ]
    }

    /// Whether the rows fill a batch.
    pub(super) fn is_full(&self, limits: RowLimits) -> bool {
        self.rows.len() >= limits.batch_size || self.bytes >= limits.batch_bytes
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many rows and bytes to lease now, if any. Fresh rows that trickle in are not
    /// leased one by one: the first of them starts the linger, the others are
    /// leased when it is over or they fill the batch.
    pub(super) fn wants(
        &self,
        now_ms: i64,
        waiting: u64,
        limits: RowLimits,
    ) -> Option<(usize, usize)> {
        if self.is_full(limits) || now_ms < self.ask_after_ms {
            return None;
        }
        let room = limits.batch_size - self.rows.len();
        let wanted = match self.kind {
            LeaseKind::Retry => self.next_due_ms.is_some_and(|due| due <= now_ms),
            LeaseKind::Fresh => {
                waiting > 0
                    && (self.is_empty()
                        || waiting >= room as u64
                        || self
                            .ready_ms(limits.linger_ms)
                            .is_some_and(|ready| ready <= now_ms))
            }
        };
        wanted.then_some((room, limits.batch_bytes - self.bytes))
    }

    /// Takes what was leased.
    pub(super) fn fill(&mut self, lease: Lease, now_ms: i64) {
        self.next_due_ms = lease.next_due_ms;
        if lease.rows.is_empty() && lease.unreadable.is_empty() {
            self.ask_after_ms = now_ms.saturating_add(EMPTY_HANDED_MS);
        }
        self.rows.extend(lease.rows.into_iter().map(|mut row| {
            // Appended in the future: the clock went back, the row did wait.
            row.appended_ms = row.appended_ms.min(now_ms);
            row
        }));
        self.weigh();
    }

    /// Takes rows back that were not sent, or that count as not sent.
    pub(super) fn return_rows(&mut self, rows: Vec<Leased>) {
        self.rows.extend(rows);
        self.rows
            .make_contiguous()
            .sort_unstable_by_key(|row| row.seq);
        self.weigh();
    }

    /// Tells that a row of this shelf is due then.
    pub(super) fn due_at(&mut self, due_ms: i64) {
        self.next_due_ms = Some(self.next_due_ms.map_or(due_ms, |due| due.min(due_ms)));
    }

    /// When the rows are to be sent even if they fill no batch.
    pub(super) fn ready_ms(&self, linger_ms: i64) -> Option<i64> {
        let oldest = self.rows.front()?;
        Some(match self.kind {
            LeaseKind::Fresh => oldest.appended_ms.saturating_add(linger_ms),
            // They have waited long enough.
            LeaseKind::Retry => i64::MIN,
        })
    }

    /// When there is something to do here without anything happening first.
    pub(super) fn wake_ms(&self, waiting: u64, linger_ms: i64) -> Option<i64> {
        let ask = self.next_due_ms.map(|due| due.max(self.ask_after_ms));
        // Only fresh rows are counted as waiting.
        let again = (self.kind == LeaseKind::Fresh && waiting > 0 && self.is_empty())
            .then_some(self.ask_after_ms);
        [self.ready_ms(linger_ms), ask, again]
            .into_iter()
            .flatten()
            .min()
    }

    /// Takes the oldest rows for a batch of at most `max` rows and `max_bytes` bytes, but
    /// one at least. Each row that is looked at goes where `sort` says.
    pub(super) fn take(
        &mut self,
        max: usize,
        max_bytes: usize,
        mut sort: impl FnMut(&Leased) -> Readiness,
    ) -> ReadyRows {
        let mut taken = ReadyRows::default();
        let mut bytes = 0;
        while taken.rows.len() < max
            && let Some(row) = self.rows.front()
        {
            let place = sort(row);
            let size = row.payload.len();
            if place == Readiness::Batch {
                if bytes + size > max_bytes && !taken.rows.is_empty() {
                    break;
                }
                bytes += size;
            }
            let Some(row) = self.rows.pop_front() else {
                break;
            };
            self.bytes = self.bytes.saturating_sub(size);
            match place {
                Readiness::Batch => taken.rows.push(row),
                Readiness::Expired(reason) => taken.spent.push((row.seq, reason)),
                Readiness::Held => taken.held.push(row),
                Readiness::Aside(group) => taken.aside.push((group, row.seq)),
            }
        }
        taken
    }

    fn weigh(&mut self) {
        self.bytes = self.rows.iter().map(|row| row.payload.len()).sum();
    }

    /// Moves every deadline by the distance that the clock was put back.
    pub(super) fn shift_deadlines(&mut self, back_ms: i64) {
        for row in &mut self.rows {
            row.appended_ms = row.appended_ms.saturating_sub(back_ms);
        }
        self.next_due_ms = self.next_due_ms.map(|due| due.saturating_sub(back_ms));
        self.ask_after_ms = self.ask_after_ms.saturating_sub(back_ms);
    }
}
