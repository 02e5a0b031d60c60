//! Dead letters: keeping what was rejected at ingest, queueing letters again,
//! throwing them away.

mod read;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

use super::super::{
    Appended, Conversion, DeadFilter, DeadLetterReason, LaneKey, QueueError, RejectedConversion,
    Replaced, Retried,
};
use super::append::append;
use super::dead_letter_row::{self, COLUMNS, DeadLetterRow};
use super::effects::Change;
use super::queued;
use super::schema::{PAYLOAD_VERSION, event_columns};
use super::work::Work;

pub(super) use read::list;

/// So many letters are gone through in one transaction.
pub(super) const CHUNK_SIZE: usize = 1_000;

/// Keeps what was rejected before it was queued.
pub(super) fn dead_letter(work: &mut Work<'_>, one: &RejectedConversion) -> Result<(), QueueError> {
    if let Some(key) = &one.key {
        let is_queued = || Ok::<_, QueueError>(queued::find(work.connection, key)?.is_some());
        if work.seen.contains(work.connection, key)? || is_queued()? {
            return Ok(());
        }
        work.effects.letters_removed += dead_letter_row::remove_rejected(work.connection, key)?;
    }
    let reasons = serde_json::to_string(&one.reasons)
        .map_err(|error| QueueError::Storage(error.to_string().into()))?;
    work.connection
        .prepare_cached(concat!(
            "INSERT INTO dead (seq, destination, test_event_code, buried_at, reason, reasons,
                 message, appended_at, attempts, outcome_unknown, ",
            event_columns!(),
            ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?)",
        ))?
        .execute(params![
            work.next.seq,
            &*one.lane.destination,
            one.lane.test_event_code.as_deref().unwrap_or_default(),
            work.now_ms,
            DeadLetterReason::Invalid.name(),
            reasons,
            one.reasons.first().map(|reason| &*reason.message),
            work.now_ms,
            one.class,
            one.dataset_id,
            one.action,
            one.source,
            one.event_name,
            one.event_id,
            one.event_time,
            one.key,
            PAYLOAD_VERSION,
            &*one.payload,
        ])?;
    work.next.seq += 1;
    work.effects.dead_lettered += 1;
    Ok(())
}

/// Queues repaired conversions in the place of their letters. Each claims its
/// dedup entry like a new event, unless the dedup entry is the letter's own.
pub(super) fn replace(
    work: &mut Work<'_>,
    repaired: &[(i64, Conversion)],
) -> Result<Vec<Replaced>, QueueError> {
    repaired
        .iter()
        .map(|(seq, conversion)| {
            let Some(letter) = DeadLetterRow::read(work.connection, *seq)? else {
                return Ok(Replaced::Gone);
            };
            if letter.key == conversion.key && !letter.release_mark(work)? {
                return Ok(Replaced::Duplicate);
            }
            Ok(match append(work, conversion)? {
                Appended::Queued => {
                    letter.remove(work)?;
                    Replaced::Queued
                }
                Appended::Duplicate | Appended::DifferingDuplicate => Replaced::Duplicate,
            })
        })
        .collect()
}

/// Which letters a pass goes through, by number: those that there were when it
/// began. What is sent again and refused immediately is a letter with a new number,
/// and must not be met again.
#[derive(Clone, Copy, Debug)]
pub(super) struct SeqRange {
    pub(super) after: i64,
    pub(super) last: i64,
}

/// Which letters are to be queued again.
#[derive(Clone, Debug)]
pub(super) struct RetryQuery {
    pub(super) filter: DeadFilter,
    /// The destinations that there are.
    pub(super) destinations: Vec<String>,
}

/// What a pass over the letters of a filter did.
#[derive(Clone, Debug, Default)]
pub(super) struct Page<T> {
    pub(super) done: T,
    /// The last number gone through; `None` at the end.
    pub(super) last: Option<i64>,
}

/// Queues letters again as fresh rows, but for what our own checks rejected,
/// which has to be repaired: what they were refused for may be fixed,
/// and their tries begin anew. An id that came again since, or was delivered,
/// keeps its letter dead-lettered.
pub(super) fn retry(
    work: &mut Work<'_>,
    wanted: &RetryQuery,
    window: SeqRange,
) -> Result<Page<Retried>, QueueError> {
    let (letters, last) = letters(work.connection, &wanted.filter, window)?;
    let mut done = Retried::default();
    for letter in letters {
        if letter.reason == DeadLetterReason::Invalid.name() {
            continue;
        }
        if !wanted.destinations.contains(&letter.destination) {
            let DeadLetterRow {
                seq,
                event_id,
                destination,
                ..
            } = letter;
            done.without_destination.push((seq, event_id, destination));
            continue;
        }
        if letter.release_mark(work)? && queue(work, &letter)? {
            done.queued += 1;
        } else {
            done.duplicates += 1;
        }
    }
    Ok(Page { done, last })
}

/// Queues a letter as a fresh row. Says whether it is none with an id that is queued.
fn queue(work: &mut Work<'_>, letter: &DeadLetterRow) -> Result<bool, QueueError> {
    // Its lane may have ended since.
    let lane = work.make_lane(&LaneKey::new(&letter.destination, Some(&letter.test_code)))?;
    let class = work
        .connection
        .prepare_cached(concat!(
            "INSERT INTO queued (seq, lane, due_at, appended_at, ",
            event_columns!(),
            ") SELECT ?, ?, 0, ?, ",
            event_columns!(),
            " FROM dead WHERE seq = ?
             ON CONFLICT (dedup_key) WHERE dedup_key IS NOT NULL DO NOTHING
             RETURNING physical_store",
        ))?
        .query_row((work.next.seq, lane, work.now_ms, letter.seq), |row| {
            row.get(0)
        })
        .optional()?;
    let Some(class) = class else {
        return Ok(false);
    };
    work.next.seq += 1;
    letter.remove(work)?;
    work.change(lane, Change::Came { class, due_at: 0 });
    Ok(true)
}

/// Throws letters away, and counts them.
pub(super) fn purge(
    work: &mut Work<'_>,
    filter: &DeadFilter,
    window: SeqRange,
) -> Result<Page<u64>, QueueError> {
    let (letters, last) = letters(work.connection, filter, window)?;
    let mut done = 0;
    for letter in letters {
        done += letter.remove(work)?;
    }
    Ok(Page { done, last })
}

/// The letters of a filter among the next of a window, and the last number gone through.
fn letters(
    connection: &Connection,
    filter: &DeadFilter,
    window: SeqRange,
) -> Result<(Vec<DeadLetterRow>, Option<i64>), QueueError> {
    let Some(last) = read::page_end(connection, window.after, CHUNK_SIZE)? else {
        return Ok((Vec::new(), None));
    };
    if window.after >= window.last {
        return Ok((Vec::new(), None));
    }
    let (condition, mut values) = read::condition(filter, window.after);
    values.push(Value::Integer(last.min(window.last)));
    let mut statement = connection.prepare(&format!(
        "SELECT {COLUMNS} FROM dead WHERE {condition} AND seq <= ? ORDER BY seq"
    ))?;
    let rows = statement.query_map(params_from_iter(values), DeadLetterRow::of)?;
    Ok((rows.collect::<Result<_, _>>()?, Some(last)))
}
