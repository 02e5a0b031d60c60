//! Counts what could be saved, and keeps nothing of it.

use std::collections::HashSet;

use super::super::super::{DedupKey, QueueError};
use super::row::{Row, Table};
use super::salvage::Sink;

/// What could be saved. A dedup entry is known by its first half, which is enough to
/// count them: there may be ten millions.
#[derive(Default)]
pub(super) struct Tally {
    queued: HashSet<i64>,
    dead: HashSet<i64>,
    keys: HashSet<DedupKey>,
    marks: Vec<u64>,
    is_sorted: bool,
}

impl Tally {
    pub(super) fn queued(&self) -> u64 {
        self.queued.len() as u64
    }

    pub(super) fn dead(&self) -> u64 {
        self.dead.len() as u64
    }

    pub(super) fn marks(&mut self) -> u64 {
        self.sort();
        self.marks.len() as u64
    }

    fn sort(&mut self) {
        if !std::mem::replace(&mut self.is_sorted, true) {
            self.marks.sort_unstable();
            self.marks.dedup();
        }
    }
}

impl Sink for Tally {
    fn lane(&mut self, _: i64, _: &str, _: &str) -> Result<(), QueueError> {
        Ok(())
    }

    fn mark(&mut self, key: &DedupKey, _: Option<&[u8]>) -> Result<(), QueueError> {
        self.is_sorted = false;
        self.marks.push(half(key));
        Ok(())
    }

    fn row(&mut self, row: &Row<'_>) -> Result<(), QueueError> {
        let (rows, others) = match row.table {
            Table::Queued => (&mut self.queued, &self.dead),
            Table::Dead => (&mut self.dead, &self.queued),
        };
        let is_new = !others.contains(&row.seq) && !rows.contains(&row.seq);
        let key = row.key().filter(|_| row.table == Table::Queued);
        if is_new && key.is_none_or(|key| self.keys.insert(key)) {
            rows.insert(row.seq);
        }
        Ok(())
    }

    fn is_marked(&mut self, key: &DedupKey) -> Result<bool, QueueError> {
        self.sort();
        Ok(self.marks.binary_search(&half(key)).is_ok())
    }
}

fn half(key: &DedupKey) -> u64 {
    key.first_chunk().copied().map_or(0, u64::from_be_bytes)
}
