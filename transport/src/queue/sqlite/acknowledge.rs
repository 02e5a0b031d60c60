//! Acknowledging, inside the writer's transaction.

use capi_core::Fingerprint;
use rusqlite::{OptionalExtension, params};

use super::super::{Ack, Class, DeadLetterReason, DedupKey, Disposition, LaneKey, QueueError};
use super::dead_letter_row::DeadLetterRow;
use super::effects::Change;
use super::schema::{event_columns, tries_columns};
use super::work::Work;
use crate::ApiError;

/// A row is never tried again later than this, so that a clock that was put
/// back cannot hide rows for years: see the reading of due rows.
pub(super) const LONGEST_WAIT_MS: i64 = 60 * 60 * 1000;

// The plans of these are tested.

/// Since when its outcome is unknown counts from the first attempt of which that is so.
pub(super) const RETRY: &str = "UPDATE queued SET due_at = ?1, attempts = attempts + 1,
     first_attempt_at = CASE WHEN ?3 AND NOT outcome_unknown THEN ?2
         ELSE coalesce(first_attempt_at, ?2) END,
     outcome_unknown = outcome_unknown OR ?3
     WHERE seq = ?4";

pub(super) const SET_ASIDE: &str = "UPDATE queued SET due_at = ? WHERE seq = ?";

pub(super) const DOUBT: &str = "UPDATE queued SET outcome_unknown = 1, first_attempt_at = ?
     WHERE seq = ? AND NOT outcome_unknown";

pub(super) const REMOVE: &str =
    "DELETE FROM queued WHERE seq = ? RETURNING lane, physical_store, due_at, dedup_key,
     fingerprint";

/// A row that is gone.
struct Gone {
    lane: i64,
    class: Class,
    due_at: i64,
    key: Option<DedupKey>,
    fingerprint: Option<Fingerprint>,
}

/// Where a row waits.
struct Place {
    lane: i64,
    class: Class,
    due_at: i64,
}

/// Settles rows.
pub(super) fn run(work: &mut Work<'_>, acks: &[Ack]) -> Result<(), QueueError> {
    for Ack { seq, disposition } in acks {
        match disposition {
            Disposition::Delivered => deliver(work, *seq)?,
            Disposition::RetryAt {
                due_ms,
                attempted_ms,
                outcome_unknown,
            } => retry(work, *seq, *due_ms, *attempted_ms, *outcome_unknown)?,
            Disposition::SetAside(group) => set_aside(work, *seq, *group)?,
            Disposition::Requeued => take_back(work, *seq)?,
            Disposition::DeadLettered { reason, refusal } => {
                dead_letter(work, *seq, *reason, refusal.as_ref())?;
            }
        }
    }
    Ok(())
}

fn deliver(work: &mut Work<'_>, seq: i64) -> Result<(), QueueError> {
    if let Some(gone) = remove(work, seq)?
        && let Some(key) = gone.key
    {
        let fingerprint = gone.fingerprint.as_ref();
        work.seen.mark(work.connection, &key, fingerprint)?;
    }
    Ok(())
}

fn retry(
    work: &mut Work<'_>,
    seq: i64,
    due_ms: i64,
    attempted_ms: i64,
    outcome_unknown: bool,
) -> Result<(), QueueError> {
    let Some(place) = place(work, seq)? else {
        return Ok(());
    };
    let to = due_ms.clamp(1, work.now_ms.saturating_add(LONGEST_WAIT_MS).max(1));
    work.connection
        .prepare_cached(RETRY)?
        .execute((to, attempted_ms, outcome_unknown, seq))?;
    moved(work, seq, &place, to);
    Ok(())
}

/// A group that was freed meanwhile keeps no row: it is due immediately then.
fn set_aside(work: &mut Work<'_>, seq: i64, group: i64) -> Result<(), QueueError> {
    let Some(place) = place(work, seq)? else {
        return Ok(());
    };
    let is_there = work
        .connection
        .prepare_cached("SELECT 1 FROM set_aside WHERE lane = ? AND id = ?")?
        .exists((place.lane, group))?;
    let to = if is_there { -group } else { 1 };
    work.connection
        .prepare_cached(SET_ASIDE)?
        .execute((to, seq))?;
    moved(work, seq, &place, to);
    Ok(())
}

