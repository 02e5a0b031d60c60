//! What is known of the lanes in memory: how deep they are, and what is leased.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use super::super::{Class, Halt, LaneDepth, LaneKey, QueueError, QueueStats, Waiting};
use super::effects::{Change, Effects};

/// The lanes, shared between the writer's thread and everybody who asks.
#[derive(Clone, Debug, Default)]
pub(super) struct Lanes {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    ids: HashMap<LaneKey, i64>,
    lanes: HashMap<i64, Known>,
    dead: u64,
}

/// What is known of one lane.
#[derive(Debug)]
struct Known {
    key: LaneKey,
    queued: i64,
    halt: Option<Halt>,
    classes: [Leases; 2],
}

/// The leases of one class.
#[derive(Debug, Default)]
struct Leases {
    /// Fresh rows beyond the cursor. Rows are read as soon as they are
    /// committed, which may be a moment before they are counted: then it is
    /// below zero for that moment.
    waiting: i64,
    /// Fresh rows are leased in order; up to here all are.
    cursor: i64,
    /// The leased rows among those that wait for another try.
    retries: HashSet<i64>,
}

const fn index(class: Class) -> usize {
    match class {
        Class::Standard => 0,
        Class::PhysicalStore => 1,
    }
}

impl Lanes {
    /// Counts what the file holds.
    pub(super) fn load(connection: &Connection) -> Result<Self, QueueError> {
        let lanes = Self::default();
        let mut rows = connection.prepare("SELECT id, destination, test_event_code FROM lane")?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            let (destination, code): (String, String) = (row.get(1)?, row.get(2)?);
            lanes.add(row.get(0)?, LaneKey::new(&destination, Some(&code)));
        }
        let mut halts = connection.prepare("SELECT lane, halt FROM lane_halt")?;
        let mut halts = halts.query([])?;
        while let Some(row) = halts.next()? {
            // One that a later capi wrote says nothing; Meta says it again.
            let halt = serde_json::from_str(&row.get::<_, String>(1)?).ok();
            lanes.set_halt(row.get(0)?, halt);
        }
        let mut state = lanes.lock();
        let State {
            lanes: by_id, dead, ..
        } = &mut *state;
        let mut counts = connection.prepare(
            "SELECT lane, physical_store, count(*), sum(due_at = 0) FROM queued GROUP BY 1, 2",
        )?;
        let mut counts = counts.query([])?;
        while let Some(row) = counts.next()? {
            let class = row.get(1)?;
            if let Some(lane) = by_id.get_mut(&row.get(0)?) {
                lane.queued += row.get::<_, i64>(2)?;
                lane.classes[index(class)].waiting = row.get(3)?;
            }
        }
        *dead = connection.query_row("SELECT count(*) FROM dead", [], |row| row.get(0))?;
        drop(state);
        Ok(lanes)
    }

    /// Nothing in here can be left half done by a panic, so a poisoned lock is
    /// as good as any.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Learns of a lane that is on disk.
    pub(super) fn add(&self, id: i64, key: LaneKey) {
        let mut state = self.lock();
        state.ids.insert(key.clone(), id);
        state.lanes.entry(id).or_insert(Known {
            key,
            queued: 0,
            halt: None,
            classes: Default::default(),
        });
    }

    pub(super) fn id(&self, key: &LaneKey) -> Option<i64> {
        self.lock().ids.get(key).copied()
    }

    /// Counts what was committed.
    pub(super) fn committed(&self, effects: &Effects) {
        let mut state = self.lock();
        state.dead = (state.dead + effects.buried).saturating_sub(effects.letters_removed);
        let changes = &effects.changes;
        for (lane, change) in changes {
            let Some(lane) = state.lanes.get_mut(lane) else {
                continue;
            };
            match *change {
                Change::Appended(class) => {
                    lane.queued += 1;
                    lane.classes[index(class)].waiting += 1;
                }
                Change::Removed(class, seq) => {
                    lane.queued -= 1;
                    lane.classes[index(class)].retries.remove(&seq);
                }
                Change::Returned(class, seq) => {
                    lane.classes[index(class)].retries.remove(&seq);
                }
                Change::TakenBack => lane.queued += 1,
            }
        }
    }

    /// Where the leases of fresh rows stand.
    pub(super) fn cursor(&self, lane: i64, class: Class) -> i64 {
        self.lock()
            .lanes
            .get(&lane)
            .map_or(0, |lane| lane.classes[index(class)].cursor)
    }

    /// The leased rows that wait for another try. Taken before the rows are
    /// read: what is settled while they are read is still in it.
    pub(super) fn leased_retries(&self, lane: i64, class: Class) -> HashSet<i64> {
        let state = self.lock();
        state
            .lanes
            .get(&lane)
            .map_or_else(HashSet::new, |l| l.classes[index(class)].retries.clone())
    }

    /// Marks fresh rows as leased, which came in order.
    pub(super) fn lease_fresh(&self, lane: i64, class: Class, last: i64, count: usize) {
        if let Some(lane) = self.lock().lanes.get_mut(&lane) {
            let leases = &mut lane.classes[index(class)];
            leases.cursor = last;
            leases.waiting -= count as i64;
        }
    }

    /// Marks rows that wait for another try as leased.
    pub(super) fn lease_retries(&self, lane: i64, class: Class, rows: impl Iterator<Item = i64>) {
        if let Some(lane) = self.lock().lanes.get_mut(&lane) {
            lane.classes[index(class)].retries.extend(rows);
        }
    }

    /// Forgets the leases of a lane. Called by the writer, so that no commit
    /// is counted half.
    pub(super) fn release(&self, connection: &Connection, key: &LaneKey) -> Result<(), QueueError> {
        let Some(id) = self.id(key) else {
            return Ok(());
        };
        for class in Class::ALL {
            let waiting = connection
                .prepare_cached(
                    "SELECT count(*) FROM queued WHERE lane = ? AND physical_store = ? AND due_at = 0",
                )?
                .query_row((id, class), |row| row.get(0))?;
            if let Some(lane) = self.lock().lanes.get_mut(&id) {
                lane.classes[index(class)] = Leases {
                    waiting,
                    ..Leases::default()
                };
            }
        }
        Ok(())
    }

    pub(super) fn waiting(&self, key: &LaneKey) -> Waiting {
        let state = self.lock();
        let lane = state.ids.get(key).and_then(|id| state.lanes.get(id));
        let of = |class| {
            lane.and_then(|lane| u64::try_from(lane.classes[index(class)].waiting).ok())
                .unwrap_or_default()
        };
        Waiting {
            standard: of(Class::Standard),
            physical_store: of(Class::PhysicalStore),
        }
    }

    pub(super) fn set_halt(&self, lane: i64, halt: Option<Halt>) {
        if let Some(lane) = self.lock().lanes.get_mut(&lane) {
            lane.halt = halt;
        }
    }

    pub(super) fn halt(&self, key: &LaneKey) -> Option<Halt> {
        let state = self.lock();
        let lane = state.lanes.get(state.ids.get(key)?)?;
        lane.halt.clone()
    }

    pub(super) fn depths(&self) -> Vec<LaneDepth> {
        let state = self.lock();
        let mut depths: Vec<_> = state
            .lanes
            .values()
            .filter_map(|lane| {
                let queued = u64::try_from(lane.queued)
                    .ok()
                    .filter(|queued| *queued > 0)?;
                Some(LaneDepth {
                    lane: lane.key.clone(),
                    queued,
                })
            })
            .collect();
        depths.sort_by(|a, b| a.lane.cmp(&b.lane));
        depths
    }

    /// Whether there are dead letters.
    pub(super) fn has_dead(&self) -> bool {
        self.lock().dead > 0
    }

    pub(super) fn stats(&self) -> QueueStats {
        let dead = self.lock().dead;
        QueueStats {
            queued: self.depths().iter().map(|depth| depth.queued).sum(),
            dead,
        }
    }
}
