//! Runs one lane against the queue and the network. Decides nothing.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{Notify, watch};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep, timeout};
use tracing::warn;

use super::batch::BatchId;
use super::lane::{Lane, Step};
use super::notice_throttle::NoticeThrottle;
use super::stats::Counters;
use super::trouble::Trouble;
use crate::Clock;
use crate::clock_doubt::ClockDoubt;
use crate::graph::{Departure, Graph, Outcome, encode};
use crate::queue::{Ack, Class, LaneKey, Lease, LeaseKind, LeaseRequest, Queue, Waiting, Window};

/// How long to wait after the queue failed; a full disk does not empty sooner.
const QUEUE_PAUSE: Duration = Duration::from_secs(1);

/// A request that a live token gets an answer to and that creates nothing: its
/// one event has no name.
///
/// Seen in answers of the endpoint; not documented.
const NO_EVENT: &[u8] = br#"{"data":[{}]}"#;

/// The wall clock may jump ahead while a lane waits: it is looked at this often.
const LONGEST_SLEEP: Duration = Duration::from_secs(10);

/// So long before the end nothing more is sent: what is cut off would be sent again
/// by the next run, and Meta answers in about 0.6 seconds.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

/// So many rows are acknowledged in one call: a client's event must not wait for a thousand.
const SETTLED_AT_ONCE: usize = 50;

/// So many rows of a group that have grown too old become dead letters together.
const AGED_AT_ONCE: usize = 1_000;

/// A lane of a test code ends after so long without a row.
const IDLE: Duration = Duration::from_secs(60);

/// What is on its way is acknowledged at the end within this time, or by the next
/// run.
const LAST_SETTLE: Duration = Duration::from_secs(2);

pub(super) struct Driver {
    pub(super) key: LaneKey,
    pub(super) lane: Lane,
    pub(super) queue: Arc<dyn Queue>,
    pub(super) graph: Graph,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) doubt: ClockDoubt,
    pub(super) counters: Arc<Counters>,
    pub(super) reported: NoticeThrottle,
    pub(super) trouble: Trouble,
    /// Once it is set: drain, and be done by then.
    pub(super) stop: watch::Receiver<Option<Instant>>,
    /// Rows came, or something else to look at.
    pub(super) wake: Arc<Notify>,
    /// The counter of resumes when it was looked at last.
    pub(super) resumes: u64,
    /// What is on its way; a request of no batch is a probe.
    pub(super) sends: JoinSet<(Option<BatchId>, Outcome)>,
    /// Which of the batches have left.
    pub(super) departures: HashMap<BatchId, Departure>,
    pub(super) acknowledges: JoinSet<Arc<[Ack]>>,
    /// When nothing more is sent, once it is to stop.
    pub(super) close: Option<Instant>,
    /// Since when the lane has had no row.
    pub(super) idle_since: Option<Instant>,
}

impl Driver {
    /// Runs until delivery is stopped, or until the lane of a test code has had no row
    /// for a while.
    ///
    /// # Errors
    ///
    /// When one of its tasks panicked: the lane is to be begun anew.
    pub(super) async fn run(mut self) -> Result<LaneKey, JoinError> {
        while self
            .trouble
            .report("The lane cannot begin", self.queue.release(&self.key).await)
            .is_none()
        {
            if self.stop.borrow().is_some() {
                return Ok(self.key);
            }
            sleep(QUEUE_PAUSE).await;
        }
        while self.step().await? {
            if self.is_over().await {
                return Ok(self.key);
            }
        }
        self.finish().await?;
        Ok(self.key)
    }

    /// Whether the lane ends because nothing comes any more: events may bring ever new
    /// test codes.
    async fn is_over(&mut self) -> bool {
        let has_rows = self.queue.waiting(&self.key) != Waiting::default();
        if self.key.test_event_code.is_none() || has_rows || !self.lane.is_empty() {
            self.idle_since = None;
            return false;
        }
        let since = *self.idle_since.get_or_insert_with(Instant::now);
        if since.elapsed() < IDLE {
            return false;
        }
        // Looked at again after as long where there are rows that wait for another try.
        self.idle_since = None;
        let is_ended = matches!(self.queue.end_lane(&self.key).await, Ok(true));
        if is_ended {
            self.counters.forget(&self.key);
        }
        is_ended
    }