fn moved(work: &mut Work<'_>, seq: i64, place: &Place, to: i64) {
    let Place {
        lane,
        class,
        due_at: from,
    } = *place;
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

/// Where a row waits that does not count as delivered. Where it may have been sent before
/// its lane was released, it says so itself from now on.
fn place(work: &Work<'_>, seq: i64) -> Result<Option<Place>, QueueError> {
    let row = work
        .connection
        .prepare_cached(
            "SELECT lane, physical_store, due_at, appended_at FROM queued WHERE seq = ?",
        )?
        .query_row([seq], |row| {
            let place = Place {
                lane: row.get(0)?,
                class: row.get(1)?,
                due_at: row.get(2)?,
            };
            Ok((place, row.get::<_, i64>(3)?))
        })
        .optional()?;
    let Some((place, appended_ms)) = row else {
        return Ok(None);
    };
    let sent = work.lanes.sent_before(place.lane, place.class);
    if let Some(sent) = sent.filter(|sent| seq <= sent.up_to) {
        work.connection
            .prepare_cached(DOUBT)?
            .execute((sent.since_ms.max(appended_ms), seq))?;
    }
    Ok(Some(place))
}

/// The mark goes with the row, so that the corrected conversion gets
/// through; but for a reason that keeps it.
pub(super) fn dead_letter(
    work: &mut Work<'_>,
    seq: i64,
    reason: DeadLetterReason,
    refusal: Option<&ApiError>,
) -> Result<(), QueueError> {
    if place(work, seq)?.is_none() {
        return Ok(());
    }
    work.connection
        .prepare_cached(concat!(
            "INSERT INTO dead (buried_at, reason, http_status, code, subcode, message,
                 fbtrace_id, seq, destination, test_event_code, ",
            tries_columns!(),
            ", ",
            event_columns!(),
            ") SELECT ?, ?, ?, ?, ?, ?, ?, seq, destination, test_event_code, ",
            tries_columns!(),
            ", ",
            event_columns!(),
            " FROM queued JOIN lane ON lane.id = queued.lane WHERE seq = ?",
        ))?
        .execute(params![
            work.now_ms,
            reason.name(),
            refusal.and_then(|refusal| refusal.status),
            refusal.and_then(|refusal| refusal.code),
            refusal.and_then(|refusal| refusal.subcode),
            refusal.map(|refusal| &refusal.message),
            refusal.and_then(|refusal| refusal.fbtrace_id.as_ref()),
            seq,
        ])?;
    if let Some(gone) = remove(work, seq)? {
        if let Some(key) = gone.key.filter(|_| reason.keeps_dedup_entry()) {
            let fingerprint = gone.fingerprint.as_ref();
            work.seen.mark(work.connection, &key, fingerprint)?;
        }
        work.effects.dead_lettered += 1;
    }
    Ok(())
}

/// As one that was tried, so that it is not handed out before its turn. Its
/// id may have come again since, or been delivered: then it stays dead-lettered.
fn take_back(work: &mut Work<'_>, seq: i64) -> Result<(), QueueError> {
    let Some(letter) = DeadLetterRow::read(work.connection, seq)? else {
        return Ok(());
    };
    if !letter.release_mark(work)? {
        return Ok(());
    }
    let lane = work.make_lane(&LaneKey::new(&letter.destination, Some(&letter.test_code)))?;
    let due_at = work.now_ms.max(1);
    let class = work
        .connection
        .prepare_cached(concat!(
            "INSERT INTO queued (seq, lane, due_at, ",
            tries_columns!(),
            ", ",
            event_columns!(),
            ") SELECT seq, ?, ?, ",
            tries_columns!(),
            ", ",
            event_columns!(),
            " FROM dead WHERE seq = ? ON CONFLICT DO NOTHING RETURNING physical_store",
        ))?
        .query_row((lane, due_at, seq), |row| row.get(0))
        .optional()?;
    if let Some(class) = class {
        letter.remove(work)?;
        work.change(lane, Change::Came { class, due_at });
    }
    Ok(())
}

/// Takes a row out of the queue.
fn remove(work: &mut Work<'_>, seq: i64) -> Result<Option<Gone>, QueueError> {
    let gone = work
        .connection
        .prepare_cached(REMOVE)?
        .query_row([seq], |row| {
            Ok(Gone {
                lane: row.get(0)?,
                class: row.get(1)?,
                due_at: row.get(2)?,
                key: row.get(3)?,
                fingerprint: row.get::<_, Option<Vec<u8>>>(4)?.map(Fingerprint::stored),
            })
        })
        .optional()?;
    if let Some(Gone {
        lane,
        class,
        due_at,
        ..
    }) = gone
    {
        work.change(lane, Change::Left { class, seq, due_at });
    }
    Ok(gone)
}
