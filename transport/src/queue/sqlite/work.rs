//! A transaction of the writer, as its commands see it.

use rusqlite::Connection;

use super::super::{LaneKey, QueueError};
use super::dedup_index::DedupIndex;
use super::effects::{Change, Effects};
use super::lanes::Lanes;

/// A transaction: what its commands read and change.
pub(super) struct Work<'a> {
    pub(super) connection: &'a Connection,
    pub(super) lanes: &'a Lanes,
    pub(super) seen: &'a mut DedupIndex,
    pub(super) next: &'a mut Next,
    pub(super) now_ms: i64,
    /// Whether there were dead letters when it began.
    pub(super) had_letters: bool,
    pub(super) effects: Effects,
}

/// The next numbers. Not SQLite's own, which would give a number again after the last
/// row is gone: leases follow order, and what was read of a lane that has ended must not
/// be counted for another. Nor a number that a window reaches: a new row was not sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Next {
    pub(super) seq: i64,
    pub(super) lane: i64,
}

impl Next {
    pub(super) fn load(connection: &Connection) -> Result<Self, QueueError> {
        Ok(connection.query_row(
            "SELECT 1 + max(coalesce((SELECT max(seq) FROM queued), 0),
                            coalesce((SELECT max(seq) FROM dead), 0),
                            coalesce((SELECT max(up_to) FROM lane_window), 0)),
                    1 + coalesce((SELECT max(id) FROM lane), 0)",
            [],
            |row| {
                Ok(Self {
                    seq: row.get(0)?,
                    lane: row.get(1)?,
                })
            },
        )?)
    }
}

impl Work<'_> {
    /// The lane's number, if there is such a lane.
    pub(super) fn lane(&self, key: &LaneKey) -> Option<i64> {
        match self.effects.named.get(key) {
            Some(named) => *named,
            None => self.lanes.id(key),
        }
    }

    /// The lane's number; a lane that there is not yet is made.
    pub(super) fn make_lane(&mut self, key: &LaneKey) -> Result<i64, QueueError> {
        if let Some(lane) = self.lane(key) {
            return Ok(lane);
        }
        let lane = self.next.lane;
        self.next.lane += 1;
        self.connection
            .prepare_cached("INSERT INTO lane (id, destination, test_event_code) VALUES (?, ?, ?)")?
            .execute((
                lane,
                &*key.destination,
                key.test_event_code.as_deref().unwrap_or_default(),
            ))?;
        self.effects.named.insert(key.clone(), Some(lane));
        self.change(lane, Change::Made(key.clone()));
        Ok(lane)
    }

    /// To be counted once it is on disk.
    pub(super) fn change(&mut self, lane: i64, change: Change) {
        self.effects.changes.push((lane, change));
    }

    /// Whether there are dead letters, or may be.
    pub(super) const fn has_letters(&self) -> bool {
        self.had_letters || self.effects.dead_lettered > 0
    }
}
