//! An event that comes under an id which another one has: whether it is that one again,
//! and, where it is not, the dead letter that says so.

use capi_core::Fingerprint;
use capi_core::rejection::{Code, Diagnostic};
use rusqlite::{OptionalExtension, params};

use super::super::{Appended, Conversion, DeadLetterReason, DedupKey, QueueError};
use super::schema::{PAYLOAD_VERSION, event_columns};
use super::work::Work;
use super::{acknowledge, queued};

/// What an event with this key is: [`Appended::Queued`] where it may be queued.
pub(super) fn judge(
    work: &Work<'_>,
    key: Option<&DedupKey>,
    fingerprint: Option<&Fingerprint>,
) -> Result<Appended, QueueError> {
    let Some(key) = key else {
        return Ok(Appended::Queued);
    };
    let found = match work.seen.find(work.connection, key)? {
        None => queued::find(work.connection, key)?,
        found => found,
    };
    Ok(found.map_or(Appended::Queued, |found| found.met_by(fingerprint)))
}

/// Keeps a conversion that differs from the one whose id it has. Says whether it is new:
/// a client that sends it again adds no letter.
pub(super) fn keep(work: &mut Work<'_>, one: &Conversion) -> Result<bool, QueueError> {
    let fingerprint = one.fingerprint.as_ref().map(Fingerprint::as_bytes);
    let reason = DeadLetterReason::DifferingDuplicate.name();
    if work.has_letters() {
        let is_kept = work
            .connection
            .prepare_cached(IS_KEPT)?
            .query_row(params![one.key, fingerprint, reason], |_| Ok(()))
            .optional()?;
        if is_kept.is_some() {
            return Ok(false);
        }
    }
    let found = found();
    work.connection
        .prepare_cached(concat!(
            "INSERT INTO dead (seq, destination, test_event_code, buried_at, reason, reasons,
                 message, appended_at, attempts, outcome_unknown, message_id, ",
            event_columns!(),
            ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ))?
        .execute(params![
            work.next.seq,
            &*one.lane.destination,
            one.lane.test_event_code.as_deref().unwrap_or_default(),
            work.now_ms,
            reason,
            stored(&found)?,
            found.message,
            work.now_ms,
            one.message_id,
            one.class,
            one.dataset_id,
            one.action,
            one.source,
            one.event_name,
            one.event_id,
            one.event_time,
            one.key,
            fingerprint,
            PAYLOAD_VERSION,
            &*one.payload,
        ])?;
    work.next.seq += 1;
    work.effects.dead_lettered += 1;
    Ok(true)
}

/// Takes a row out of the queue that got another dataset, in which a different event has
/// its id, and keeps it as a letter of `destination`.
pub(super) fn dead_letter(
    work: &mut Work<'_>,
    seq: i64,
    destination: &str,
    dataset_id: &str,
    key: Option<DedupKey>,
) -> Result<(), QueueError> {
    acknowledge::dead_letter(work, seq, DeadLetterReason::DifferingDuplicate, None)?;
    let found = found();
    work.connection
        .prepare_cached(
            "UPDATE dead SET destination = ?, dataset_id = ?, dedup_key = ?, reasons = ?,
                 message = ? WHERE seq = ?",
        )?
        .execute(params![
            destination,
            dataset_id,
            key,
            stored(&found)?,
            found.message,
            seq
        ])?;
    Ok(())
}

pub(super) const IS_KEPT: &str =
    "SELECT 1 FROM dead WHERE dedup_key = ? AND fingerprint = ? AND reason = ?";

fn found() -> Diagnostic {
    Diagnostic::new(
        Code::DifferingDuplicate,
        "event_id",
        "another event with this id and name was taken, with another value, currency, order id or person; give this one an id of its own: `capi dead edit ID --set event_id=NEW`, or `capi dead retry --reason differing_duplicate --as-new` for all",
    )
}

fn stored(reason: &Diagnostic) -> Result<String, QueueError> {
    serde_json::to_string(&[reason]).map_err(|error| QueueError::Storage(error.to_string().into()))
}
