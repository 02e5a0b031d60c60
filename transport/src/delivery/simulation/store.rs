//! The queue of one lane, in memory: what is on disk, and what is leased.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::queue::{
    Ack, Class, Disposition, Group, LaneBlock, Lease, LeaseKind, Leased, SetAside, Window,
};

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
    pub(super) lane_block: Option<LaneBlock>,
    groups: BTreeMap<i64, SetAside>,
    /// The rows that wait with a group, and its number.
    aside: BTreeMap<i64, (i64, Row)>,
    /// What is on disk of what may be under way.
    windows: [Option<Window>; 2],
    /// What a crash left of that.
    stale: [Option<Window>; 2],
    delivered: HashSet<i64>,
    dead: BTreeMap<i64, (Row, Disposition)>,
}

impl Store {
    pub(super) fn append(
        &mut self,
        seq: i64,
        (class, group): (Class, &Arc<Group>),
        now_ms: i64,
        event_time: i64,
    ) {
        let mut row = super::super::tests::row(seq);
        row.group = Arc::clone(group);
        (row.appended_ms, row.event_time) = (now_ms, event_time);
        let due_ms = 0;
        self.fresh[class as usize] += 1;
        self.queued.insert(seq, Row { class, row, due_ms });
    }

    /// Leases are in memory: gives the rows whose leases are gone.
    pub(super) fn crash(&mut self) -> Vec<i64> {
        self.stale = self.windows;
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

    pub(super) fn lease(
        &mut self,
        class: Class,
        kind: LeaseKind,
        (max, max_bytes): (usize, usize),
        now_ms: i64,
    ) -> Lease {
        let leased = &self.leased;
        let of_kind = |row: &&Row| {
            row.class == class
                && (row.due_ms == 0) == (kind == LeaseKind::Fresh)
                && !leased.contains(&row.row.seq)
        };
        let due = |row: &&Row| row.due_ms <= now_ms;
        let rows: Vec<Leased> = self
            .queued
            .values()
            .filter(of_kind)
            .filter(due)
            .take(max)
            .enumerate()
            .take_while(|(place, row)| {
                *place == 0 || (place + 1) * row.row.payload.len() <= max_bytes
            })
            .map(|(_, row)| self.marked(row))
            .collect();
        let taken: HashSet<i64> = rows.iter().map(|row| row.seq).collect();
        let next_due_ms = self
            .queued
            .values()
            .filter(of_kind)
            .filter(|row| kind == LeaseKind::Retry && !taken.contains(&row.row.seq))
            .map(|row| row.due_ms)
            .min();
        if kind == LeaseKind::Fresh {
            self.fresh[class as usize] -= rows.len() as u64;
        }
        self.leased.extend(taken);
        Lease {
            rows,
            next_due_ms,
            unreadable: Vec::new(),
        }
    }

    /// A row as it is after a crash: what may have been sent is marked.
    fn marked(&self, row: &Row) -> Leased {
        let mut leased = row.row.clone();
        let stale = self.stale[row.class as usize].filter(|window| leased.seq <= window.up_to);
        if let Some(window) = stale
            && !leased.outcome_unknown
        {
            leased.outcome_unknown = true;
            leased.first_attempt_ms = Some(window.since_ms.max(leased.appended_ms));
        }
        leased
    }

    pub(super) fn keep_window(&mut self, class: Class, window: Option<Window>) {
        let stale = self.stale[class as usize].filter(|stale| {
            let mut rows = self.queued.range(..=stale.up_to).map(|(_, row)| row);
            rows.any(|row| row.class == class && !row.row.outcome_unknown)
        });
        self.windows[class as usize] = match (stale, window) {
            (Some(stale), Some(window)) => Some(Window {
                up_to: stale.up_to.max(window.up_to),
                since_ms: stale.since_ms.min(window.since_ms),
            }),
            (stale, window) => window.or(stale),
        };
    }

    pub(super) fn groups(&self) -> Vec<SetAside> {
        self.groups.values().cloned().collect()
    }

    pub(super) fn keep_set_aside(&mut self, group: SetAside) {
        assert!(self.groups.insert(group.id, group).is_none(), "kept twice");
    }

    fn in_group(&self, group: i64) -> impl Iterator<Item = &Row> {
        let rows = self.aside.values().filter(move |(of, _)| *of == group);
        rows.map(|(_, row)| row)
    }

    pub(super) fn sample(&self, group: i64, place: u16) -> Option<Leased> {
        let rows: Vec<_> = self.in_group(group).collect();
        let at = usize::from(place) * rows.len().checked_sub(1)? / usize::from(u16::MAX);
        Some(rows[at].row.clone())
    }

    pub(super) fn aged(&self, group: i64, before: i64) -> Vec<i64> {
        let aged = self
            .in_group(group)
            .filter(|row| row.row.event_time < before);
        aged.map(|row| row.row.seq).collect()
    }

    /// Gives the rows of a group back; only some where it fails in between.
    pub(super) fn free(&mut self, group: i64, is_done: bool) -> bool {
        let some = if is_done { usize::MAX } else { 3 };
        let of_group = self.in_group(group).take(some);
        let rows: Vec<i64> = of_group.map(|row| row.row.seq).collect();
        for seq in rows {
            let (_, mut row) = self.aside.remove(&seq).expect("a row of it");
            row.due_ms = 1;
            self.queued.insert(seq, row);
        }
        if is_done {
            self.groups.remove(&group);
        }
        is_done
    }

    /// The rows that wait with their group.
    pub(super) fn waiting_aside(&self) -> impl Iterator<Item = i64> {
        self.aside.keys().copied()
    }

    pub(super) fn acknowledge(&mut self, acks: &[Ack], now_ms: i64) {
        for Ack { seq, disposition } in acks {
            if *disposition == Disposition::Requeued {
                let (mut row, _) = self
                    .dead
                    .remove(seq)
                    .expect("requeued, but not dead-lettered");
                row.due_ms = now_ms.max(1);
                self.queued.insert(*seq, row);
                continue;
            }
            let mut row = if self.leased.remove(seq) {
                self.queued
                    .remove(seq)
                    .expect("acknowledged, but not queued")
            } else {
                let aside = self.aside.remove(seq);
                aside
                    .expect("acknowledged, but neither leased nor a sample")
                    .1
            };
            match disposition {
                Disposition::Delivered => {
                    assert!(self.delivered.insert(*seq), "row {seq} is delivered twice");
                }
                Disposition::DeadLettered { .. } => {
                    self.dead.insert(*seq, (row, disposition.clone()));
                }
                Disposition::RetryAt {
                    due_ms,
                    attempted_ms,
                    outcome_unknown,
                } => {
                    row.due_ms = (*due_ms).max(1);
                    row.row.attempts += 1;
                    if !row.row.outcome_unknown {
                        let first = row.row.first_attempt_ms.filter(|_| !outcome_unknown);
                        row.row.first_attempt_ms = first.or(Some(*attempted_ms));
                    }
                    row.row.outcome_unknown |= outcome_unknown;
                    self.queued.insert(*seq, row);
                }
                Disposition::SetAside(group) => {
                    assert!(self.groups.contains_key(group), "its group is not on disk");
                    row.row = self.marked(&row);
                    self.aside.insert(*seq, (*group, row));
                }
                Disposition::Requeued => {}
            }
        }
    }

    /// The clock was put back.
    pub(super) fn shift_deadlines(&mut self, back_ms: i64) {
        for row in self.queued.values_mut().filter(|row| row.due_ms > 0) {
            row.due_ms = (row.due_ms - back_ms).max(1);
        }
    }

    /// Whether a lane may send a row: it is leased, or a sample.
    pub(super) fn may_be_sent(&self, seq: i64) -> bool {
        self.leased.contains(&seq) || self.aside.contains_key(&seq)
    }

    pub(super) fn len(&self) -> usize {
        self.queued.len() + self.aside.len() + self.delivered.len() + self.dead.len()
    }

    pub(super) fn is_delivered(&self, seq: i64) -> bool {
        self.delivered.contains(&seq)
    }

    pub(super) fn dead_lettered(&self) -> usize {
        self.dead.len()
    }

    pub(super) fn delivered(&self) -> usize {
        self.delivered.len()
    }

    pub(super) fn unsettled(&self) -> usize {
        self.queued.len()
    }

    /// What became of each row.
    pub(super) fn dispositions(&self, mut check: impl FnMut(i64, &Disposition)) {
        for seq in &self.delivered {
            check(*seq, &Disposition::Delivered);
        }
        for (seq, (_, disposition)) in &self.dead {
            check(*seq, disposition);
        }
    }
}
