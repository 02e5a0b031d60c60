//! Leasing: reading beside the writer.

use std::collections::HashSet;
use std::sync::Arc;

use rusqlite::{Connection, Row};

use super::super::{Group, Lease, LeaseKind, LeaseRequest, Leased, QueueError, Window};
use super::acknowledge::LONGEST_WAIT_MS;
use super::lanes::Lanes;
use super::schema::PAYLOAD_VERSION;

pub(super) const COLUMNS: &str = "seq, event_time, appended_at, attempts, first_attempt_at, \
                                  outcome_unknown, payload_version, payload, action, \
                                  event_name, source";

/// Where the payload is among them.
const PAYLOAD: usize = 7;

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
    let reading = Reading::new(request, lanes.sent_before(lane, request.class));
    match request.kind {
        LeaseKind::Fresh => fresh(connection, lanes, lane, request, reading),
        LeaseKind::Retry => retries(connection, lanes, lane, request, reading),
    }
}

fn fresh(
    connection: &Connection,
    lanes: &Lanes,
    lane: i64,
    request: &LeaseRequest,
    mut reading: Reading,
) -> Result<Lease, QueueError> {
    let mut statement = connection.prepare_cached(&fresh_rows())?;
    let cursor = lanes.cursor(lane, request.class);
    let mut found = statement.query((lane, request.class, cursor, request.max))?;
    while let Some(row) = found.next()?
        && reading.take(row)?
    {}
    if let Some(last) = reading.last {
        lanes.lease_fresh(lane, request.class, last, reading.count());
    }
    Ok(reading.lease)
}

/// No row waits longer than [`LONGEST_WAIT_MS`]: one that seems to was acknowledged
/// by a clock that has been put back since, and is due.
fn retries(
    connection: &Connection,
    lanes: &Lanes,
    lane: i64,
    request: &LeaseRequest,
    mut reading: Reading,
) -> Result<Lease, QueueError> {
    let (class, now_ms) = (request.class, request.now_ms);
    let horizon = now_ms.saturating_add(LONGEST_WAIT_MS);
    let leased_already = lanes.leased_retries(lane, class);
    let limit = request.max.saturating_add(leased_already.len());
    let mut more = false;
    // Two ranges of an index, each of which is found quickly. Both together are not.
    for (range, from, to) in [(DUE, 1, now_ms), (FAR, horizon, i64::MAX)] {
        let mut statement = connection.prepare_cached(&retried_rows(range))?;
        let mut found = statement.query((lane, class, from, to, limit))?;
        while !more && let Some(row) = found.next()? {
            more = !leased_already.contains(&row.get(0)?)
                && (reading.count() == request.max || !reading.take(row)?);
        }
    }
    more |= reading.count() == request.max;
    reading.lease.next_due_ms = if more {
        Some(now_ms)
    } else {
        connection
            .prepare_cached(NEXT_DUE)?
            .query_row((lane, class, now_ms, horizon), |row| row.get(0))?
    };
    lanes.lease_retries(lane, class, reading.seqs());
    Ok(reading.lease)
}

pub(super) fn fresh_rows() -> String {
    format!(
        "SELECT {COLUMNS} FROM queued
         WHERE lane = ? AND physical_store = ? AND due_at = 0 AND seq > ? ORDER BY seq LIMIT ?"
    )
}

/// What is due.
pub(super) const DUE: &str = "due_at >= ? AND due_at <= ?";

/// What waits too long.
pub(super) const FAR: &str = "due_at > ? AND due_at <= ?";

pub(super) fn retried_rows(range: &str) -> String {
    format!(
        "SELECT {COLUMNS} FROM queued
         WHERE lane = ? AND physical_store = ? AND {range} ORDER BY due_at, seq LIMIT ?"
    )
}

pub(super) const NEXT_DUE: &str = "SELECT min(due_at) FROM queued
     WHERE lane = ? AND physical_store = ? AND due_at > ? AND due_at <= ?";

