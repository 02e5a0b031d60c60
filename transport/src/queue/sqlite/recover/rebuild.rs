//! The new file that takes what was found.

use std::path::Path;

use capi_core::Fingerprint;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, params_from_iter};

use super::super::super::{DedupKey, QueueError};
use super::super::dedup_index::{DedupIndex, Forget};
use super::super::open;
use super::row::{Row, Table};
use super::salvage::Sink;

/// So many rows are one transaction.
const CHUNK_SIZE: u64 = 4_000;

/// A queue that is being filled.
pub(super) struct Rebuild {
    connection: Connection,
    seen: DedupIndex,
    now_ms: i64,
    waiting: u64,
    pub(super) queued: u64,
    pub(super) dead: u64,
    pub(super) marks: u64,
}

impl Rebuild {
    /// Makes a queue in the new file `file`. The dedup entries become today's: each
    /// is as long as a new one.
    pub(super) fn create(file: &Path, now_ms: i64) -> Result<Self, QueueError> {
        let mut connection = open::open(file)?;
        // Nobody needs the half of it: a crash throws it away, and it is synced
        // once it is whole.
        connection.pragma_update(None, "journal_mode", "MEMORY")?;
        connection.pragma_update(None, "synchronous", "OFF")?;
        let mut seen = DedupIndex::load(&connection, super::super::options::DEDUP_DAYS)?;
        seen.rotate(&mut connection, now_ms, Forget::Old)?;
        connection.execute_batch("BEGIN")?;
        Ok(Self {
            connection,
            seen,
            now_ms,
            waiting: 0,
            queued: 0,
            dead: 0,
            marks: 0,
        })
    }

    /// The version of the schema, and the mark of a queue's file.
    pub(super) fn identity(&self) -> Result<(i64, i64), QueueError> {
        let number = |name| {
            self.connection
                .pragma_query_value(None, name, |row| row.get(0))
        };
        Ok((number("user_version")?, number("application_id")?))
    }

    /// Writes the rest. The file is whole then, without a log.
    pub(super) fn finish(self) -> Result<Self, QueueError> {
        self.connection.execute_batch("COMMIT")?;
        Ok(self)
    }

    fn count(&mut self, rows: usize) -> Result<u64, QueueError> {
        self.waiting += rows as u64;
        if self.waiting >= CHUNK_SIZE {
            self.waiting = 0;
            self.connection.execute_batch("COMMIT")?;
            self.seen
                .rotate(&mut self.connection, self.now_ms, Forget::Old)?;
            self.connection.execute_batch("BEGIN")?;
        }
        Ok(rows as u64)
    }
}

impl Sink for Rebuild {
    fn lane(&mut self, id: i64, destination: &str, test_code: &str) -> Result<(), QueueError> {
        self.connection.execute(
            "INSERT INTO lane (id, destination, test_event_code) VALUES (?, ?, ?)",
            (id, destination, test_code),
        )?;
        Ok(())
    }

    fn mark(&mut self, key: &DedupKey, fingerprint: Option<&[u8]>) -> Result<(), QueueError> {
        let before = self.connection.total_changes();
        let fingerprint = fingerprint.map(Fingerprint::stored);
        self.seen
            .mark(&self.connection, key, fingerprint.as_ref())?;
        let new = usize::from(self.connection.total_changes() > before);
        self.marks += self.count(new)?;
        Ok(())
    }

    fn row(&mut self, row: &Row<'_>) -> Result<(), QueueError> {
        let names: Vec<&str> = row.columns.iter().map(|column| column.name).collect();
        let values: Vec<String> = (1..=names.len()).map(|at| format!("?{at}")).collect();
        let other = match row.table {
            Table::Queued => Table::Dead,
            Table::Dead => Table::Queued,
        };
        let insert = format!(
            "INSERT INTO {} ({}) SELECT {}
             WHERE NOT EXISTS (SELECT 1 FROM {} WHERE seq = ?1) ON CONFLICT DO NOTHING",
            row.table.name(),
            names.join(", "),
            values.join(", "),
            other.name(),
        );
        let seq = [ToSqlOutput::from(row.seq)].into_iter();
        let rest = row.values.iter().skip(1);
        let rest = rest.zip(row.columns.iter().skip(1)).map(|(value, column)| {
            ToSqlOutput::Borrowed(match (column.name, value) {
                // Its group is not saved: it is due immediately.
                ("due_at", ValueRef::Integer(..0)) => ValueRef::Integer(1),
                _ => *value,
            })
        });
        let inserted = self
            .connection
            .prepare_cached(&insert)?
            .execute(params_from_iter(seq.chain(rest)))?;
        let inserted = self.count(inserted)?;
        match row.table {
            Table::Queued => self.queued += inserted,
            Table::Dead => self.dead += inserted,
        }
        Ok(())
    }

    fn is_marked(&mut self, key: &DedupKey) -> Result<bool, QueueError> {
        self.seen.contains(&self.connection, key)
    }
}
