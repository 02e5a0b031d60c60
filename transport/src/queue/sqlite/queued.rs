//! One queued row, as more than one statement asks for it.

use capi_core::Fingerprint;
use rusqlite::types::{FromSql, FromSqlResult, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, ToSql};

use super::super::{Class, DedupKey, QueueError};
use super::found::Found;

pub(super) const FIND: &str = "SELECT fingerprint FROM queued WHERE dedup_key = ?";

/// What is under a key, where a row with it waits.
pub(super) fn find(connection: &Connection, key: &DedupKey) -> Result<Option<Found>, QueueError> {
    let found = connection
        .prepare_cached(FIND)?
        .query_row([key], |row| row.get::<_, Option<Vec<u8>>>(0))
        .optional()?;
    Ok(found.map(|fingerprint| Found {
        fingerprint: fingerprint.map(Fingerprint::stored),
    }))
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
