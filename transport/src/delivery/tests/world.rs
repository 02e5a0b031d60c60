//! A lane and the world around it.

use std::collections::VecDeque;
use std::sync::Arc;

use fastrand::Rng;

use super::{START_MS, accepted, row};
use crate::delivery::batch::BatchId;
use crate::delivery::lane::{Lane, Step};
use crate::delivery::limits::RowLimits;
use crate::delivery::notice::Notice;
use crate::delivery::send_gate::LaneState;
use crate::graph::Outcome;
use crate::queue::{
    Ack, Class, DeadLetterReason, Disposition, Group, LaneBlock, Lease, LeaseKind, Leased,
    SetAside, Waiting, Window,
};

/// A lane with a queue in memory. It leases and acknowledges immediately; requests wait
/// for the test to answer them.
pub(super) struct World {
    pub(super) lane: Lane,
    pub(super) now_ms: i64,
    fresh: [VecDeque<Leased>; 2],
    retries: Vec<(i64, Class, Leased)>,
    pub(super) leased: Vec<(Class, Leased)>,
    pub(super) sent: VecDeque<(BatchId, Vec<i64>)>,
    pub(super) delivered: Vec<i64>,
    pub(super) dead_lettered: Vec<(i64, DeadLetterReason)>,
    pub(super) notices: Vec<Notice>,
    pub(super) wait: Option<i64>,
    /// How many probes are on their way: one at most.
    pub(super) probes: u32,
    dead: Vec<(Class, Leased)>,
    /// The groups on disk, and the rows that wait in them.
    pub(super) groups: Vec<SetAside>,
    pub(super) aside: Vec<(i64, Class, Leased)>,
    pub(super) windows: [Option<Window>; 2],
    /// What was written down of them, in order.
    pub(super) windows_kept: Vec<Option<Window>>,
    pub(super) lane_block: Option<LaneBlock>,
    next_seq: i64,
}

impl World {
    pub(super) fn new(batch_size: usize, max_in_flight: usize, linger_ms: i64) -> Self {
        let limits = RowLimits {
            batch_size,
            batch_bytes: 1 << 20,
            max_in_flight,
            linger_ms,
        };
        Self {
            lane: Lane::new(limits, Rng::with_seed(1)),
            now_ms: START_MS,
            fresh: Default::default(),
            retries: Vec::new(),
            leased: Vec::new(),
            sent: VecDeque::new(),
            delivered: Vec::new(),
            dead_lettered: Vec::new(),
            notices: Vec::new(),
            wait: None,
            probes: 0,
            dead: Vec::new(),
            groups: Vec::new(),
            aside: Vec::new(),
            windows: [None; 2],
            windows_kept: Vec::new(),
            lane_block: None,
            next_seq: 1,
        }
    }

    /// Begins the lane anew, as another process does. Nothing is on its way.
    pub(super) fn restart(&mut self) {
        let limits = RowLimits {
            batch_size: 10,
            batch_bytes: 1 << 20,
            max_in_flight: 8,
            linger_ms: 0,
        };
        self.lane = Lane::new(limits, Rng::with_seed(2));
        let (lane_block, groups) = (self.lane_block.clone(), self.groups.clone());
        self.lane.restore(self.now_ms, lane_block, groups);
        let leased = std::mem::take(&mut self.leased);
        let fresh = leased.into_iter().filter(|(_, row)| row.attempts == 0);
        fresh.for_each(|(class, row)| self.fresh[class as usize].push_back(row));
        self.run();
    }

    pub(super) fn append(&mut self, count: i64) {
        self.append_as(Class::Standard, count, START_MS / 1000);
    }

    pub(super) fn append_as(&mut self, class: Class, count: i64, event_time: i64) {
        for _ in 0..count {
            let mut row = row(self.next_seq);
            (row.event_time, row.appended_ms) = (event_time, self.now_ms);
            self.fresh[class as usize].push_back(row);
            self.next_seq += 1;
        }
        self.run();
    }

