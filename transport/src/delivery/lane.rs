//! The state machine of a lane. It does no I/O and has no clock: it is given
//! the time, what is queued and what Meta answered, and says what to do next.
//! Every decision of delivery is taken here, so that a test or a simulator can
//! walk through all of them.

mod decide;
mod groups;
mod judge;
mod refused;
mod sending;

use std::collections::{HashMap, VecDeque};

use fastrand::Rng;

use super::aside::Asides;
use super::batch::{Batch, BatchId, Part};
use super::freshness::Freshness;
use super::limits::RowLimits;
use super::notice::Notice;
use super::ready_buffer::ReadyBuffer;
use super::send_gate::{LaneState, SendGate};
use super::streaks::Streaks;
use super::windows::Windows;
use crate::queue::{
    Ack, Class, DeadLetterReason, Disposition, LaneBlock, Lease, LeaseKind, Leased, SetAside,
    Window,
};

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Lease rows and hand them to [`Lane::leased`].
    Lease {
        ready_buffer: usize,
        class: Class,
        kind: LeaseKind,
        max: usize,
        max_bytes: usize,
    },
    /// Send the rows of [`Lane::rows`] and hand the outcome to
    /// [`Lane::answered`].
    Send(BatchId),
    /// The clock was put back by so much: bring the rows forward that wait in the
    /// queue for another try, and call [`Lane::rebased`].
    Rebase(i64),
    /// Keep why the lane does not send, or that nothing keeps it from it.
    KeepHalt(Option<LaneBlock>),
    /// Write down that a group is set aside, and call [`Lane::kept_set_aside`].
    KeepSetAside(SetAside),
    /// Read a row of a group that is set aside and hand it to [`Lane::sampled`].
    Sample {
        group: i64,
        class: Class,
        place: u16,
    },
    /// Read the rows of a group that is set aside whose events happened before then, in
    /// Unix seconds, and hand them to [`Lane::aged`].
    Aged { group: i64, before: i64 },
    /// Give the rows of a group back and call [`Lane::freed`].
    Free(i64),
    /// Write down up to which row something may be under way, and call
    /// [`Lane::kept_window`].
    KeepWindow(Class, Option<Window>),
    /// Send a request without an event, which Meta answers and takes nothing
    /// of, and hand the outcome to [`Lane::probed`].
    Probe,
    /// Settle these rows, and call [`Lane::acknowledged`] once that is on disk.
    Settle(Vec<Ack>),
    /// Tell people.
    Tell(Notice),
    /// Wait until then (Unix milliseconds), if it is said, or until something
    /// happens.
    Wait(Option<i64>),
}

/// What people see of a lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) state: LaneState,
    /// How much of Meta's allowance is used, where Meta told.
    pub(super) used_percent: Option<u32>,
    /// How old the oldest event of the last request was when it left.
    pub(super) age_ms: Option<i64>,
}

/// One lane. At any time a row of it is in one place: on a shelf, in a part, in
/// a batch on its way, in an ack, or in the queue.
#[derive(Debug)]
pub(super) struct Lane {
    limits: RowLimits,
    shelves: [ReadyBuffer; 4],
    /// The shelf whose turn it is.
    turn: usize,
    /// Parts of refused batches, and samples. They are not mixed with anything.
    parts: VecDeque<Part>,
    /// Whether it is a part's turn to be sent, and not a shelf's.
    is_parts_turn: bool,
    /// What is sent next, as soon as its window is on disk.
    next_part: Option<Part>,
    windows: Windows,
    /// Whether the rows that Meta named so far were the poison.
    names_are_right: bool,
    streaks: Streaks,
    asides: Asides,
    /// A probe on its way: the lane's stops when it left.
    probing: Option<u64>,
    in_flight: HashMap<BatchId, Batch>,
    acks: Vec<Ack>,
    /// Settlements that are not on disk yet.
    acknowledging: usize,
    notices: VecDeque<Notice>,
    pace: SendGate,
    /// What is kept of why it does not send.
    stored_lane_block: Option<LaneBlock>,
    unknown: u32,
    next_batch: u64,
    draining: bool,
    /// Whether nothing more is sent: what is on its way is waited for.
    closing: bool,
    last_now_ms: i64,
    /// By how much the rows in the queue are to be brought forward.
    back_ms: i64,
    /// Whether the clock jumped, so that nothing must expire by it.
    is_clock_in_doubt: bool,
    late: Freshness,
    rng: Rng,
}

impl Lane {
    pub(super) fn new(limits: RowLimits, rng: Rng) -> Self {
        Self {
            limits,
            shelves: ReadyBuffer::all(),
            turn: 0,
            parts: VecDeque::new(),
            is_parts_turn: true,
            next_part: None,
            windows: Windows::default(),
            names_are_right: true,
            streaks: Streaks::default(),
            asides: Asides::default(),
            probing: None,
            in_flight: HashMap::new(),
            acks: Vec::new(),
            acknowledging: 0,
            notices: VecDeque::new(),
            pace: SendGate::new(),
            stored_lane_block: None,
            unknown: 0,
            next_batch: 0,
            draining: false,
            closing: false,
            last_now_ms: i64::MIN,
            back_ms: 0,
            is_clock_in_doubt: false,
            late: Freshness::default(),
            rng,
        }
    }

