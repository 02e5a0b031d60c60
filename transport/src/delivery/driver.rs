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
use super::stats::Counters;
use crate::Clock;
use crate::graph::{Departure, Graph, Outcome, encode};
use crate::queue::{Class, Kind, LaneKey, Lease, LeaseRequest, Queue, Settlement, Waiting, Window};

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

/// So many rows of a group that have grown too old are buried at once.
const AGED_AT_ONCE: usize = 1_000;

/// A lane of a test code ends after so long without a row.
const IDLE: Duration = Duration::from_secs(60);

/// What is on its way is settled at the end within this time, or by the next
/// run.
const LAST_SETTLE: Duration = Duration::from_secs(2);

pub(super) struct Driver {
    pub(super) key: LaneKey,
    pub(super) lane: Lane,
    pub(super) queue: Arc<dyn Queue>,
    pub(super) graph: Graph,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) counters: Arc<Counters>,
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
    pub(super) settles: JoinSet<Arc<[Settlement]>>,
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
        while let Err(error) = self.queue.release(&self.key).await {
            warn!(lane = %self.key, %error, "The lane cannot begin; it is tried again.");
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
        while let Some(settled) = self.settles.try_join_next() {
            self.lane.settled(&settled?);
        }
        let now_ms = self.clock.now_ms();
        let resumes = self.counters.resumes.load(Ordering::Relaxed);
        if std::mem::replace(&mut self.resumes, resumes) != resumes {
            self.lane.resume(now_ms);
        }
        let step = self.lane.next(now_ms, self.queue.waiting(&self.key));
        self.counters.shown(&self.key, self.lane.shown(now_ms));
        match step {
            Step::Tell(notice) => {
                self.counters.told(&notice);
                notice.log(&self.key);
            }
            Step::Settle(settlements) => self.settle(settlements),
            Step::Lease {
                shelf,
                class,
                kind,
                max,
                max_bytes,
            } => self.lease(shelf, class, kind, (max, max_bytes)).await,
            Step::Send(batch) => self.send(batch),
            Step::KeepHalt(halt) => {
                if let Err(error) = self.queue.keep_halt(&self.key, halt).await {
                    warn!(lane = %self.key, %error, "It was not kept why the lane does not send; \
                        a restart would not know it.");
                }
            }
            Step::KeepSetAside(group) => {
                let id = group.id;
                let kept = self.queue.keep_set_aside(&self.key, group).await;
                if let Err(error) = &kept {
                    warn!(lane = %self.key, %error, "A group cannot be set aside; it is tried again.");
                    sleep(QUEUE_PAUSE).await;
                }
                self.lane.kept_set_aside(id, kept.is_ok());
            }
            Step::Sample {
                group,
                class,
                place,
            } => {
                let row = match self.queue.sample(&self.key, group, place).await {
                    Ok(row) => row,
                    Err(error) => {
                        warn!(lane = %self.key, %error, "A sample cannot be read; it is tried later.");
                        return Ok(true);
                    }
                };
                self.lane.sampled(self.clock.now_ms(), group, class, row);
            }
            Step::Aged { group, before } => {
                let rows = self.queue.aged(&self.key, group, before, AGED_AT_ONCE).await;
                match rows {
                    Ok(rows) => self.lane.aged(self.clock.now_ms(), group, rows, AGED_AT_ONCE),
                    Err(error) => {
                        warn!(lane = %self.key, %error, "Rows that are set aside cannot be read.");
                    }
                }
            }
            Step::Free(group) => {
                let freed = self.queue.free(&self.key, group).await;
                if let Err(error) = &freed {
                    warn!(lane = %self.key, %error, "A group cannot be given back; it is tried again.");
                    sleep(QUEUE_PAUSE).await;
                }
                self.lane.freed(group, freed.is_ok());
            }
            Step::KeepWindow(class, window) => self.keep_window(class, window).await,
            Step::Rebase(back_ms) => {
                if let Err(error) = self.queue.rebase(&self.key, back_ms).await {
                    warn!(lane = %self.key, %error, "The clock was put back; events that \
                        wait for another try may wait longer.");
                }
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
        match kept {
            Ok(()) => self.lane.kept_window(class, window),
            Err(error) => {
                warn!(lane = %self.key, %error, "What is to be sent cannot be written down; \
                    it is tried again.");
                sleep(QUEUE_PAUSE).await;
            }
        }
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
        self.sends
            .spawn(async move {
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
    fn settle(&mut self, settlements: Vec<Settlement>) {
        let (queue, counters) = (Arc::clone(&self.queue), Arc::clone(&self.counters));
        let lane = self.key.clone();
        let settlements: Arc<[Settlement]> = settlements.into();
        self.settles.spawn(async move {
            while let Err(error) = queue.settle(Arc::clone(&settlements)).await {
                warn!(%lane, %error, "Delivered events could not be settled; it is tried again.");
                sleep(QUEUE_PAUSE).await;
            }
            counters.settled(&settlements);
            settlements
        });
    }

    async fn lease(&mut self, shelf: usize, class: Class, kind: Kind, most: (usize, usize)) {
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
        let lease = match self.queue.lease(request).await {
            Ok(lease) => lease,
            Err(error) => {
                warn!(lane = %self.key, %error, "Queued events cannot be read; it is tried again.");
                sleep(QUEUE_PAUSE).await;
                Lease {
                    rows: Vec::new(),
                    next_due_ms: Some(self.clock.now_ms()),
                    unreadable: Vec::new(),
                }
            }
        };
        self.lane.leased(self.clock.now_ms(), shelf, lease);
    }

    async fn wait(
        &mut self,
        now_ms: i64,
        until_ms: Option<i64>,
        stop: Option<Instant>,
    ) -> Result<bool, JoinError> {
        let pause = until_ms.map(|until| millis(until.saturating_sub(now_ms)));
        if let Some(deadline) = stop {
            let in_time = pause.is_some_and(|pause| Instant::now() + pause < deadline);
            let busy = !self.lane.idle() || !self.settles.is_empty();
            if !busy && !in_time {
                return Ok(false);
            }
        }
        let ends = stop.map(|at| self.close.filter(|at| *at > Instant::now()).unwrap_or(at));
        let to_deadline = ends.map(|at| at.saturating_duration_since(Instant::now()));
        let longest = to_deadline.map_or(LONGEST_SLEEP, |left| left.min(LONGEST_SLEEP));
        tokio::select! {
            Some(sent) = self.sends.join_next() => self.answered(sent?),
            Some(settled) = self.settles.join_next() => self.lane.settled(&settled?),
            () = self.wake.notified() => {}
            changed = self.stop.changed() => return Ok(changed.is_ok()),
            () = sleep(pause.map_or(longest, |pause| pause.min(longest))) => {}
        }
        Ok(true)
    }

    /// What was sent and not answered may arrive: it is marked so on disk. Answers that
    /// have come are settled.
    async fn finish(&mut self) -> Result<(), JoinError> {
        while let Some(sent) = self.sends.try_join_next() {
            self.answered(sent?);
        }
        self.sends.abort_all();
        let departures = &self.departures;
        let has_left = |batch| departures.get(&batch).is_none_or(Departure::has_left);
        let cut = self.lane.cut(self.clock.now_ms(), has_left);
        self.settle(cut);
        for notice in self.lane.last_notices() {
            notice.log(&self.key);
        }
        let settles = async {
            while self.settles.join_next().await.is_some() {}
            // All that may be under way is marked, so that the rest was not sent.
            for class in Class::ALL {
                if let Err(error) = self.queue.keep_window(&self.key, class, None).await {
                    warn!(lane = %self.key, %error, "The queue did not take the end of the lane.");
                }
            }
        };
        if timeout(LAST_SETTLE, settles).await.is_err() {
            warn!(lane = %self.key, "The queue did not take the last settlements in time; \
                some events will be sent again.");
        }
        Ok(())
    }
}

/// Not below a millisecond: a wait that is over was not worth waiting for.
fn millis(wait_ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(wait_ms).unwrap_or_default().max(1))
}
