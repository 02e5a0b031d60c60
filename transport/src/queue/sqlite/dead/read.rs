//! Reading dead letters.

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};
use serde_json::value::RawValue;

use super::super::super::{DeadCode, DeadFilter, DeadLetter, QueueError, StoredDiagnostic};

const COLUMNS: &str = "seq, destination, test_event_code, action, event_name, event_id, \
    event_time, reason, code, subcode, message, http_status, fbtrace_id, buried_at, appended_at, \
    attempts, outcome_unknown, dataset_id, payload, reasons, source, message_id";

/// So many letters are gone through in one look.
const LOOKED_THROUGH: usize = 5_000;

/// A filter as the condition of a statement, and its values.
pub(super) fn condition(filter: &DeadFilter, after: i64) -> (String, Vec<Value>) {
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
        code_condition(code.as_ref()),
        ("subcode = ?", number(subcode)),
        ("event_id = ?", text(event_id)),
        (
            "CASE WHEN json_valid(CAST(payload AS TEXT))
                 THEN CAST(payload AS TEXT) ->> '$.custom_data.order_id' END = ?",
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

fn code_condition(code: Option<&DeadCode>) -> (&'static str, Option<Value>) {
    match code {
        Some(DeadCode::Own(code)) => (
            "EXISTS (SELECT 1 FROM json_each(CASE WHEN json_valid(reasons) THEN reasons END) AS found
                 WHERE found.value ->> 'code' = ?)",
            Some(Value::Text(code.clone())),
        ),
        Some(DeadCode::Meta(code)) => ("code = ?", Some(Value::Integer(*code))),
        None => ("code = ?", None),
    }
}

/// The number of the last of the next `count` letters beyond `after`; `None` where there
/// are none.
pub(super) fn page_end(
    connection: &Connection,
    after: i64,
    count: usize,
) -> Result<Option<i64>, QueueError> {
    Ok(connection
        .prepare_cached(
            "SELECT max(seq) FROM (SELECT seq FROM dead WHERE seq > ? ORDER BY seq LIMIT ?)",
        )?
        .query_row((after, count), |row| row.get(0))?)
}

/// The letters of a filter beyond `after`, by number, at most `limit`.
///
/// Some letters at a time are gone through: a long look would keep the log from being
/// begun anew.
pub(in super::super) fn list(
    connection: &Connection,
    filter: &DeadFilter,
    mut after: i64,
    limit: usize,
) -> Result<Vec<DeadLetter>, QueueError> {
    let mut letters = Vec::new();
    while letters.len() < limit
        && let Some(last) = page_end(connection, after, LOOKED_THROUGH)?
    {
        let (condition, mut values) = condition(filter, after);
        let left = limit - letters.len();
        values.push(Value::Integer(last));
        values.push(Value::Integer(i64::try_from(left).unwrap_or(i64::MAX)));
        let sql = format!(
            "SELECT {COLUMNS} FROM dead WHERE {condition} AND seq <= ? ORDER BY seq LIMIT ?"
        );
        let mut statement = connection.prepare(&sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            letters.push(letter(row)?);
        }
        after = last;
    }
    Ok(letters)
}

fn letter(row: &Row<'_>) -> Result<DeadLetter, QueueError> {
    let payload: Vec<u8> = row.get(18)?;
    let event = String::from_utf8_lossy(&payload).into_owned();
    // A letter that was damaged must not hide the others.
    let event = RawValue::from_string(event).unwrap_or_else(|_| RawValue::NULL.to_owned());
    let reasons: Vec<StoredDiagnostic> = row
        .get::<_, Option<String>>(19)?
        .and_then(|reasons| serde_json::from_str(&reasons).ok())
        .unwrap_or_default();
    let own = reasons
        .first()
        .map(|found| DeadCode::Own(found.code.clone()));
    Ok(DeadLetter {
        id: row.get(0)?,
        destination: row.get(1)?,
        test_event_code: row
            .get::<_, Option<String>>(2)?
            .filter(|code| !code.is_empty()),
        action: row.get(3)?,
        source: row.get(20)?,
        event_name: row.get(4)?,
        event_id: row.get(5)?,
        message_id: row.get(21)?,
        event_time: row.get(6)?,
        reason: row.get(7)?,
        code: row.get::<_, Option<i64>>(8)?.map(DeadCode::Meta).or(own),
        subcode: row.get(9)?,
        message: row.get(10)?,
        http_status: row.get(11)?,
        fbtrace_id: row.get(12)?,
        buried_at: row.get(13)?,
        appended_at: row.get(14)?,
        attempts: row.get(15)?,
        outcome_unknown: row.get(16)?,
        dataset_id: row.get(17)?,
        reasons,
        event,
    })
}
