//! Rows on their way to Meta together.

use crate::queue::{Ack, Class, Disposition, Leased};

/// Names one request of a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct BatchId(pub(super) u64);

/// Rows that are to be sent by themselves.
#[derive(Debug)]
pub(super) struct Part {
    /// Where the rows are from, and where they go back to.
    pub(super) ready_buffer: usize,
    pub(super) class: Class,
    pub(super) rows: Vec<Leased>,
    pub(super) origin: Origin,
}

/// What rows are sent together as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// They came from their shelf together.
    ReadyBuffer,
    /// A half of a batch that was refused, or what is left of one.
    Half,
    /// The row alone that Meta named as the poison of a batch.
    Named,
    /// A row of the group with this number, which is set aside.
    Sample(i64),
}

/// The rows of one request, until it is answered.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) part: Part,
    pub(super) sent_ms: i64,
    /// The lane's stops at the time of sending.
    pub(super) epoch: u64,
}

impl Batch {
    pub(super) fn delivered(&self) -> impl Iterator<Item = Ack> {
        self.part.rows.iter().map(|row| Ack {
            seq: row.seq,
            disposition: Disposition::Delivered,
        })
    }

    pub(super) fn retry_at(&self, due_ms: i64, outcome_unknown: bool) -> impl Iterator<Item = Ack> {
        let sent_ms = self.sent_ms;
        self.part.rows.iter().map(move |row| Ack {
            seq: row.seq,
            disposition: retry_at(row, due_ms, sent_ms, outcome_unknown),
        })
    }

    /// How often the most tried of its rows was tried before.
    pub(super) fn attempts(&self) -> u32 {
        self.part
            .rows
            .iter()
            .map(|row| row.attempts)
            .max()
            .unwrap_or_default()
    }
}

/// A row is tried again. What is known of it from before a crash is kept with it.
pub(super) fn retry_at(
    row: &Leased,
    due_ms: i64,
    attempted_ms: i64,
    outcome_unknown: bool,
) -> Disposition {
    let unknown_ms = row.first_attempt_ms.filter(|_| row.outcome_unknown);
    Disposition::RetryAt {
        due_ms,
        attempted_ms: unknown_ms.unwrap_or(attempted_ms),
        outcome_unknown: outcome_unknown || row.outcome_unknown,
    }
}
