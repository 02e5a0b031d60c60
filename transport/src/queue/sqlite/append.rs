//! Appending, inside the writer's transaction.

use capi_core::Fingerprint;
use rusqlite::params;

use super::super::{Appended, Conversion, QueueError};
use super::effects::Change;
use super::schema::{PAYLOAD_VERSION, event_columns};
use super::work::Work;
use super::{dead_letter_row, queued};

/// Queues a conversion, unless one with its id is queued or delivered. One that differs
/// from that is kept by nobody yet.
pub(super) fn append(work: &mut Work<'_>, conversion: &Conversion) -> Result<Appended, QueueError> {
    if let Some(key) = &conversion.key
        && let Some(found) = work.seen.find(work.connection, key)?
    {
        return Ok(found.met_by(conversion.fingerprint.as_ref()));
    }
    let lane = work.make_lane(&conversion.lane)?;
    let inserted = work
        .connection
        .prepare_cached(concat!(
            "INSERT INTO queued (seq, lane, due_at, appended_at, ",
            event_columns!(),
            ") VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (dedup_key) WHERE dedup_key IS NOT NULL DO NOTHING",
        ))?
        .execute(params![
            work.next.seq,
            lane,
            work.now_ms,
            conversion.class,
            conversion.dataset_id,
            conversion.action,
            conversion.source,
            conversion.event_name,
            conversion.event_id,
            conversion.event_time,
            conversion.key,
            conversion.fingerprint.as_ref().map(Fingerprint::as_bytes),
            PAYLOAD_VERSION,
            &*conversion.payload,
        ])?;
    if inserted == 0 {
        let found = match &conversion.key {
            Some(key) => queued::find(work.connection, key)?,
            None => None,
        };
        return Ok(found.map_or(Appended::Duplicate, |found| {
            found.met_by(conversion.fingerprint.as_ref())
        }));
    }
    // It came again, and better: what was rejected under its id has had its day.
    if let Some(key) = &conversion.key
        && work.has_letters()
    {
        work.effects.letters_removed += dead_letter_row::remove_rejected(work.connection, key)?;
    }
    work.next.seq += 1;
    let class = conversion.class;
    work.change(lane, Change::Came { class, due_at: 0 });
    Ok(Appended::Queued)
}
