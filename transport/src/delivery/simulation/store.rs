//! The queue of one lane, in memory: what is on disk, and what is leased.

use std::collections::{BTreeMap, HashSet};

use crate::queue::{Class, Fate, Halt, Kind, Lease, Leased, Settlement};

/// A row on disk.
struct Row {
    class: Class,
    row: Leased,
    /// 0: never tried.
    due_ms: i64,
}

#[derive(Default)]
pub(super) struct Store {
    queued: BTreeMap<i64, Row>,
    /// Rows that were never tried and are not leased, by class.
    fresh: [u64; 2],
    leased: HashSet<i64>,
    pub(super) halt: Option<Halt>,
    delivered: HashSet<i64>,
    dead: BTreeMap<i64, (Row, Fate)>,
}

impl Store {
    pub(super) fn append(&mut self, seq: i64, class: Class, now_ms: i64, event_time: i64) {
        let mut row = super::super::tests::row(seq);
        (row.appended_ms, row.event_time) = (now_ms, event_time);
        let due_ms = 0;
        self.fresh[class as usize] += 1;
        self.queued.insert(seq, Row { class, row, due_ms });
    }

    /// Leases are in memory: gives the rows whose leases are gone.
    pub(super) fn crash(&mut self) -> Vec<i64> {
        let gone: Vec<i64> = self.leased.drain().collect();
        for seq in &gone {
            if let Some(row) = self.queued.get(seq).filter(|row| row.due_ms == 0) {
                self.fresh[row.class as usize] += 1;
            }
        }
        gone
    }

    pub(super) const fn fresh(&self, class: Class) -> u64 {
        self.fresh[class as usize]
    }

    pub(super) fn lease(&mut self, class: Class, kind: Kind, max: usize, now_ms: i64) -> Lease {
        let leased = &self.leased;
        let of_kind = |row: &&Row| {
            row.class == class
                && (row.due_ms == 0) == (kind == Kind::Fresh)
                && !leased.contains(&row.row.seq)
        };
        let due = |row: &&Row| row.due_ms <= now_ms;
        let rows: Vec<Leased> = self
            .queued
            .values()
            .filter(of_kind)
            .filter(due)
            .take(max)
            .map(|row| row.row.clone())
            .collect();
        let taken: HashSet<i64> = rows.iter().map(|row| row.seq).collect();
        let next_due_ms = self
            .queued
            .values()
            .filter(of_kind)
            .filter(|row| kind == Kind::Retry && !taken.contains(&row.row.seq))
            .map(|row| row.due_ms)
            .min();
        if kind == Kind::Fresh {
            self.fresh[class as usize] -= rows.len() as u64;
        }
        self.leased.extend(taken);
        Lease { rows, next_due_ms }
    }

    pub(super) fn settle(&mut self, settlements: &[Settlement], now_ms: i64) {
        for Settlement { seq, fate } in settlements {
            if *fate == Fate::TakenBack {
                let (mut row, _) = self.dead.remove(seq).expect("taken back, but not buried");
                row.due_ms = now_ms.max(1);
                self.queued.insert(*seq, row);
                continue;
            }
            assert!(
                self.leased.remove(seq),
                "row {seq} is settled and not leased"
            );
            let mut row = self.queued.remove(seq).expect("settled, but not queued");
            match fate {
                Fate::Delivered => {
                    assert!(self.delivered.insert(*seq), "row {seq} is delivered twice");
                }
                Fate::Buried { .. } => {
                    self.dead.insert(*seq, (row, fate.clone()));
                }
                Fate::RetryAt {
                    due_ms,
                    attempted_ms,
                    outcome_unknown,
                } => {
                    row.due_ms = (*due_ms).max(1);
                    row.row.attempts += 1;
                    row.row.first_attempt_ms = row.row.first_attempt_ms.or(Some(*attempted_ms));
                    row.row.outcome_unknown |= outcome_unknown;
                    self.queued.insert(*seq, row);
                }
                Fate::TakenBack => {}
            }
        }
    }

    /// The clock was put back.
    pub(super) fn rebase(&mut self, back_ms: i64) {
        for row in self.queued.values_mut().filter(|row| row.due_ms > 0) {
            row.due_ms = (row.due_ms - back_ms).max(1);
        }
    }

    pub(super) fn is_leased(&self, seq: i64) -> bool {
        self.leased.contains(&seq)
    }

    pub(super) fn len(&self) -> usize {
        self.queued.len() + self.delivered.len() + self.dead.len()
    }

    pub(super) fn delivered(&self) -> usize {
        self.delivered.len()
    }

    pub(super) fn unsettled(&self) -> usize {
        self.queued.len()
    }

    pub(super) fn is_settled(&self) -> bool {
        self.queued.is_empty()
    }

    /// What became of each row.
    pub(super) fn fates(&self, mut check: impl FnMut(i64, &Fate)) {
        for seq in &self.delivered {
            check(*seq, &Fate::Delivered);
        }
        for (seq, (_, fate)) in &self.dead {
            check(*seq, fate);
        }
    }
}
