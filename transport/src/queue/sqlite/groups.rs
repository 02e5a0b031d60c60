//! Groups that are set aside: kept and freed inside the writer's transaction, looked into
//! beside it.

use rusqlite::{Connection, OptionalExtension};

use super::super::{LaneKey, Leased, QueueError, SetAside};
use super::effects::Change;
use super::lanes::Lanes;
use super::lease::{self, COLUMNS, Groups};
use super::work::Work;

/// So many rows are freed in one transaction.
pub(super) const FREED_AT_ONCE: usize = 1_000;

/// Keeps that a group is set aside.
pub(super) fn keep(work: &mut Work<'_>, key: &LaneKey, group: &SetAside) -> Result<(), QueueError> {
    let Some(lane) = work.lane(key) else {
        return Ok(());
    };
    let refusal = serde_json::to_string(&group.refusal)
        .map_err(|error| QueueError::Storage(error.to_string().into()))?;
    work.connection
        .prepare_cached(
            "INSERT OR REPLACE INTO set_aside
                 (lane, id, physical_store, action, event_name, source, refusal, since)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute((
            lane,
            group.id,
            group.class,
            &group.group.action,
            &group.group.event_name,
            &group.group.source,
            refusal,
            group.since_ms,
        ))?;
    work.change(lane, Change::SetAside(Box::new(group.clone())));
    Ok(())
}

/// Frees rows of a group, the oldest events first, and forgets the group with the last of
/// them. Says whether that is done.
pub(super) fn free(work: &mut Work<'_>, key: &LaneKey, group: i64) -> Result<bool, QueueError> {
    let Some(lane) = work.lane(key) else {
        return Ok(true);
    };
    let mut statement = work.connection.prepare_cached(FREE)?;
    let rows = statement.query_map((lane, -group, FREED_AT_ONCE), |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    let rows: Vec<_> = rows.collect::<Result<_, _>>()?;
    let is_done = rows.len() < FREED_AT_ONCE;
    for (seq, class) in rows {
        let (from, to) = (-group, 1);
        work.change(
            lane,
            Change::Moved {
                class,
                seq,
                from,
                to,
            },
        );
    }
    if is_done {
        work.connection
            .prepare_cached("DELETE FROM set_aside WHERE lane = ? AND id = ?")?
            .execute((lane, group))?;
        work.change(lane, Change::Freed(group));
    }
    Ok(is_done)
}

// The plans of these are tested.

pub(super) const FREE: &str = "UPDATE queued SET due_at = 1 WHERE seq IN
     (SELECT seq FROM queued WHERE lane = ? AND due_at = ? AND due_at < 0
      ORDER BY event_time LIMIT ?)
     RETURNING seq, physical_store";

pub(super) const AGED: &str = "SELECT seq FROM queued
     WHERE lane = ? AND due_at = ? AND due_at < 0 AND event_time < ?
     ORDER BY event_time LIMIT ?";

pub(super) fn end(which: &str) -> String {
    format!("SELECT {which}(seq) FROM queued WHERE lane = ? AND physical_store = ? AND due_at = ?")
}

pub(super) fn sampled_row() -> String {
    format!(
        "SELECT {COLUMNS} FROM queued
         WHERE lane = ? AND physical_store = ? AND due_at = ? AND seq >= ?
         ORDER BY seq LIMIT 1"
    )
}

/// A row of a group, about where `place` says.
pub(super) fn sample(
    connection: &Connection,
    lanes: &Lanes,
    key: &LaneKey,
    group: i64,
    place: u16,
) -> Result<Option<Leased>, QueueError> {
    let Some((lane, class)) = lanes.group(key, group) else {
        return Ok(None);
    };
    let of_end = |which| {
        connection
            .prepare_cached(&end(which))?
            .query_row((lane, class, -group), |row| row.get::<_, Option<i64>>(0))
    };
    let (Some(first), Some(last)) = (of_end("min")?, of_end("max")?) else {
        return Ok(None);
    };
    let share = f64::from(place) / f64::from(u16::MAX);
    // Of no more than 2^53 rows, which a double holds.
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
    let from = first + ((last - first) as f64 * share) as i64;
    let sent_before = lanes.sent_before(lane, class);
    connection
        .prepare_cached(&sampled_row())?
        .query_row((lane, class, -group, from), |row| {
            let mut groups = Groups::default();
            Ok(lease::leased(row, &mut groups, sent_before))
        })
        .optional()?
        .transpose()
}

/// The rows of a group with events before `before`, the oldest first.
pub(super) fn aged(
    connection: &Connection,
    lanes: &Lanes,
    key: &LaneKey,
    group: i64,
    before: i64,
    max: usize,
) -> Result<Vec<i64>, QueueError> {
    let Some(lane) = lanes.id(key) else {
        return Ok(Vec::new());
    };
    let mut statement = connection.prepare_cached(AGED)?;
    let rows = statement.query_map((lane, -group, before, max), |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
