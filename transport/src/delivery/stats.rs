//! What delivery has done since it was started.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::LaneState;
use super::lane::Shown;
use super::notice::Notice;
use crate::queue::{Ack, Disposition, LaneDepth, LaneKey};

/// One destination's figures. Counts are since the start; depths are now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DestinationStats {
    /// The destination's name.
    pub name: String,
    /// Events that wait or are on their way.
    pub queued: u64,
    /// Events that Meta took.
    pub delivered: u64,
    /// Requests sent.
    pub requests: u64,
    /// Events that were put off for another try.
    pub retries: u64,
    /// Events that were given up.
    pub dead_lettered: u64,
    /// Requests that Meta took with fewer events counted than sent.
    pub partly_confirmed: u64,
    /// Its lanes.
    pub lanes: Vec<LaneStats>,
}

/// One lane's figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaneStats {
    /// The lane's test code.
    pub test_event_code: Option<String>,
    /// Events that wait or are on their way.
    pub queued: u64,
    /// What the lane is doing.
    pub state: LaneState,
    /// How much of Meta's allowance is used, in percent, where Meta told.
    pub used_percent: Option<u32>,
    /// How old the oldest event of the last request was when it left, in
    /// milliseconds.
    pub age_ms: Option<i64>,
}

/// The counters of one destination.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) requests: AtomicU64,
    /// How often somebody ended the wait of the parked lanes.
    pub(super) resumes: AtomicU64,
    delivered: AtomicU64,
    retries: AtomicU64,
    dead_lettered: AtomicU64,
    partly_confirmed: AtomicU64,
    lanes: Mutex<BTreeMap<LaneKey, Shown>>,
}

impl Counters {
    /// Counts what is on disk now.
    pub(super) fn acknowledged(&self, acks: &[Ack]) {
        for ack in acks {
            let counter = match ack.disposition {
                Disposition::Delivered => &self.delivered,
                Disposition::RetryAt { .. } => &self.retries,
                Disposition::DeadLettered { .. } => &self.dead_lettered,
                Disposition::SetAside(_) | Disposition::Requeued => continue,
            };
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn reported(&self, notice: &Notice) {
        if matches!(notice, Notice::PartlyConfirmed { .. }) {
            self.partly_confirmed.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn shown(&self, lane: &LaneKey, shown: Shown) {
        let mut lanes = self.lanes();
        match lanes.get_mut(lane) {
            Some(known) => *known = shown,
            None => drop(lanes.insert(lane.clone(), shown)),
        }
    }

    /// A lane has ended.
    pub(super) fn forget(&self, lane: &LaneKey) {
        self.lanes().remove(lane);
    }

    pub(super) fn read(&self, name: &str, depths: &[LaneDepth]) -> DestinationStats {
        let depth = |lane: &LaneKey| {
            depths
                .iter()
                .find(|depth| depth.lane == *lane)
                .map_or(0, |depth| depth.queued)
        };
        let of_mine = depths
            .iter()
            .filter(|depth| *depth.lane.destination == *name);
        let counter = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        DestinationStats {
            name: name.to_owned(),
            queued: of_mine.map(|depth| depth.queued).sum(),
            delivered: counter(&self.delivered),
            requests: counter(&self.requests),
            retries: counter(&self.retries),
            dead_lettered: counter(&self.dead_lettered),
            partly_confirmed: counter(&self.partly_confirmed),
            lanes: self
                .lanes()
                .iter()
                .map(|(lane, shown)| LaneStats {
                    test_event_code: lane.test_event_code.as_deref().map(str::to_owned),
                    queued: depth(lane),
                    state: shown.state.clone(),
                    used_percent: shown.used_percent,
                    age_ms: shown.age_ms,
                })
                .collect(),
        }
    }

    fn lanes(&self) -> MutexGuard<'_, BTreeMap<LaneKey, Shown>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
