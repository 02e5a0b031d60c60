//! What waits for a destination that is gone: given to another, or thrown away.

use capi_core::Fingerprint;

use super::super::{Appended, LaneKey, QueueError};
use super::duplicate;
use super::effects::Change;
use super::rebind_dataset::key;
use super::work::Work;

/// So many rows go in one transaction.
pub(super) const CHUNK_SIZE: usize = 1_000;

/// Gives rows of `from` to `to`. Says how many, or that there are none any more.
pub(super) fn reassign(
    work: &mut Work<'_>,
    from: &str,
    to: &str,
    dataset_id: &str,
) -> Result<Option<u64>, QueueError> {
    if from == to {
        return Ok(None);
    }
    let Some((old, lane)) = lane_with_rows(work, from)? else {
        return Ok(None);
    };
    let code = old.test_event_code.as_deref();
    let new = work.make_lane(&LaneKey::new(to, code))?;
    let mut rows = work.connection.prepare_cached(
        "SELECT seq, physical_store, due_at, event_name, event_id, fingerprint FROM queued
         WHERE lane = ? ORDER BY physical_store, due_at, seq LIMIT ?",
    )?;
    let rows = rows.query_map((lane, CHUNK_SIZE), |row| {
        let name: String = row.get(3)?;
        let id: Option<String> = row.get(4)?;
        let key = key(dataset_id, Some(&name), id.as_deref());
        let fingerprint = row.get::<_, Option<Vec<u8>>>(5)?.map(Fingerprint::stored);
        Ok((
            row.get(0)?,
            row.get(1)?,
            row.get::<_, i64>(2)?,
            key,
            fingerprint,
        ))
    })?;
    let rows: Vec<_> = rows.collect::<Result<_, _>>()?;
    let mut moved = 0;
    for (seq, class, due_at, key, fingerprint) in rows {
        // What it waits for itself is not a duplicate.
        work.connection
            .prepare_cached("UPDATE queued SET dedup_key = NULL WHERE seq = ?")?
            .execute([seq])?;
        match duplicate::judge(work, key.as_ref(), fingerprint.as_ref())? {
            Appended::Queued => work.change(lane, Change::Left { class, seq, due_at }),
            Appended::Duplicate => {
                work.change(lane, Change::Left { class, seq, due_at });
                work.connection
                    .prepare_cached("DELETE FROM queued WHERE seq = ?")?
                    .execute([seq])?;
                continue;
            }
            Appended::DifferingDuplicate => {
                duplicate::dead_letter(work, seq, to, dataset_id, key)?;
                continue;
            }
        }
        // The new lane has passed its number already, and knows none of its groups: it
        // waits for another try.
        let to = due_at.max(1);
        work.connection
            .prepare_cached(
                "UPDATE queued SET lane = ?, due_at = ?, dataset_id = ?, dedup_key = ?
                 WHERE seq = ?",
            )?
            .execute((new, to, dataset_id, key, seq))?;
        work.change(new, Change::Came { class, due_at: to });
        moved += 1;
    }
    Ok(Some(moved))
}

/// Throws rows of a destination away, and says how many.
pub(super) fn purge(work: &mut Work<'_>, destination: &str) -> Result<u64, QueueError> {
    let Some((_, lane)) = lane_with_rows(work, destination)? else {
        return Ok(0);
    };
    let mut statement = work.connection.prepare_cached(
        "DELETE FROM queued WHERE seq IN (SELECT seq FROM queued WHERE lane = ? LIMIT ?)
         RETURNING seq, physical_store, due_at",
    )?;
    let rows = statement.query_map((lane, CHUNK_SIZE), |row| {
        Ok(Change::Left {
            seq: row.get(0)?,
            class: row.get(1)?,
            due_at: row.get(2)?,
        })
    })?;
    let rows: Vec<_> = rows.collect::<Result<_, _>>()?;
    let gone = rows.len() as u64;
    for row in rows {
        work.change(lane, row);
    }
    Ok(gone)
}

/// A lane of a destination that has rows.
fn lane_with_rows(
    work: &Work<'_>,
    destination: &str,
) -> Result<Option<(LaneKey, i64)>, QueueError> {
    for (key, lane) in work.lanes.ids(|key| *key.destination == *destination) {
        let has_rows = work
            .connection
            .prepare_cached("SELECT 1 FROM queued WHERE lane = ? LIMIT 1")?
            .exists([lane])?;
        if has_rows {
            return Ok(Some((key, lane)));
        }
    }
    Ok(None)
}