/// A lease that is being read.
struct Reading {
    lease: Lease,
    /// The last row, readable or not.
    last: Option<i64>,
    bytes_left: usize,
    groups: Groups,
    sent_before: Option<Window>,
}

impl Reading {
    fn new(request: &LeaseRequest, sent_before: Option<Window>) -> Self {
        Self {
            lease: Lease::default(),
            last: None,
            bytes_left: request.max_bytes,
            groups: Groups::default(),
            sent_before,
        }
    }

    fn count(&self) -> usize {
        self.lease.rows.len() + self.lease.unreadable.len()
    }

    fn seqs(&self) -> impl Iterator<Item = i64> {
        let read = self.lease.rows.iter().map(|row| row.seq);
        read.chain(self.lease.unreadable.iter().copied())
    }

    /// Takes a row, if it fits in. Says whether it does.
    fn take(&mut self, row: &Row<'_>) -> Result<bool, QueueError> {
        let bytes = row.get_ref(PAYLOAD)?.as_bytes().map_or(0, <[u8]>::len);
        if self.last.is_some() && bytes > self.bytes_left {
            return Ok(false);
        }
        let seq = row.get(0)?;
        self.last = Some(seq);
        let Ok(leased) = leased(row, &mut self.groups, self.sent_before) else {
            self.lease.unreadable.push(seq);
            return Ok(true);
        };
        self.bytes_left = self.bytes_left.saturating_sub(bytes);
        self.lease.rows.push(leased);
        Ok(true)
    }
}

/// The groups of rows that are read, each of them once.
#[derive(Default)]
pub(super) struct Groups {
    known: HashSet<Arc<Group>>,
    /// That of the row before: most often that of the next one too.
    last: Option<Arc<Group>>,
}

impl Groups {
    fn of(&mut self, row: &Row<'_>) -> Result<Arc<Group>, QueueError> {
        let text = |at| {
            let text = row.get_ref(at)?.as_str_or_null();
            text.map_err(|_| QueueError::Corrupt)
        };
        let (action, event_name, source) = (text(8)?, text(9)?, text(10)?);
        let is_same = |last: &&Arc<Group>| {
            last.action.as_deref() == action
                && Some(&*last.event_name) == event_name
                && last.source.as_deref() == source
        };
        if let Some(last) = self.last.as_ref().filter(is_same) {
            return Ok(Arc::clone(last));
        }
        let group = Group {
            action: action.map(Into::into),
            event_name: event_name.ok_or(QueueError::Corrupt)?.into(),
            source: source.map(Into::into),
        };
        let group = match self.known.get(&group) {
            Some(known) => Arc::clone(known),
            None => Arc::new(group),
        };
        self.known.insert(Arc::clone(&group));
        self.last = Some(Arc::clone(&group));
        Ok(group)
    }
}

/// A row, which may have been sent before the lane was released.
pub(super) fn leased(
    row: &Row<'_>,
    groups: &mut Groups,
    sent_before: Option<Window>,
) -> Result<Leased, QueueError> {
    let seq = row.get(0)?;
    let version: i64 = row.get(6)?;
    if version != PAYLOAD_VERSION {
        return Err(QueueError::Payload {
            seq,
            found: version,
        });
    }
    let appended_ms: i64 = row.get(2)?;
    let mut leased = Leased {
        seq,
        event_time: row.get(1)?,
        appended_ms,
        attempts: row.get(3)?,
        first_attempt_ms: row.get(4)?,
        outcome_unknown: row.get(5)?,
        group: groups.of(row)?,
        payload: row.get::<_, Vec<u8>>(PAYLOAD)?.into(),
    };
    if let Some(window) = sent_before.filter(|window| seq <= window.up_to)
        && !leased.outcome_unknown
    {
        leased.outcome_unknown = true;
        leased.first_attempt_ms = Some(window.since_ms.max(appended_ms));
    }
    Ok(leased)
}