    /// Goes on where an earlier process stopped.
    pub(super) fn restore(
        &mut self,
        now_ms: i64,
        lane_block: Option<LaneBlock>,
        groups: Vec<SetAside>,
    ) {
        if let Some(lane_block) = lane_block {
            self.stored_lane_block = Some(lane_block.clone());
            self.pace.restore(now_ms, lane_block);
        }
        self.asides.restore(now_ms, groups);
    }

    /// What people see of it.
    pub(super) fn shown(&self, now_ms: i64) -> Shown {
        Shown {
            state: self.pace.shown(now_ms),
            used_percent: self.pace.used_percent(),
            age_ms: self.late.age_ms(),
        }
    }

    /// Ends the wait of a parked lane and of its groups: somebody fixed what was wrong.
    pub(super) fn resume(&mut self, now_ms: i64) {
        self.pace.resume(now_ms);
        self.asides.end_all();
    }

    /// Says whether the clock jumped and nobody knows yet whether it is right.
    pub(super) fn doubt_clock(&mut self, is_in_doubt: bool) {
        self.is_clock_in_doubt = is_in_doubt;
    }

    /// The rows of a batch that is to be sent.
    pub(super) fn rows(&mut self, batch: BatchId) -> &mut [Leased] {
        let batch = self.in_flight.get_mut(&batch);
        batch.map_or(&mut [], |batch| &mut batch.part.rows)
    }

    pub(super) fn idle(&self) -> bool {
        self.in_flight.is_empty() && self.probing.is_none()
    }

    /// Whether it holds no row of the queue.
    pub(super) fn is_empty(&self) -> bool {
        self.idle()
            && self.acks.is_empty()
            && self.acknowledging == 0
            && self.parts.is_empty()
            && self.next_part.is_none()
            && self.shelves.iter().all(ReadyBuffer::is_empty)
    }

    /// From now on nothing waits for company.
    pub(super) fn drain(&mut self) {
        self.draining = true;
        self.limits.linger_ms = 0;
    }

    /// From now on nothing is sent any more.
    pub(super) fn close(&mut self) {
        self.closing = true;
    }

    /// Rows that [`Step::Lease`] asked for. An empty lease stands for a queue
    /// that failed: it is asked again a little later.
    pub(super) fn leased(&mut self, now_ms: i64, ready_buffer: usize, lease: Lease) {
        if !lease.unreadable.is_empty() {
            let rows = lease.unreadable.len();
            let reason = DeadLetterReason::Unreadable;
            self.notices.push_back(Notice::Expired { reason, rows });
            for seq in &lease.unreadable {
                self.dead_letter(*seq, reason, None);
            }
        }
        self.shelves[ready_buffer].fill(lease, now_ms);
    }

    /// Settlements that are on disk: rows that wait for another try can be
    /// leased from now on.
    pub(super) fn acknowledged(&mut self, acks: &[Ack]) {
        self.acknowledging = self.acknowledging.saturating_sub(1);
        let mut due: Option<i64> = None;
        for ack in acks {
            match ack.disposition {
                Disposition::RetryAt { due_ms, .. } => {
                    due = Some(due.map_or(due_ms, |d| d.min(due_ms)));
                }
                Disposition::Requeued => due = Some(i64::MIN),
                Disposition::DeadLettered { .. } => self.streaks.acknowledged(ack.seq),
                Disposition::SetAside(group) => self.asides.acknowledged(group),
                Disposition::Delivered => {}
            }
        }
        if let Some(due_ms) = due {
            let retries = self
                .shelves
                .iter_mut()
                .filter(|ready_buffer| ready_buffer.kind == LeaseKind::Retry);
            retries.for_each(|ready_buffer| ready_buffer.due_at(due_ms));
        }
    }

    /// What waits in the queue was brought forward.
    pub(super) fn rebased(&mut self) {
        let retries = self
            .shelves
            .iter_mut()
            .filter(|ready_buffer| ready_buffer.kind == LeaseKind::Retry);
        retries.for_each(|ready_buffer| ready_buffer.due_at(i64::MIN));
    }

    /// Gives up waiting for answers, when capi stops: what has left may arrive, and is
    /// sent again by the next run. What waited for its turn has not.
    pub(super) fn cut(&mut self, now_ms: i64, has_left: impl Fn(BatchId) -> bool) -> Vec<Ack> {
        for (id, batch) in self.in_flight.drain() {
            if has_left(id) {
                self.acks.extend(batch.retry_at(now_ms, true));
            }
        }
        let asides = &self.asides;
        // What would wait with a group that is not on disk is leased again instead.
        self.acks.retain(|ack| match ack.disposition {
            Disposition::SetAside(group) => asides.is_kept(group),
            _ => true,
        });
        std::mem::take(&mut self.acks)
    }

    /// What there is to tell at the end.
    pub(super) fn last_notices(&mut self) -> impl Iterator<Item = Notice> {
        self.notices.drain(..)
    }

    /// A clock that was put back must not stretch the waits.
    fn watch_clock(&mut self, now_ms: i64) {
        let back_ms = self.last_now_ms.saturating_sub(now_ms);
        if back_ms > 0 {
            self.pace.shift_deadlines(back_ms);
            self.shelves
                .iter_mut()
                .for_each(|ready_buffer| ready_buffer.shift_deadlines(back_ms));
            self.asides.shift_deadlines(back_ms);
            self.windows.shift_deadlines(back_ms);
            self.back_ms = self.back_ms.saturating_add(back_ms);
        }
        self.last_now_ms = now_ms;
    }
}
