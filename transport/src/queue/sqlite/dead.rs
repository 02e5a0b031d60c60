//! Dead letters: reading them, queueing them again, throwing them away.

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};
use serde_json::value::RawValue;

use super::super::{DeadFilter, DeadLetter, QueueError, Retried};
use super::lanes::Change;
use super::seen::Seen;
use super::writer::Effects;

const COLUMNS: &str = "seq, destination, test_event_code, action, event_name, event_id, \
    event_time, reason, code, subcode, message, http_status, fbtrace_id, buried_at, appended_at, \
    attempts, outcome_unknown, dataset_id, payload";

/// So many letters of a filter are gone through in one transaction.
pub(super) const AT_ONCE: usize = 1_000;

/// A filter as the condition of a statement, and its values.
fn condition(filter: &DeadFilter, after: i64) -> (String, Vec<Value>) {
    let DeadFilter {
        id,
        destination,
        action,
        reason,
        code,
        subcode,
        event_id,
        order_id,
        since_ms,
        before_ms,
    } = filter;
    let text = |text: &Option<String>| text.clone().map(Value::Text);
    let number = |number: &Option<i64>| number.map(Value::Integer);
    let parts = [
        ("seq = ?", number(id)),
        ("destination = ?", text(destination)),
        ("action = ?", text(action)),
        ("reason = ?", text(reason)),
        ("code = ?", number(code)),
        ("subcode = ?", number(subcode)),
        ("event_id = ?", text(event_id)),
        (
            "CAST(payload AS TEXT) ->> '$.custom_data.order_id' = ?",
            text(order_id),
        ),
        ("buried_at >= ?", number(since_ms)),
        ("buried_at < ?", number(before_ms)),
    ];
    let mut sql = "seq > ?".to_owned();
    let mut values = vec![Value::Integer(after)];
    for (part, value) in parts {
        if let Some(value) = value {
            sql += " AND ";
            sql += part;
            values.push(value);
        }
    }
    (sql, values)
}

/// The letters of a filter beyond `after`, by number, at most `limit`.
pub(super) fn list(
    connection: &Connection,
    filter: &DeadFilter,
    after: i64,
    limit: usize,
) -> Result<Vec<DeadLetter>, QueueError> {
    let (condition, mut values) = condition(filter, after);
    values.push(Value::Integer(i64::try_from(limit).unwrap_or(i64::MAX)));
    let sql = format!("SELECT {COLUMNS} FROM dead WHERE {condition} ORDER BY seq LIMIT ?");
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut letters = Vec::new();
    while let Some(row) = rows.next()? {
        letters.push(letter(row)?);
    }
    Ok(letters)
}

fn letter(row: &Row<'_>) -> Result<DeadLetter, QueueError> {
    let payload: Vec<u8> = row.get(18)?;
    let event = String::from_utf8_lossy(&payload).into_owned();
    let event = RawValue::from_string(event).map_err(|error| {
        QueueError::Storage(format!("a dead letter is no JSON: {error}").into())
    })?;
    Ok(DeadLetter {
        id: row.get(0)?,
        destination: row.get(1)?,
        test_event_code: row
            .get::<_, Option<String>>(2)?
            .filter(|code| !code.is_empty()),
        action: row.get(3)?,
        event_name: row.get(4)?,
        event_id: row.get(5)?,
        event_time: row.get(6)?,
        reason: row.get(7)?,
        code: row.get(8)?,
        subcode: row.get(9)?,
        message: row.get(10)?,
        http_status: row.get(11)?,
        fbtrace_id: row.get(12)?,
        buried_at: row.get(13)?,
        appended_at: row.get(14)?,
        attempts: row.get(15)?,
        outcome_unknown: row.get(16)?,
        dataset_id: row.get(17)?,
        event,
    })
}

/// What a pass over the letters of a filter did.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pass {
    pub(super) done: Retried,
    /// The last number gone through; `None` when there are no more.
    pub(super) last: Option<i64>,
}

/// Queues letters again as fresh rows: what they were refused for may be mended,
/// and their tries begin anew. An id that came again since, or was delivered,
/// keeps its letter buried, unless the mark is the letter's own.
pub(super) fn retry(
    connection: &Connection,
    filter: &DeadFilter,
    after: i64,
    now_ms: i64,
    next_seq: &mut i64,
    seen: &mut Seen,
    effects: &mut Effects,
) -> Result<Pass, QueueError> {
    let mut pass = Pass::default();
    for (seq, reason, key) in numbers(connection, filter, after)? {
        pass.last = Some(seq);
        let keeps_mark = reason == super::super::BuryReason::PartlyConfirmed.name();
        if let Some(key) = &key
            && !keeps_mark
            && seen.contains(connection, key)?
        {
            pass.done.repeats += 1;
            continue;
        }
        let row = connection
            .prepare_cached(
                "INSERT INTO queued (seq, lane, physical_store, due_at, appended_at, dataset_id,
                     action, event_name, event_id, event_time, dedup_key, payload_version, payload)
                 SELECT ?, lane.id, physical_store, 0, ?, dataset_id, action, event_name, event_id,
                     event_time, dedup_key, payload_version, payload
                 FROM dead JOIN lane USING (destination, test_event_code) WHERE seq = ?
                 ON CONFLICT (dedup_key) WHERE dedup_key IS NOT NULL DO NOTHING
                 RETURNING lane, physical_store",
            )?
            .query_row((*next_seq, now_ms, seq), |row| {
                Ok((row.get(0)?, super::settle::class(row, 1)?))
            });
        match row {
            Ok((lane, class)) => {
                *next_seq += 1;
                bury_no_more(connection, seq)?;
                effects.changes.push((lane, Change::Appended(class)));
                effects.taken_back += 1;
                pass.done.queued += 1;
            }
            Err(rusqlite::Error::QueryReturnedNoRows) => pass.done.repeats += 1,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(pass)
}

/// Throws letters away.
pub(super) fn purge(
    connection: &Connection,
    filter: &DeadFilter,
    after: i64,
    effects: &mut Effects,
) -> Result<Pass, QueueError> {
    let mut pass = Pass::default();
    for (seq, ..) in numbers(connection, filter, after)? {
        pass.last = Some(seq);
        bury_no_more(connection, seq)?;
        effects.taken_back += 1;
        pass.done.queued += 1;
    }
    Ok(pass)
}

fn bury_no_more(connection: &Connection, seq: i64) -> Result<(), QueueError> {
    connection
        .prepare_cached("DELETE FROM dead WHERE seq = ?")?
        .execute([seq])?;
    Ok(())
}

type Number = (i64, String, Option<super::super::DedupKey>);

fn numbers(
    connection: &Connection,
    filter: &DeadFilter,
    after: i64,
) -> Result<Vec<Number>, QueueError> {
    let (condition, mut values) = condition(filter, after);
    values.push(Value::Integer(i64::try_from(AT_ONCE).unwrap_or(i64::MAX)));
    let mut statement = connection.prepare(&format!(
        "SELECT seq, reason, dedup_key FROM dead WHERE {condition} ORDER BY seq LIMIT ?"
    ))?;
    let rows = statement.query_map(params_from_iter(values), |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
