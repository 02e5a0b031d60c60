//! Dead letters: keeping what was rejected at the door, queueing letters again,
//! throwing them away.

mod read;

use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};

use super::super::{
    Appended, BuryReason, Conversion, DeadFilter, QueueError, RejectedConversion, Replaced, Retried,
};
use super::append::Append;
use super::effects::{Change, Effects};
use super::letter::{self, COLUMNS, Letter};
use super::queued;
use super::schema::{PAYLOAD_VERSION, event_columns};
use super::seen::Seen;

pub(super) use read::list;

/// So many letters of a filter are gone through in one transaction.
pub(super) const AT_ONCE: usize = 1_000;

/// Keeps what was rejected before it was queued.
pub(super) fn bury(
    append: &mut Append<'_>,
    rejected: &[RejectedConversion],
    seen: &Seen,
    effects: &mut Effects,
) -> Result<(), QueueError> {
    for one in rejected {
        if let Some(key) = &one.key {
            if seen.contains(append.connection, key)? || queued::is_queued(append.connection, key)?
            {
                continue;
            }
            effects.letters_removed += letter::remove_rejected(append.connection, key)?;
        }
        let reasons = serde_json::to_string(&one.reasons)
            .map_err(|error| QueueError::Storage(error.to_string().into()))?;
        append
            .connection
            .prepare_cached(concat!(
                "INSERT INTO dead (seq, destination, test_event_code, buried_at, reason, reasons,
                     message, appended_at, attempts, outcome_unknown, ",
                event_columns!(),
                ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ))?
            .execute(params![
                *append.next_seq,
                &*one.lane.destination,
                one.lane.test_event_code.as_deref().unwrap_or_default(),
                append.now_ms,
                BuryReason::Invalid.name(),
                reasons,
                one.reasons.first().map(|reason| &*reason.message),
                append.now_ms,
                one.class,
                one.dataset_id,
                one.action,
                one.event_name,
                one.event_id,
                one.event_time,
                one.key,
                PAYLOAD_VERSION,
                &*one.payload,
            ])?;
        *append.next_seq += 1;
        effects.buried += 1;
    }
    Ok(())
}

/// Queues repaired conversions in the place of their letters. Each claims its
/// mark like a new event, unless the mark is the letter's own.
pub(super) fn replace(
    append: &mut Append<'_>,
    repaired: &[(i64, Conversion)],
    seen: &Seen,
    effects: &mut Effects,
) -> Result<Vec<Replaced>, QueueError> {
    repaired
        .iter()
        .map(|(seq, conversion)| {
            let Some(letter) = Letter::read(append.connection, *seq)? else {
                return Ok(Replaced::Gone);
            };
            if letter.key == conversion.key && !letter.release_mark(append.connection, seen)? {
                return Ok(Replaced::Repeat);
            }
            Ok(match append.one(conversion, seen, effects)? {
                Appended::Queued => {
                    // It may be gone already, as one with its id.
                    effects.letters_removed += letter::remove(append.connection, *seq)?;
                    Replaced::Queued
                }
                Appended::Repeat => Replaced::Repeat,
            })
        })
        .collect()
}

/// Which letters a pass goes through, by number: those that there were when it
/// began. What is sent again and refused at once is a letter with a new number,
/// and must not be met again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) after: i64,
    pub(super) last: i64,
}

/// Which letters are to be queued again.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) filter: DeadFilter,
    /// The destinations that there are.
    pub(super) destinations: Vec<String>,
}

/// What a pass over the letters of a filter did.
#[derive(Clone, Debug, Default)]
pub(super) struct Pass<T> {
    pub(super) done: T,
    /// The last number gone through; `None` when there are no more.
    pub(super) last: Option<i64>,
}

/// Queues letters again as fresh rows, but for what our own checks rejected,
/// which has to be repaired: what they were refused for may be mended,
/// and their tries begin anew. An id that came again since, or was delivered,
/// keeps its letter buried.
pub(super) fn retry(
    connection: &Connection,
    wanted: &Wanted,
    window: Window,
    now_ms: i64,
    next_seq: &mut i64,
    seen: &Seen,
    effects: &mut Effects,
) -> Result<Pass<Retried>, QueueError> {
    let mut pass = Pass::<Retried>::default();
    for letter in letters(connection, &wanted.filter, window)? {
        let seq = letter.seq;
        pass.last = Some(seq);
        if letter.reason == BuryReason::Invalid.name() {
            continue;
        }
        if !wanted.destinations.contains(&letter.destination) {
            let Letter {
                event_id,
                destination,
                ..
            } = letter;
            pass.done
                .without_destination
                .push((seq, event_id, destination));
            continue;
        }
        if !letter.release_mark(connection, seen)? {
            pass.done.repeats += 1;
            continue;
        }
        let row = connection
            .prepare_cached(concat!(
                "INSERT INTO queued (seq, lane, due_at, appended_at, ",
                event_columns!(),
                ") SELECT ?, lane.id, 0, ?, ",
                event_columns!(),
                " FROM dead JOIN lane USING (destination, test_event_code) WHERE seq = ?
                 ON CONFLICT (dedup_key) WHERE dedup_key IS NOT NULL DO NOTHING
                 RETURNING lane, physical_store",
            ))?
            .query_row((*next_seq, now_ms, seq), |row| {
                Ok((row.get(0)?, row.get(1)?))
            });
        match row {
            Ok((lane, class)) => {
                *next_seq += 1;
                effects.letters_removed += letter::remove(connection, seq)?;
                effects.changes.push((lane, Change::Appended(class)));
                pass.done.queued += 1;
            }
            Err(rusqlite::Error::QueryReturnedNoRows) => pass.done.repeats += 1,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(pass)
}

/// Throws letters away, and counts them.
pub(super) fn purge(
    connection: &Connection,
    filter: &DeadFilter,
    window: Window,
    effects: &mut Effects,
) -> Result<Pass<u64>, QueueError> {
    let mut pass = Pass::default();
    for letter in letters(connection, filter, window)? {
        pass.last = Some(letter.seq);
        let gone = letter::remove(connection, letter.seq)?;
        effects.letters_removed += gone;
        pass.done += gone;
    }
    Ok(pass)
}

fn letters(
    connection: &Connection,
    filter: &DeadFilter,
    window: Window,
) -> Result<Vec<Letter>, QueueError> {
    let (condition, mut values) = read::condition(filter, window.after);
    values.push(Value::Integer(window.last));
    values.push(Value::Integer(i64::try_from(AT_ONCE).unwrap_or(i64::MAX)));
    let mut statement = connection.prepare(&format!(
        "SELECT {COLUMNS} FROM dead
         WHERE {condition} AND seq <= ? ORDER BY seq LIMIT ?"
    ))?;
    let rows = statement.query_map(params_from_iter(values), Letter::of)?;
    Ok(rows.collect::<Result<_, _>>()?)
}
