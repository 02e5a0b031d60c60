//! Rows on their way to Meta together.

use crate::queue::{Fate, Leased, Settlement};

/// Names one request of a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct BatchId(pub(super) u64);

/// The rows of one request, until it is answered.
#[derive(Debug)]
pub(super) struct Batch {
    /// Where the rows are from, and where they go back to.
    pub(super) shelf: usize,
    pub(super) rows: Vec<Leased>,
    pub(super) sent_ms: i64,
    /// The lane's stops at the time of sending.
    pub(super) epoch: u64,
    /// Whether it is the row alone that Meta named as the poison of a batch.
    pub(super) named: bool,
}

impl Batch {
    pub(super) fn delivered(&self) -> impl Iterator<Item = Settlement> {
        self.rows.iter().map(|row| Settlement {
            seq: row.seq,
            fate: Fate::Delivered,
        })
    }

    pub(super) fn retry_at(
        &self,
        due_ms: i64,
        outcome_unknown: bool,
    ) -> impl Iterator<Item = Settlement> {
        let attempted_ms = self.sent_ms;
        self.rows.iter().map(move |row| Settlement {
            seq: row.seq,
            fate: Fate::RetryAt {
                due_ms,
                attempted_ms,
                outcome_unknown,
            },
        })
    }

    /// How often the most tried of its rows was tried before.
    pub(super) fn attempts(&self) -> u32 {
        self.rows
            .iter()
            .map(|row| row.attempts)
            .max()
            .unwrap_or_default()
    }
}