    /// One step. `false` when there is nothing more to do before the end.
    async fn step(&mut self) -> Result<bool, JoinError> {
        let stop = *self.stop.borrow_and_update();
        if let Some(deadline) = stop {
            self.lane.drain();
            let now = Instant::now();
            let patience = deadline.saturating_duration_since(now);
            // Seen for the first time: how long there is in all.
            let close = *self
                .close
                .get_or_insert_with(|| deadline - LAST_ANSWERS.min(patience / 2));
            if now >= close {
                self.lane.close();
            }
        }
        if stop.is_some_and(|deadline| Instant::now() >= deadline) {
            return Ok(false);
        }
        while let Some(sent) = self.sends.try_join_next() {
            self.answered(sent?);
        }
        while let Some(acknowledged) = self.acknowledges.try_join_next() {
            self.lane.acknowledged(&acknowledged?);
        }
        let now_ms = self.clock.now_ms();
        let is_in_doubt = self.doubt.is_in_doubt(now_ms, self.clock.monotonic_ms());
        self.lane.doubt_clock(is_in_doubt);
        let resumes = self.counters.resumes.load(Ordering::Relaxed);
        if std::mem::replace(&mut self.resumes, resumes) != resumes {
            self.lane.resume(now_ms);
        }
        let step = self.lane.next(now_ms, self.queue.waiting(&self.key));
        self.counters.shown(&self.key, self.lane.shown(now_ms));
        match step {
            Step::Tell(notice) => {
                self.counters.reported(&notice);
                self.reported.log(now_ms, &notice, &self.key);
            }
            Step::Settle(acks) => self.acknowledge(acks),
            Step::Lease {
                ready_buffer,
                class,
                kind,
                max,
                max_bytes,
            } => {
                self.lease(ready_buffer, class, kind, (max, max_bytes))
                    .await;
            }
            Step::Send(batch) => self.send(batch),
            Step::KeepHalt(lane_block) => {
                let kept = self.queue.store_lane_block(&self.key, lane_block).await;
                self.trouble
                    .report("It cannot be written down why the lane does not send", kept);
            }
            Step::KeepSetAside(group) => {
                let id = group.id;
                let kept = self.queue.keep_set_aside(&self.key, group).await;
                let kept = self.trouble.report("A group cannot be set aside", kept);
                self.lane.kept_set_aside(id, kept.is_some());
                pause_unless(kept.is_some()).await;
            }
            Step::Sample {
                group,
                class,
                place,
            } => {
                let row = self.queue.sample(&self.key, group, place).await;
                if let Some(row) = self.trouble.report("A sample cannot be read", row) {
                    self.lane.sampled(self.clock.now_ms(), group, class, row);
                }
            }
            Step::Aged { group, before } => {
                let rows = self
                    .queue
                    .aged(&self.key, group, before, AGED_AT_ONCE)
                    .await;
                if let Some(rows) = self.trouble.report("Old rows cannot be read", rows) {
                    self.lane
                        .aged(self.clock.now_ms(), group, rows, AGED_AT_ONCE);
                }
            }
            Step::Free(group) => {
                let freed = self.queue.free(&self.key, group).await;
                let freed = self.trouble.report("A group cannot be given back", freed);
                self.lane.freed(group, freed.is_some());
                pause_unless(freed.is_some()).await;
            }
            Step::KeepWindow(class, window) => self.keep_window(class, window).await,
            Step::Rebase(back_ms) => {
                let rebased = self.queue.shift_deadlines(&self.key, back_ms).await;
                self.trouble.report(
                    "What waits cannot follow a clock that was put back",
                    rebased,
                );
                self.lane.rebased();
            }
            Step::Probe => self.probe(),
            Step::Wait(until_ms) => return self.wait(now_ms, until_ms, stop).await,
        }
        Ok(true)
    }

    /// What may have been sent is written down. Without that nothing is sent: the lane
    /// asks again.
    async fn keep_window(&mut self, class: Class, window: Option<Window>) {
        let kept = self.queue.keep_window(&self.key, class, window).await;
        let kept = self
            .trouble
            .report("What is to be sent cannot be written down", kept);
        if kept.is_some() {
            self.lane.kept_window(class, window);
        }
        pause_unless(kept.is_some()).await;
    }

    fn send(&mut self, batch: BatchId) {
        let rows = self.lane.rows(batch);
        let body = encode(rows, self.key.test_event_code.as_deref());
        let graph = self.graph.clone();
        self.counters.requests.fetch_add(1, Ordering::Relaxed);
        let departure = Departure::default();
        self.departures.insert(batch, departure.clone());
        self.sends
            .spawn(async move { (Some(batch), graph.send(body, departure).await) });
    }

    fn probe(&mut self) {
        let graph = self.graph.clone();
        self.counters.requests.fetch_add(1, Ordering::Relaxed);
        self.sends.spawn(async move {
            let body = Bytes::from_static(NO_EVENT);
            (None, graph.send(body, Departure::default()).await)
        });
    }

    fn answered(&mut self, (batch, outcome): (Option<BatchId>, Outcome)) {
        let now_ms = self.clock.now_ms();
        match batch {
            Some(batch) => {
                self.departures.remove(&batch);
                self.lane.answered(now_ms, batch, outcome);
            }
            None => self.lane.probed(now_ms, outcome),
        }
    }

