//! Appending, inside the writer's transaction.

use std::collections::HashMap;

use rusqlite::{Connection, params};

use super::super::{Appended, Conversion, LaneKey, QueueError};
use super::effects::{Change, Effects};
use super::lanes::Lanes;
use super::letter;
use super::schema::{PAYLOAD_VERSION, event_columns};
use super::seen::Seen;

/// What an append reads and writes.
pub(super) struct Append<'a> {
    pub(super) connection: &'a Connection,
    pub(super) lanes: &'a Lanes,
    /// The number for the next row. Not SQLite's own, which would give a number
    /// again after the last row is gone, and leases go by order.
    pub(super) next_seq: &'a mut i64,
    pub(super) now_ms: i64,
    /// Whether there are dead letters, or may be.
    pub(super) has_letters: bool,
}

impl Append<'_> {
    pub(super) fn run(
        &mut self,
        conversions: &[Conversion],
        seen: &Seen,
        effects: &mut Effects,
    ) -> Result<Vec<Appended>, QueueError> {
        conversions
            .iter()
            .map(|conversion| self.one(conversion, seen, effects))
            .collect()
    }

    pub(super) fn one(
        &mut self,
        conversion: &Conversion,
        seen: &Seen,
        effects: &mut Effects,
    ) -> Result<Appended, QueueError> {
        if let Some(key) = &conversion.key
            && seen.contains(self.connection, key)?
        {
            return Ok(Appended::Repeat);
        }
        let lane = self.lane(&conversion.lane, &mut effects.new_lanes)?;
        let inserted = self
            .connection
            .prepare_cached(concat!(
                "INSERT INTO queued (seq, lane, due_at, appended_at, ",
                event_columns!(),
                ") VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                 ON CONFLICT (dedup_key) WHERE dedup_key IS NOT NULL DO NOTHING",
            ))?
            .execute(params![
                *self.next_seq,
                lane,
                self.now_ms,
                conversion.class,
                conversion.dataset_id,
                conversion.action,
                conversion.event_name,
                conversion.event_id,
                conversion.event_time,
                conversion.key,
                PAYLOAD_VERSION,
                &*conversion.payload,
            ])?;
        if inserted == 0 {
            return Ok(Appended::Repeat);
        }
        // It came again, and better: what was rejected under its id has had its day.
        if let Some(key) = &conversion.key
            && self.has_letters
        {
            effects.letters_removed += letter::remove_rejected(self.connection, key)?;
        }
        *self.next_seq += 1;
        effects
            .changes
            .push((lane, Change::Appended(conversion.class)));
        Ok(Appended::Queued)
    }

    /// The lane's number. A new one counts only once it is committed.
    fn lane(
        &self,
        key: &LaneKey,
        new_lanes: &mut HashMap<LaneKey, i64>,
    ) -> Result<i64, QueueError> {
        if let Some(id) = self.lanes.id(key).or_else(|| new_lanes.get(key).copied()) {
            return Ok(id);
        }
        self.connection.execute(
            "INSERT INTO lane (destination, test_event_code) VALUES (?, ?)",
            (
                &*key.destination,
                key.test_event_code.as_deref().unwrap_or_default(),
            ),
        )?;
        let id = self.connection.last_insert_rowid();
        new_lanes.insert(key.clone(), id);
        Ok(id)
    }
}
