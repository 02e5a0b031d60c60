//! Leasing: reading beside the writer.

use std::sync::Arc;

use rusqlite::{Connection, Row};

use super::super::{Group, Kind, Lease, LeaseRequest, Leased, QueueError};
use super::lanes::Lanes;
use super::schema::PAYLOAD_VERSION;
use super::settle::LONGEST_WAIT_MS;

const COLUMNS: &str = "seq, event_time, appended_at, attempts, first_attempt_at, outcome_unknown, \
                       payload_version, payload";

/// Reads and leases rows. One call at a time: the connection is the caller's
/// alone.
pub(super) fn lease(
    connection: &Connection,
    lanes: &Lanes,
    request: &LeaseRequest,
) -> Result<Lease, QueueError> {
    let Some(lane) = lanes.id(&request.lane) else {
        return Ok(Lease::default());
    };
    match request.kind {
        Kind::Fresh => fresh(connection, lanes, lane, request),
        Kind::Retry => retries(connection, lanes, lane, request),
    }
}

fn fresh(
    connection: &Connection,
    lanes: &Lanes,
    lane: i64,
    request: &LeaseRequest,
) -> Result<Lease, QueueError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM queued
         WHERE lane = ? AND physical_store = ? AND due_at = 0 AND seq > ? ORDER BY seq LIMIT ?"
    ))?;
    let cursor = lanes.cursor(lane, request.class);
    let mut found = statement.query((lane, request.class, cursor, request.max))?;
    let mut rows = Vec::with_capacity(request.max);
    while let Some(row) = found.next()? {
        rows.push(leased(row)?);
    }
    if let Some(last) = rows.last() {
        lanes.lease_fresh(lane, request.class, last.seq, rows.len());
    }
    Ok(Lease {
        rows,
        next_due_ms: None,
        unreadable: Vec::new(),
    })
}

/// No row waits longer than [`LONGEST_WAIT_MS`]: one that seems to was settled
/// by a clock that has been put back since, and is due.
fn retries(
    connection: &Connection,
    lanes: &Lanes,
    lane: i64,
    request: &LeaseRequest,
) -> Result<Lease, QueueError> {
    let horizon = request.now_ms.saturating_add(LONGEST_WAIT_MS);
    let leased_already = lanes.leased_retries(lane, request.class);
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM queued
         WHERE lane = ? AND physical_store = ?
             AND (due_at BETWEEN 1 AND ? OR due_at > ?) ORDER BY due_at, seq LIMIT ?"
    ))?;
    let limit = request.max.saturating_add(leased_already.len());
    let mut found = statement.query((lane, request.class, request.now_ms, horizon, limit))?;
    let mut rows = Vec::new();
    let mut more = false;
    while let Some(row) = found.next()? {
        if leased_already.contains(&row.get(0)?) {
            continue;
        }
        if rows.len() == request.max {
            more = true;
            break;
        }
        rows.push(leased(row)?);
    }
    more |= rows.len() == request.max;
    let next_due_ms = if more {
        Some(request.now_ms)
    } else {
        connection
            .prepare_cached(
                "SELECT min(due_at) FROM queued
                 WHERE lane = ? AND physical_store = ? AND due_at > ? AND due_at <= ?",
            )?
            .query_row((lane, request.class, request.now_ms, horizon), |row| {
                row.get(0)
            })?
    };
    lanes.lease_retries(lane, request.class, rows.iter().map(|row| row.seq));
    Ok(Lease {
        rows,
        next_due_ms,
        unreadable: Vec::new(),
    })
}

fn leased(row: &Row<'_>) -> Result<Leased, QueueError> {
    let seq = row.get(0)?;
    let version: i64 = row.get(6)?;
    if version != PAYLOAD_VERSION {
        return Err(QueueError::Payload {
            seq,
            found: version,
        });
    }
    Ok(Leased {
        seq,
        event_time: row.get(1)?,
        appended_ms: row.get(2)?,
        attempts: row.get(3)?,
        first_attempt_ms: row.get(4)?,
        outcome_unknown: row.get(5)?,
        group: Arc::new(Group {
            action: None,
            event_name: "".into(),
            source: None,
        }),
        payload: row.get::<_, Vec<u8>>(7)?.into(),
    })
}