    /// Rows of one group, without running the lane.
    pub(super) fn append_group(&mut self, group: &Arc<Group>, count: i64) {
        for _ in 0..count {
            let mut row = row(self.next_seq);
            (row.event_time, row.appended_ms) = (self.now_ms / 1000, self.now_ms);
            row.group = Arc::clone(group);
            self.fresh[0].push_back(row);
            self.next_seq += 1;
        }
    }

    pub(super) fn put_fresh(&mut self, row: Leased) {
        self.fresh[0].push_back(row);
        self.run();
    }

    pub(super) fn pass(&mut self, ms: i64) {
        self.now_ms += ms;
        self.run();
    }

    /// Lets time pass until something is sent.
    pub(super) fn pass_until_sent(&mut self) -> i64 {
        let begin = self.now_ms;
        while self.sent.is_empty() {
            let until = self.wait.expect("the lane waits for nothing");
            self.now_ms = until.max(self.now_ms + 1);
            self.run();
        }
        self.now_ms - begin
    }

    /// Lets time pass until a probe is on its way, and gives how much.
    pub(super) fn pass_until_probed(&mut self) -> i64 {
        let begin = self.now_ms;
        while self.probes == 0 {
            let until = self.wait.expect("the lane waits for nothing");
            self.now_ms = until.max(self.now_ms + 1);
            self.run();
        }
        self.now_ms - begin
    }

    /// Answers the probe.
    pub(super) fn probed(&mut self, outcome: Outcome) {
        assert_eq!(self.probes, 1);
        self.probes = 0;
        self.lane.probed(self.now_ms, outcome);
        self.run();
    }

    /// Runs the lane until it waits.
    pub(super) fn run(&mut self) {
        for _ in 0..10_000 {
            let waiting = Waiting {
                standard: self.fresh[0].len() as u64,
                physical_store: self.fresh[1].len() as u64,
            };
            match self.lane.next(self.now_ms, waiting) {
                Step::Tell(notice) => self.notices.push(notice),
                Step::Lease {
                    ready_buffer,
                    class,
                    kind,
                    max,
                    max_bytes: _,
                } => {
                    let lease = self.lease(class, kind, max);
                    self.lane.leased(self.now_ms, ready_buffer, lease);
                }
                Step::KeepHalt(lane_block) => self.lane_block = lane_block,
                Step::KeepSetAside(group) => {
                    let id = group.id;
                    self.groups.push(group);
                    self.lane.kept_set_aside(id, true);
                }
                Step::Sample {
                    group,
                    class,
                    place,
                } => {
                    let mut rows: Vec<_> = self.aside.iter().filter(|it| it.0 == group).collect();
                    rows.sort_by_key(|(_, _, row)| row.seq);
                    let last = rows.len().saturating_sub(1);
                    let at = usize::from(place) * last / usize::from(u16::MAX);
                    let row = rows.get(at).map(|(_, _, row)| row.clone());
                    self.lane.sampled(self.now_ms, group, class, row);
                }
                Step::Aged { group, before } => {
                    let aged = self
                        .aside
                        .iter()
                        .filter(|(of, _, row)| *of == group && row.event_time < before);
                    let aged = aged.map(|(_, _, row)| row.seq).collect();
                    self.lane.aged(self.now_ms, group, aged, 1_000);
                }
                Step::Free(group) => {
                    let now_ms = self.now_ms;
                    let freed = self.aside.extract_if(.., |it| it.0 == group);
                    let freed = freed.map(|(_, class, row)| (now_ms, class, row));
                    self.retries.extend(freed.collect::<Vec<_>>());
                    self.groups.retain(|of| of.id != group);
                    self.lane.freed(group, true);
                }
                Step::KeepWindow(class, window) => {
                    self.windows[class as usize] = window;
                    self.windows_kept.push(window);
                    self.lane.kept_window(class, window);
                }
                Step::Rebase(back_ms) => {
                    for (due_ms, ..) in &mut self.retries {
                        *due_ms -= back_ms;
                    }
                    self.lane.rebased();
                }
                Step::Probe => self.probes += 1,
                Step::Send(id) => {
                    let seqs = self.lane.rows(id).iter().map(|row| row.seq).collect();
                    self.sent.push_back((id, seqs));
                }
                Step::Settle(acks) => {
                    self.acknowledge(&acks);
                    self.lane.acknowledged(&acks);
                }
                Step::Wait(until) => {
                    self.wait = until;
                    return;
                }
            }
        }
        panic!("the lane does not come to rest");
    }

