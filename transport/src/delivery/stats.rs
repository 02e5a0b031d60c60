//! What delivery has done since it was started.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::LaneState;
use super::notice::Notice;
use crate::queue::{Fate, LaneDepth, LaneKey, Settlement};

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
    pub buried: u64,
    /// Requests that Meta took with fewer events counted than sent, or with a
    /// remark.
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
}

/// The counters of one destination.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) requests: AtomicU64,
    delivered: AtomicU64,
    retries: AtomicU64,
    buried: AtomicU64,
    partly_confirmed: AtomicU64,
    lanes: Mutex<BTreeMap<LaneKey, LaneState>>,
}

impl Counters {
    /// Counts what is on disk now.
    pub(super) fn settled(&self, settlements: &[Settlement]) {
        for settlement in settlements {
            let counter = match settlement.fate {
                Fate::Delivered => &self.delivered,
                Fate::RetryAt { .. } => &self.retries,
                Fate::Buried { .. } => &self.buried,
            };
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn told(&self, notice: &Notice) {
        if matches!(notice, Notice::PartlyConfirmed { .. }) {
            self.partly_confirmed.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn state(&self, lane: &LaneKey, state: &LaneState) {
        let mut lanes = self.lanes();
        if lanes.get(lane) != Some(state) {
            lanes.insert(lane.clone(), state.clone());
        }
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
            buried: counter(&self.buried),
            partly_confirmed: counter(&self.partly_confirmed),
            lanes: self
                .lanes()
                .iter()
                .map(|(lane, state)| LaneStats {
                    test_event_code: lane.test_event_code.as_deref().map(str::to_owned),
                    queued: depth(lane),
                    state: state.clone(),
                })
                .collect(),
        }
    }

    fn lanes(&self) -> MutexGuard<'_, BTreeMap<LaneKey, LaneState>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
