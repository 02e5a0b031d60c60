//! One queued row, as more than one statement asks for it.

use rusqlite::{Connection, OptionalExtension, Row};

use super::super::{Class, DedupKey, QueueError};

/// Whether a row with this key waits.
pub(super) fn is_queued(connection: &Connection, key: &DedupKey) -> Result<bool, QueueError> {
    let found = connection
        .prepare_cached("SELECT 1 FROM queued WHERE dedup_key = ?")?
        .query_row([key], |_| Ok(()))
        .optional()?;
    Ok(found.is_some())
}

/// The class that a column of truth tells.
pub(super) fn class(row: &Row<'_>, column: usize) -> rusqlite::Result<Class> {
    Ok(if row.get(column)? {
        Class::PhysicalStore
    } else {
        Class::Standard
    })
}