    /// Settles beside the lane, so that the next batch does not wait for the
    /// disk. An error is tried again: the rows stay leased meanwhile.
    fn acknowledge(&mut self, acks: Vec<Ack>) {
        let (queue, counters) = (Arc::clone(&self.queue), Arc::clone(&self.counters));
        let trouble = self.trouble.clone();
        let acks: Arc<[Ack]> = acks.into();
        self.acknowledges.spawn(async move {
            let mut parts = JoinSet::new();
            for part in acks.chunks(SETTLED_AT_ONCE) {
                let part: Arc<[Ack]> = part.into();
                let (queue, trouble) = (Arc::clone(&queue), trouble.clone());
                parts.spawn(async move {
                    loop {
                        let acknowledged = queue.acknowledge(Arc::clone(&part)).await;
                        let acknowledged = trouble
                            .report("What was delivered cannot be acknowledged", acknowledged);
                        if acknowledged.is_some() {
                            break;
                        }
                        sleep(QUEUE_PAUSE).await;
                    }
                });
            }
            // One that broke off breaks this off too, and the lane is begun anew.
            parts.join_all().await;
            counters.acknowledged(&acks);
            acks
        });
    }

    async fn lease(
        &mut self,
        ready_buffer: usize,
        class: Class,
        kind: LeaseKind,
        most: (usize, usize),
    ) {
        let (max, max_bytes) = most;
        let (lane, now_ms) = (self.key.clone(), self.clock.now_ms());
        let request = LeaseRequest {
            lane,
            class,
            kind,
            max,
            max_bytes,
            now_ms,
        };
        let lease = self.queue.lease(request).await;
        let lease = self.trouble.report("What is queued cannot be read", lease);
        pause_unless(lease.is_some()).await;
        let lease = lease.unwrap_or_else(|| Lease {
            rows: Vec::new(),
            next_due_ms: Some(self.clock.now_ms()),
            unreadable: Vec::new(),
        });
        self.lane.leased(self.clock.now_ms(), ready_buffer, lease);
    }

    async fn wait(
        &mut self,
        now_ms: i64,
        until_ms: Option<i64>,
        stop: Option<Instant>,
    ) -> Result<bool, JoinError> {
        self.reported.end_minutes(now_ms, &self.key);
        let pause = until_ms.map(|until| millis(until.saturating_sub(now_ms)));
        if let Some(deadline) = stop {
            let in_time = pause.is_some_and(|pause| Instant::now() + pause < deadline);
            let busy = !self.lane.idle() || !self.acknowledges.is_empty();
            if !busy && !in_time {
                return Ok(false);
            }
        }
        let ends = stop.map(|at| self.close.filter(|at| *at > Instant::now()).unwrap_or(at));
        let to_deadline = ends.map(|at| at.saturating_duration_since(Instant::now()));
        let longest = to_deadline.map_or(LONGEST_SLEEP, |left| left.min(LONGEST_SLEEP));
        tokio::select! {
            Some(sent) = self.sends.join_next() => self.answered(sent?),
            Some(acknowledged) = self.acknowledges.join_next() => self.lane.acknowledged(&acknowledged?),
            () = self.wake.notified() => {}
            changed = self.stop.changed() => return Ok(changed.is_ok()),
            () = sleep(pause.map_or(longest, |pause| pause.min(longest))) => {}
        }
        Ok(true)
    }

    /// What was sent and not answered may arrive: it is marked so on disk. Answers that
    /// have come are acknowledged.
    async fn finish(&mut self) -> Result<(), JoinError> {
        while let Some(sent) = self.sends.try_join_next() {
            self.answered(sent?);
        }
        self.sends.abort_all();
        let departures = &self.departures;
        let has_left = |batch| departures.get(&batch).is_none_or(Departure::has_left);
        let cut = self.lane.cut(self.clock.now_ms(), has_left);
        self.acknowledge(cut);
        let now_ms = self.clock.now_ms();
        for notice in self.lane.last_notices() {
            self.reported.log(now_ms, &notice, &self.key);
        }
        let acknowledges = async {
            while self.acknowledges.join_next().await.is_some() {}
            // All that may be under way is marked, so that the rest was not sent.
            for class in Class::ALL {
                let closed = self.queue.keep_window(&self.key, class, None).await;
                self.trouble.report(
                    "It cannot be written down that nothing is under way",
                    closed,
                );
            }
        };
        if timeout(LAST_SETTLE, acknowledges).await.is_err() {
            warn!(lane = %self.key, "The queue did not take the last acks in time; \
                some events will be sent again.");
        }
        Ok(())
    }
}

/// After the queue failed.
async fn pause_unless(is_done: bool) {
    if !is_done {
        sleep(QUEUE_PAUSE).await;
    }
}

/// Not below a millisecond: a wait that is over was not worth waiting for.
fn millis(wait_ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(wait_ms).unwrap_or_default().max(1))
}
