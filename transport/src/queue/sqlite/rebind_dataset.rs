//! Destinations whose dataset is another than before.
//!
//! What waits goes to the dataset that the destination names now, and Meta knows
//! a duplicate by dataset, name and id. So the rows and the dead letters take that
//! dataset, and the key that goes with it: what is delivered is then marked as
//! delivered where it was.

use rusqlite::{Connection, OptionalExtension};

use capi_core::Fingerprint;

use super::super::conversion::dedup_key;
use super::super::{Appended, DedupKey, QueueError};
use super::duplicate;
use super::effects::Change;
use super::work::Work;

/// How many rows are read together.
const CHUNK_SIZE: i64 = 1_000;

/// Gives the rows and letters of destinations their datasets, where those changed. A
/// row whose event its dataset has, or waits for, is a duplicate and goes; where that event
/// is another one, it becomes a dead letter.
///
/// All destinations together: where two exchange their datasets, the rows of neither are
/// duplicates of the other's.
pub(super) fn run(work: &mut Work<'_>, datasets: &[(String, String)]) -> Result<(), QueueError> {
    let connection = work.connection;
    let mut changed = Vec::new();
    for (destination, dataset_id) in datasets {
        if known(connection, destination)?.as_deref() != Some(dataset_id) {
            changed.push((destination, dataset_id));
        }
    }
    for (destination, dataset_id) in &changed {
        connection.execute("DELETE FROM dataset WHERE destination = ?", [destination])?;
        connection.execute(
            "INSERT INTO dataset (destination, dataset_id) VALUES (?, ?)",
            (destination, dataset_id),
        )?;
        // A row that goes elsewhere stands for no event of the dataset that it leaves.
        connection.execute(
            "UPDATE queued SET dedup_key = NULL
             WHERE dataset_id <> ? AND lane IN (SELECT id FROM lane WHERE destination = ?)",
            (dataset_id, destination),
        )?;
    }
    for (destination, dataset_id) in changed {
        let duplicates = queued(work, destination, dataset_id)?;
        dead(connection, destination, dataset_id)?;
        if duplicates > 0 {
            tracing::warn!(
                destination,
                duplicates,
                "The destination has another dataset than before; events that were sent to it \
                 already, or wait for it, are not sent to it again."
            );
        }
    }
    let destinations = datasets.iter().map(|(destination, _)| destination.clone());
    work.effects.destinations = Some(destinations.collect());
    Ok(())
}

fn known(connection: &Connection, destination: &str) -> Result<Option<String>, QueueError> {
    Ok(connection
        .query_row(
            "SELECT dataset_id FROM dataset WHERE destination = ?",
            [destination],
            |row| row.get(0),
        )
        .optional()?)
}

/// The key of an event for a dataset.
pub(super) fn key(dataset_id: &str, name: Option<&str>, id: Option<&str>) -> Option<DedupKey> {
    name.zip(id)
        .map(|(name, id)| dedup_key(dataset_id, name, id))
}

fn queued(work: &mut Work<'_>, destination: &str, dataset_id: &str) -> Result<u64, QueueError> {
    let connection = work.connection;
    let mut page = connection.prepare(
        "SELECT seq, lane, physical_store, due_at, event_name, event_id, fingerprint
         FROM queued JOIN lane ON lane.id = queued.lane
         WHERE destination = ? AND dataset_id <> ? AND seq > ? ORDER BY seq LIMIT ?",
    )?;
    let mut update =
        connection.prepare("UPDATE queued SET dataset_id = ?, dedup_key = ? WHERE seq = ?")?;
    let mut remove = connection.prepare("DELETE FROM queued WHERE seq = ?")?;
    let (mut after, mut duplicates) = (0, 0);
    loop {
        let rows = page.query_map((destination, dataset_id, after, CHUNK_SIZE), |row| {
            let name: String = row.get(4)?;
            let id: Option<String> = row.get(5)?;
            let key = key(dataset_id, Some(&name), id.as_deref());
            Ok((
                row.get::<_, i64>(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                key,
                row.get::<_, Option<Vec<u8>>>(6)?.map(Fingerprint::stored),
            ))
        })?;
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        let Some((last, ..)) = rows.last() else {
            return Ok(duplicates);
        };
        after = *last;
        for (seq, lane, class, due_at, key, fingerprint) in rows {
            match duplicate::judge(work, key.as_ref(), fingerprint.as_ref())? {
                Appended::Queued => {
                    update.execute((dataset_id, key, seq))?;
                }
                Appended::Duplicate => {
                    remove.execute([seq])?;
                    work.change(lane, Change::Left { class, seq, due_at });
                    duplicates += 1;
                }
                Appended::DifferingDuplicate => {
                    duplicate::dead_letter(work, seq, destination, dataset_id, key)?;
                }
            }
        }
    }
}

fn dead(connection: &Connection, destination: &str, dataset_id: &str) -> Result<(), QueueError> {
    let mut page = connection.prepare(
        "SELECT seq, event_name, event_id FROM dead
         WHERE destination = ? AND dataset_id <> ? AND seq > ? ORDER BY seq LIMIT ?",
    )?;
    let mut update =
        connection.prepare("UPDATE dead SET dataset_id = ?, dedup_key = ? WHERE seq = ?")?;
    let mut after = 0;
    loop {
        let rows = page.query_map((destination, dataset_id, after, CHUNK_SIZE), |row| {
            let (name, id): (Option<String>, Option<String>) = (row.get(1)?, row.get(2)?);
            let key = key(dataset_id, name.as_deref(), id.as_deref());
            Ok((row.get::<_, i64>(0)?, key))
        })?;
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        let Some((last, _)) = rows.last() else {
            return Ok(());
        };
        after = *last;
        for (seq, key) in rows {
            update.execute((dataset_id, key, seq))?;
        }
    }
}
