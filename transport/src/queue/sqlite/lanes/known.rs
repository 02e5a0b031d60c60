//! What is known of one lane.

use std::collections::{BTreeMap, HashSet};

use super::super::super::{Class, LaneBlock, LaneKey, LaneReport, SetAside, Window};
use super::super::effects::Change;

/// What is known of one lane.
#[derive(Debug)]
pub(super) struct KnownLane {
    pub(super) key: LaneKey,
    pub(super) lane_block: Option<LaneBlock>,
    /// By number.
    pub(super) groups: BTreeMap<i64, SetAside>,
    classes: [OfClass; 2],
}

/// The rows of one class.
#[derive(Debug, Default)]
pub(super) struct OfClass {
    /// Rows that were never tried, leased ones too.
    pub(super) fresh: i64,
    /// All others.
    pub(super) tried: i64,
    /// Fresh rows beyond the cursor. Rows are read as soon as they are
    /// committed, which may be a moment before they are counted: then it is
    /// below zero for that moment.
    pub(super) waiting: i64,
    /// Fresh rows are leased in order; up to here all are.
    pub(super) cursor: i64,
    /// The leased rows among those that wait for another try.
    pub(super) retries: HashSet<i64>,
    /// Up to which row it sends.
    window: Option<Window>,
    /// Up to which row it may have sent before its leases were forgotten.
    pub(super) before: Option<Window>,
}

const fn index(class: Class) -> usize {
    match class {
        Class::Standard => 0,
        Class::PhysicalStore => 1,
    }
}

impl KnownLane {
    pub(super) fn new(key: LaneKey) -> Self {
        Self {
            key,
            lane_block: None,
            groups: BTreeMap::new(),
            classes: Default::default(),
        }
    }

    pub(super) const fn of(&self, class: Class) -> &OfClass {
        &self.classes[index(class)]
    }

    pub(super) const fn of_mut(&mut self, class: Class) -> &mut OfClass {
        &mut self.classes[index(class)]
    }

    pub(super) fn queued(&self) -> u64 {
        let rows: i64 = self.classes.iter().map(|of| of.fresh + of.tried).sum();
        u64::try_from(rows).unwrap_or_default()
    }

    pub(super) fn report(&self) -> LaneReport {
        let tried: i64 = self.classes.iter().map(|of| of.tried).sum();
        LaneReport {
            destination: self.key.destination.as_ref().to_owned(),
            test_event_code: self.key.test_event_code.as_deref().map(str::to_owned),
            queued: self.queued(),
            tried: u64::try_from(tried).unwrap_or_default(),
            oldest_ms: None,
        }
    }

    /// Counts what was committed.
    pub(super) fn count(&mut self, change: Change) {
        match change {
            Change::Came { class, due_at } => self.load(class, due_at, 1),
            Change::Left { class, seq, due_at } => self.leave(class, seq, due_at),
            Change::Moved {
                class,
                seq,
                from,
                to,
            } => {
                self.leave(class, seq, from);
                self.add(class, to, 1);
            }
            Change::Halted(lane_block) => {
                self.lane_block = lane_block.map(|lane_block| *lane_block);
            }
            Change::Released => self.classes.iter_mut().for_each(OfClass::release),
            Change::Sends {
                class,
                window,
                before,
            } => {
                let of = self.of_mut(class);
                (of.window, of.before) = (window, before);
            }
            Change::SetAside(mut group) => {
                group.rows = self.groups.get(&group.id).map_or(0, |known| known.rows);
                self.groups.insert(group.id, *group);
            }
            Change::Freed(group) => drop(self.groups.remove(&group)),
            // They are not about a lane that is known.
            Change::Made(_) | Change::Ended => {}
        }
    }

    /// Counts rows that came: as many wait, where they are fresh.
    pub(super) fn load(&mut self, class: Class, due_at: i64, rows: i64) {
        self.add(class, due_at, rows);
        if due_at == 0 {
            self.of_mut(class).waiting += rows;
        }
    }

    fn leave(&mut self, class: Class, seq: i64, due_at: i64) {
        self.add(class, due_at, -1);
        let of = self.of_mut(class);
        of.retries.remove(&seq);
        if due_at == 0 && seq > of.cursor {
            of.waiting -= 1;
        }
    }

    fn add(&mut self, class: Class, due_at: i64, rows: i64) {
        let of = self.of_mut(class);
        match due_at {
            0 => of.fresh += rows,
            _ => of.tried += rows,
        }
        if due_at < 0
            && let Some(group) = self.groups.get_mut(&-due_at)
        {
            group.rows = group.rows.saturating_add_signed(rows);
        }
    }
}

impl OfClass {
    pub(super) fn lease_fresh(&mut self, last: i64, count: usize) {
        self.cursor = last;
        self.waiting -= i64::try_from(count).unwrap_or_default();
    }

    /// Forgets the leases. Called with all commits counted.
    fn release(&mut self) {
        self.waiting = self.fresh;
        self.cursor = 0;
        self.retries.clear();
        self.before = Window::covering(self.before, self.window.take());
    }
}
