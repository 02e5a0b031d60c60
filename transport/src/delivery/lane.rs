//! The state machine of a lane. It does no I/O and has no clock: it is told
//! the time, what is queued and what Meta answered, and says what to do next.
//! Every decision of delivery is taken here, so that a test or a simulator can
//! walk through all of them.

mod refused;
mod sending;

use std::collections::{HashMap, VecDeque};

use fastrand::Rng;

use super::allowance::Allowance;
use super::batch::{Batch, BatchId};
use super::burials::Burials;
use super::late::Late;
use super::notice::Notice;
use super::pace::{LaneState, Pace};
use super::shelf::Shelf;
use crate::graph::{Decision, Outcome, Refusal, Verdict};
use crate::queue::{BuryReason, Class, Fate, Halt, Kind, Lease, Leased, Settlement, Waiting};

/// A clock that is set right by less than this need not concern the queue.
const LEAST_BACK_MS: i64 = 1_000;

/// A wait shorter than this need not survive a restart.
const SHORT_HALT_MS: i64 = 5_000;

/// How a lane sends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) batch_size: usize,
    pub(super) max_in_flight: usize,
    pub(super) linger_ms: i64,
}

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Lease rows and hand them to [`Lane::leased`].
    Lease {
        shelf: usize,
        class: Class,
        kind: Kind,
        max: usize,
    },
    /// Send the rows of [`Lane::rows`] and hand the outcome to
    /// [`Lane::answered`].
    Send(BatchId),
    /// The clock was put back by so much: bring the rows forward that wait in the
    /// queue for another try, and call [`Lane::rebased`].
    Rebase(i64),
    /// Keep why the lane does not send, or that nothing keeps it from it.
    Halt(Option<Halt>),
    /// Send a request without an event, which Meta answers and takes nothing
    /// of, and hand the outcome to [`Lane::probed`].
    Probe,
    /// Settle these rows, and call [`Lane::settled`] once that is on disk.
    Settle(Vec<Settlement>),
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
/// a batch on its way, in a settlement, or in the queue.
#[derive(Debug)]
pub(super) struct Lane {
    limits: Limits,
    shelves: [Shelf; 4],
    /// The shelf whose turn it is.
    turn: usize,
    /// Parts of refused batches. They go first and are not mixed with anything.
    parts: VecDeque<Part>,
    /// Whether the rows that Meta named so far were the poison.
    names_are_right: bool,
    burials: Burials,
    /// A probe on its way: the lane's stops when it left.
    probing: Option<u64>,
    in_flight: HashMap<BatchId, Batch>,
    settlements: Vec<Settlement>,
    /// Settlements that are not on disk yet.
    settling: usize,
    notices: VecDeque<Notice>,
    pace: Pace,
    /// What is kept of why it does not send.
    halt: Option<Halt>,
    unknown: u32,
    next_batch: u64,
    draining: bool,
    /// Whether nothing more is sent: what is on its way is waited for.
    closing: bool,
    last_now_ms: i64,
    /// By how much the rows in the queue are to be brought forward.
    back_ms: i64,
    late: Late,
    rng: Rng,
}

/// A part of a refused batch.
#[derive(Debug)]
struct Part {
    shelf: usize,
    rows: Vec<Leased>,
    named: bool,
}

impl Lane {
    pub(super) fn new(limits: Limits, rng: Rng) -> Self {
        Self {
            limits,
            shelves: Shelf::all(),
            turn: 0,
            parts: VecDeque::new(),
            names_are_right: true,
            burials: Burials::new(),
            probing: None,
            in_flight: HashMap::new(),
            settlements: Vec::new(),
            settling: 0,
            notices: VecDeque::new(),
            pace: Pace::new(),
            halt: None,
            unknown: 0,
            next_batch: 0,
            draining: false,
            closing: false,
            last_now_ms: i64::MIN,
            back_ms: 0,
            late: Late::default(),
            rng,
        }
    }

    /// Goes on where an earlier process stopped.
    pub(super) fn halted(&mut self, now_ms: i64, halt: Halt) {
        self.halt = Some(halt.clone());
        self.pace.halted(now_ms, halt);
    }

