//! What the file says of the lanes when it is opened.

use std::sync::Arc;

use rusqlite::{Connection, Row};

use super::super::super::{Group, LaneKey, QueueError, SetAside, Window};
use super::super::effects::Change;
use super::{Lanes, State};

impl Lanes {
    /// Counts what the file holds.
    pub(in super::super) fn load(connection: &Connection) -> Result<Self, QueueError> {
        let lanes = Self::default();
        let mut state = lanes.lock();
        let mut rows = connection.prepare("SELECT id, destination, test_event_code FROM lane")?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            let (destination, code): (String, String) = (row.get(1)?, row.get(2)?);
            state.add(row.get(0)?, LaneKey::new(&destination, Some(&code)));
        }
        state.read(connection, "SELECT lane, halt FROM lane_halt", |row| {
            // One that a later capi wrote says nothing; Meta says it again.
            let lane_block = serde_json::from_str(&row.get::<_, String>(1)?).ok();
            Ok(Change::Halted(lane_block))
        })?;
        state.read(
            connection,
            "SELECT lane, id, physical_store, action, event_name, source, refusal, since
             FROM set_aside",
            |row| Ok(Change::SetAside(Box::new(group(row)?))),
        )?;
        state.read(
            connection,
            "SELECT lane, physical_store, up_to, since FROM lane_window",
            |row| {
                let before = Some(Window {
                    up_to: row.get(2)?,
                    since_ms: row.get(3)?,
                });
                Ok(Change::Sends {
                    class: row.get(1)?,
                    window: None,
                    before,
                })
            },
        )?;
        // In the order of an index: each of those that wait for another try has a time of
        // its own.
        for counts in [
            "SELECT lane, physical_store, due_at, count(*) FROM queued
             WHERE due_at <= 0 GROUP BY 1, 2, 3",
            "SELECT lane, physical_store, 1, count(*) FROM queued
             WHERE due_at > 0 GROUP BY 1, 2",
        ] {
            let mut counts = connection.prepare(counts)?;
            let mut counts = counts.query([])?;
            while let Some(row) = counts.next()? {
                if let Some(lane) = state.lanes.get_mut(&row.get(0)?) {
                    lane.load(row.get(1)?, row.get(2)?, row.get(3)?);
                }
            }
        }
        state.dead = connection.query_row("SELECT count(*) FROM dead", [], |row| row.get(0))?;
        drop(state);
        Ok(lanes)
    }
}

impl State {
    /// Counts what each row of a query says of its lane, which is its first column.
    fn read(
        &mut self,
        connection: &Connection,
        query: &str,
        change: impl Fn(&Row<'_>) -> rusqlite::Result<Change>,
    ) -> Result<(), QueueError> {
        let mut rows = connection.prepare(query)?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            if let Some(lane) = self.lanes.get_mut(&row.get(0)?) {
                lane.count(change(row)?);
            }
        }
        Ok(())
    }
}

fn group(row: &Row<'_>) -> rusqlite::Result<SetAside> {
    Ok(SetAside {
        id: row.get(1)?,
        class: row.get(2)?,
        group: Arc::new(Group {
            action: row.get(3)?,
            event_name: row.get(4)?,
            source: row.get(5)?,
        }),
        // One that a later capi wrote says nothing; Meta says it again.
        refusal: serde_json::from_str(&row.get::<_, String>(6)?).unwrap_or_default(),
        since_ms: row.get(7)?,
        rows: 0,
    })
}
