//! One queued row, as more than one statement asks for it.

use rusqlite::types::{FromSql, FromSqlResult, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, ToSql};

use super::super::{Class, DedupKey, QueueError};

pub(super) const IS_QUEUED: &str = "SELECT 1 FROM queued WHERE dedup_key = ?";

/// Whether a row with this key waits.
pub(super) fn is_queued(connection: &Connection, key: &DedupKey) -> Result<bool, QueueError> {
    let found = connection
        .prepare_cached(IS_QUEUED)?
        .query_row([key], |_| Ok(()))
        .optional()?;
    Ok(found.is_some())
}

/// As the column `physical_store` has it.
impl ToSql for Class {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok((*self == Self::PhysicalStore).into())
    }
}

impl FromSql for Class {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ok(if bool::column_result(value)? {
            Self::PhysicalStore
        } else {
            Self::Standard
        })
    }
}