    fn lease(&mut self, class: Class, kind: LeaseKind, max: usize) -> Lease {
        let rows: Vec<_> = match kind {
            LeaseKind::Fresh => {
                let fresh = &mut self.fresh[class as usize];
                fresh.drain(..max.min(fresh.len())).collect()
            }
            LeaseKind::Retry => {
                let now_ms = self.now_ms;
                let due = |(at, of, _): &mut (i64, Class, Leased)| *at <= now_ms && *of == class;
                self.retries
                    .extract_if(.., due)
                    .map(|(_, _, row)| row)
                    .take(max)
                    .collect()
            }
        };
        self.leased
            .extend(rows.iter().map(|row| (class, row.clone())));
        let later = self
            .retries
            .iter()
            .filter(|(_, of, _)| *of == class && kind == LeaseKind::Retry);
        Lease {
            rows,
            next_due_ms: later.map(|(at, ..)| *at).min(),
            unreadable: Vec::new(),
        }
    }

    fn acknowledge(&mut self, acks: &[Ack]) {
        for Ack { seq, disposition } in acks {
            if *disposition == Disposition::Requeued {
                let at = self.dead.iter().position(|(_, row)| row.seq == *seq);
                let (class, row) = self.dead.swap_remove(at.expect("not dead-lettered"));
                self.dead_lettered
                    .retain(|(dead_lettered, _)| dead_lettered != seq);
                self.retries.push((self.now_ms, class, row));
                continue;
            }
            let at = self.leased.iter().position(|(_, row)| row.seq == *seq);
            let (class, mut row) = match at {
                Some(at) => self.leased.swap_remove(at),
                // A sample, which is not leased.
                None => {
                    let at = self.aside.iter().position(|it| it.2.seq == *seq);
                    let (_, class, row) = self.aside.swap_remove(at.expect("not leased"));
                    (class, row)
                }
            };
            match *disposition {
                Disposition::Delivered => self.delivered.push(*seq),
                Disposition::DeadLettered { reason, .. } => {
                    self.dead_lettered.push((*seq, reason));
                    self.dead.push((class, row));
                }
                Disposition::SetAside(group) => self.aside.push((group, class, row)),
                Disposition::Requeued => {}
                Disposition::RetryAt {
                    due_ms,
                    attempted_ms,
                    outcome_unknown,
                } => {
                    row.attempts += 1;
                    if !row.outcome_unknown {
                        let first = row.first_attempt_ms.filter(|_| !outcome_unknown);
                        row.first_attempt_ms = first.or(Some(attempted_ms));
                    }
                    row.outcome_unknown |= outcome_unknown;
                    self.retries.push((due_ms, class, row));
                }
            }
        }
    }

    pub(super) fn state(&self) -> LaneState {
        self.lane.shown(self.now_ms).state
    }

    /// Answers the oldest request.
    pub(super) fn answer(&mut self, outcome: Outcome) -> Vec<i64> {
        let (id, rows) = self.sent.pop_front().expect("nothing was sent");
        self.lane.answered(self.now_ms, id, outcome);
        self.run();
        rows
    }

    pub(super) fn accept(&mut self) -> Vec<i64> {
        let rows = self.sent.front().map_or(0, |(_, rows)| rows.len());
        self.answer(accepted(rows as u64))
    }

    pub(super) fn sizes(&self) -> Vec<usize> {
        self.sent.iter().map(|(_, rows)| rows.len()).collect()
    }
}