    /// What people see of it.
    pub(super) fn shown(&self, now_ms: i64) -> Shown {
        Shown {
            state: self.pace.shown(now_ms),
            used_percent: self.pace.used_percent(),
            age_ms: self.late.age_ms(),
        }
    }

    /// Ends the wait of a parked lane: somebody mended what was wrong.
    pub(super) fn resume(&mut self, now_ms: i64) {
        self.pace.resume(now_ms);
    }

    /// The rows of a batch that is to be sent.
    pub(super) fn rows(&self, batch: BatchId) -> &[Leased] {
        self.in_flight.get(&batch).map_or(&[], |batch| &batch.rows)
    }

    pub(super) fn idle(&self) -> bool {
        self.in_flight.is_empty() && self.probing.is_none()
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

    /// What to do next. To be asked again until it says to wait.
    pub(super) fn next(&mut self, now_ms: i64, waiting: Waiting) -> Step {
        self.watch_clock(now_ms);
        if let Some(notice) = self.notices.pop_front() {
            return Step::Tell(notice);
        }
        if let Some(halt) = self.changed_halt(now_ms) {
            return Step::Halt(halt);
        }
        if self.back_ms > LEAST_BACK_MS {
            return Step::Rebase(std::mem::take(&mut self.back_ms));
        }
        let back = self.burials.take_back();
        self.settlements
            .extend(back.into_iter().map(|seq| Settlement {
                seq,
                fate: Fate::TakenBack,
            }));
        if !self.settlements.is_empty() {
            return self.settle();
        }
        // Nobody mends a token while capi stops.
        if self.closing || (self.draining && self.pace.parked_for().is_some()) {
            return Step::Wait(None);
        }
        let allowance = self.pace.allowance(now_ms, self.limits.max_in_flight);
        let enough = match allowance {
            Allowance::Until(at) => return Step::Wait(Some(at)),
            Allowance::Probe if self.idle() => {
                self.probing = Some(self.pace.epoch());
                return Step::Probe;
            }
            Allowance::Probe => return Step::Wait(None),
            // A Meta that answers faster than the disk writes must not fill the
            // memory with what is to be settled.
            Allowance::Requests(limit) => self.in_flight.len().max(self.settling) >= limit,
            Allowance::One => !self.idle(),
        };
        if let Some(step) = self.lease_step(now_ms, waiting) {
            return step;
        }
        if enough {
            return Step::Wait(None);
        }
        let max = if allowance == Allowance::One {
            1
        } else {
            self.limits.batch_size
        };
        if let Some(batch) = self
            .send_part(now_ms)
            .or_else(|| self.send_shelf(now_ms, max))
        {
            return Step::Send(batch);
        }
        if !self.settlements.is_empty() {
            return self.settle();
        }
        Step::Wait(self.wake_ms(waiting))
    }

    /// Rows that [`Step::Lease`] asked for. An empty lease stands for a queue
    /// that failed: it is asked again a little later.
    pub(super) fn leased(&mut self, now_ms: i64, shelf: usize, lease: Lease) {
        self.shelves[shelf].stock(lease, now_ms);
    }

    /// Settlements that are on disk: rows that wait for another try can be
    /// leased from now on.
    pub(super) fn settled(&mut self, settlements: &[Settlement]) {
        self.settling = self.settling.saturating_sub(1);
        let mut due: Option<i64> = None;
        for settlement in settlements {
            match settlement.fate {
                Fate::RetryAt { due_ms, .. } => due = Some(due.map_or(due_ms, |d| d.min(due_ms))),
                Fate::TakenBack => due = Some(i64::MIN),
                Fate::Buried { .. } => self.burials.settled(settlement.seq),
                Fate::Delivered => {}
            }
        }
        if let Some(due_ms) = due {
            let retries = self
                .shelves
                .iter_mut()
                .filter(|shelf| shelf.kind == Kind::Retry);
            retries.for_each(|shelf| shelf.due_at(due_ms));
        }
    }

    /// What waits in the queue was brought forward.
    pub(super) fn rebased(&mut self) {
        let retries = self
            .shelves
            .iter_mut()
            .filter(|shelf| shelf.kind == Kind::Retry);
        retries.for_each(|shelf| shelf.due_at(i64::MIN));
    }

    /// What became of a batch.
    pub(super) fn answered(&mut self, now_ms: i64, id: BatchId, outcome: Outcome) {
        self.watch_clock(now_ms);
        let Some(batch) = self.in_flight.remove(&id) else {
            return;
        };
        self.told(now_ms, &outcome);
        let sent = batch.rows.len() as u64;
        match outcome.judge(sent) {
            Verdict::Accepted {
                events_received,
                messages,
                fbtrace_id,
            } => {
                self.unknown = 0;
                self.names_are_right &= !batch.named;
                self.burials.accepted();
                self.went_well(&batch);
                let more = events_received.filter(|received| *received != sent);
                if more.is_some() || !messages.is_empty() {
                    self.notices.push_back(Notice::Remarked {
                        sent,
                        received: more.unwrap_or(sent),
                        messages,
                        fbtrace_id,
                    });
                }
                self.settlements.extend(batch.delivered());
            }
            Verdict::Refused {
                decision,
                wait,
                outcome_unknown,
                refusal,
            } => {
                let wait_ms = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
                self.refused(now_ms, batch, decision, wait_ms, outcome_unknown, refusal);
            }
        }
    }

    /// What became of a probe.
    pub(super) fn probed(&mut self, now_ms: i64, outcome: Outcome) {
        self.watch_clock(now_ms);
        self.told(now_ms, &outcome);
        let Some(epoch) = self.probing.take() else {
            return;
        };
        match outcome.judge(0) {
            // It found fault with the empty event: so it read it.
            Verdict::Accepted { .. }
            | Verdict::Refused {
                decision: Decision::Bisect | Decision::SetAside,
                ..
            } => self.pace.probe_passed(epoch),
            Verdict::Refused {
                decision,
                wait,
                refusal,
                ..
            } => {
                let wait_ms = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
                match decision {
                    Decision::Park => drop(self.pace.parked(now_ms, epoch, wait_ms, refusal)),
                    _ => drop(self.pace.throttled(now_ms, epoch, wait_ms)),
                }
            }
        }
    }

    /// What an answer says of the allowance, whatever else it says.
    fn told(&mut self, now_ms: i64, outcome: &Outcome) {
        if let Outcome::Answered(answer) = outcome {
            self.pace.told(now_ms, answer.usage);
        }
    }

    /// Gives up waiting for answers, when capi stops: what is on its way may
    /// arrive, and is sent again by the next run.
    pub(super) fn cut(&mut self, now_ms: i64) -> Vec<Settlement> {
        for (_, batch) in self.in_flight.drain() {
            self.settlements.extend(batch.retry_at(now_ms, true));
        }
        std::mem::take(&mut self.settlements)
    }
}

/// What may be done now.
impl Lane {
    /// Why the lane does not send, if that is not what is kept. A short wait is
    /// over before it is worth a commit.
    fn changed_halt(&mut self, now_ms: i64) -> Option<Option<Halt>> {
        let halt = self.pace.halt(now_ms);
        let is_same = match (&halt, &self.halt) {
            (Some(Halt::Parked { refusal: now }), Some(Halt::Parked { refusal: kept })) => {
                now.error() == kept.error()
            }
            (Some(Halt::Throttled { until_ms }), None) => {
                until_ms.saturating_sub(now_ms) < SHORT_HALT_MS
            }
            (now, kept) => now == kept,
        };
        if is_same {
            return None;
        }
        self.halt.clone_from(&halt);
        Some(halt)
    }

    fn settle(&mut self) -> Step {
        self.settling += 1;
        Step::Settle(std::mem::take(&mut self.settlements))
    }

    /// A clock that was put back must not stretch the waits.
    fn watch_clock(&mut self, now_ms: i64) {
        let back_ms = self.last_now_ms.saturating_sub(now_ms);
        if back_ms > 0 {
            self.pace.rebase(back_ms);
            self.shelves
                .iter_mut()
                .for_each(|shelf| shelf.rebase(back_ms));
            self.back_ms = self.back_ms.saturating_add(back_ms);
        }
        self.last_now_ms = now_ms;
    }
}
