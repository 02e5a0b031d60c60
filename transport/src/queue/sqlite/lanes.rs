//! What is known of the lanes in memory: how deep they are, what is leased and what is
//! set aside.

mod known;
mod load;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use self::known::KnownLane;
use super::super::{
    Class, LaneBlock, LaneDepth, LaneKey, LaneReport, QueueStats, SetAside, Waiting, Window,
};
use super::effects::{Change, Effects};

/// The lanes, shared between the writer's thread and everybody who asks.
#[derive(Clone, Debug, Default)]
pub(super) struct Lanes {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    ids: HashMap<LaneKey, i64>,
    lanes: HashMap<i64, KnownLane>,
    dead: u64,
}

impl State {
    fn lane(&self, key: &LaneKey) -> Option<&KnownLane> {
        self.lanes.get(self.ids.get(key)?)
    }

    fn add(&mut self, id: i64, key: LaneKey) {
        self.ids.insert(key.clone(), id);
        self.lanes.entry(id).or_insert_with(|| KnownLane::new(key));
    }
}

impl Lanes {
    /// Nothing in here can be left half done by a panic, so a poisoned lock is
    /// as good as any.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn id(&self, key: &LaneKey) -> Option<i64> {
        self.lock().ids.get(key).copied()
    }

    /// Counts what was committed.
    pub(super) fn committed(&self, effects: Effects) {
        let mut state = self.lock();
        state.dead = (state.dead + effects.dead_lettered).saturating_sub(effects.letters_removed);
        for (id, change) in effects.changes {
            match change {
                Change::Made(key) => state.add(id, key),
                Change::Ended => {
                    if let Some(lane) = state.lanes.remove(&id) {
                        state.ids.remove(&lane.key);
                    }
                }
                change => {
                    if let Some(lane) = state.lanes.get_mut(&id) {
                        lane.count(change);
                    }
                }
            }
        }
    }

    /// Where the leases of fresh rows stand.
    pub(super) fn cursor(&self, lane: i64, class: Class) -> i64 {
        let state = self.lock();
        state
            .lanes
            .get(&lane)
            .map_or(0, |lane| lane.of(class).cursor)
    }

    /// The leased rows that wait for another try. Taken before the rows are
    /// read: what is acknowledged while they are read is still in it.
    pub(super) fn leased_retries(&self, lane: i64, class: Class) -> HashSet<i64> {
        let state = self.lock();
        let lane = state.lanes.get(&lane);
        lane.map_or_else(HashSet::new, |lane| lane.of(class).retries.clone())
    }

    /// Marks fresh rows as leased, which came in order.
    pub(super) fn lease_fresh(&self, lane: i64, class: Class, last: i64, count: usize) {
        if let Some(lane) = self.lock().lanes.get_mut(&lane) {
            lane.of_mut(class).lease_fresh(last, count);
        }
    }

    /// Marks rows that wait for another try as leased.
    pub(super) fn lease_retries(&self, lane: i64, class: Class, rows: impl Iterator<Item = i64>) {
        if let Some(lane) = self.lock().lanes.get_mut(&lane) {
            lane.of_mut(class).retries.extend(rows);
        }
    }

    /// Up to which row the lane may have sent before it was released: nobody knows what
    /// became of those.
    pub(super) fn sent_before(&self, lane: i64, class: Class) -> Option<Window> {
        let state = self.lock();
        state.lanes.get(&lane)?.of(class).before
    }

    pub(super) fn waiting(&self, key: &LaneKey) -> Waiting {
        let state = self.lock();
        let of = |class| {
            let lane = state.lane(key);
            lane.and_then(|lane| u64::try_from(lane.of(class).waiting).ok())
                .unwrap_or_default()
        };
        Waiting {
            standard: of(Class::Standard),
            physical_store: of(Class::PhysicalStore),
        }
    }

    pub(super) fn lane_block(&self, key: &LaneKey) -> Option<LaneBlock> {
        self.lock().lane(key)?.lane_block.clone()
    }

    /// The groups of a lane that are set aside, by number.
    pub(super) fn set_aside(&self, key: &LaneKey) -> Vec<SetAside> {
        let state = self.lock();
        let lane = state.lane(key);
        lane.map_or_else(Vec::new, |lane| lane.groups.values().cloned().collect())
    }

    /// The lane's number, and the class of one of its groups.
    pub(super) fn group(&self, key: &LaneKey, group: i64) -> Option<(i64, Class)> {
        let state = self.lock();
        let id = *state.ids.get(key)?;
        let group = state.lanes.get(&id)?.groups.get(&group)?;
        Some((id, group.class))
    }

    /// The lanes of which `wanted` is true, with their numbers, in order.
    pub(super) fn ids(&self, wanted: impl Fn(&LaneKey) -> bool) -> Vec<(LaneKey, i64)> {
        let state = self.lock();
        let ids = state.ids.iter().filter(|(key, _)| wanted(key));
        let mut ids: Vec<_> = ids.map(|(key, id)| (key.clone(), *id)).collect();
        ids.sort_unstable();
        ids
    }

    pub(super) fn depths(&self) -> Vec<LaneDepth> {
        let state = self.lock();
        let lanes = state.lanes.values();
        let depths = lanes.map(|lane| LaneDepth {
            lane: lane.key.clone(),
            queued: lane.queued(),
        });
        let mut depths: Vec<_> = depths.filter(|depth| depth.queued > 0).collect();
        depths.sort_by(|a, b| a.lane.cmp(&b.lane));
        depths
    }

    /// What is known of each lane that has rows, with its number and its groups.
    pub(super) fn reports(&self) -> Vec<(i64, Vec<i64>, LaneReport)> {
        let state = self.lock();
        let lanes = state.lanes.iter().filter(|(_, lane)| lane.queued() > 0);
        let reports = lanes.map(|(id, lane)| {
            let groups = lane.groups.keys().copied().collect();
            (*id, groups, lane.report())
        });
        let mut reports: Vec<_> = reports.collect();
        let name =
            |report: &LaneReport| (report.destination.clone(), report.test_event_code.clone());
        reports.sort_by_cached_key(|(_, _, report)| name(report));
        reports
    }

    /// Whether there are dead letters.
    pub(super) fn has_dead(&self) -> bool {
        self.lock().dead > 0
    }

    pub(super) fn stats(&self) -> QueueStats {
        let state = self.lock();
        QueueStats {
            queued: state.lanes.values().map(KnownLane::queued).sum(),
            dead: state.dead,
        }
    }
}
