//! One dead letter, as far as it says whether it may be queued again.

use rusqlite::{Connection, OptionalExtension, Row};

use super::super::{DeadLetterReason, DedupKey, QueueError};
use super::work::Work;

/// The columns of a [`DeadLetterRow`].
pub(super) const COLUMNS: &str = "seq, reason, dedup_key, buried_at, event_id, destination, \
                                  test_event_code";

/// What of a letter says whether it may be queued again.
pub(super) struct DeadLetterRow {
    pub(super) seq: i64,
    pub(super) reason: String,
    pub(super) key: Option<DedupKey>,
    pub(super) buried_ms: i64,
    pub(super) event_id: Option<String>,
    pub(super) destination: String,
    /// The test code of its lane; empty for none.
    pub(super) test_code: String,
}

impl DeadLetterRow {
    pub(super) fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            seq: row.get(0)?,
            reason: row.get(1)?,
            key: row.get(2)?,
            buried_ms: row.get(3)?,
            event_id: row.get(4)?,
            destination: row.get(5)?,
            test_code: row.get(6)?,
        })
    }

    pub(super) fn read(connection: &Connection, seq: i64) -> Result<Option<Self>, QueueError> {
        Ok(connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM dead WHERE seq = ?"))?
            .query_row([seq], Self::of)
            .optional()?)
    }

    /// Takes the dedup entry away that it kept itself, to be queued again: from then on its
    /// row is the dedup entry, and what becomes of the row decides. Says whether no dedup entry of
    /// its id stands: another one keeps it dead-lettered.
    pub(super) fn release_mark(&self, work: &Work<'_>) -> Result<bool, QueueError> {
        match &self.key {
            Some(key) if self.reason == DeadLetterReason::PartlyConfirmed.name() => {
                work.seen.unmark(work.connection, key, self.buried_ms)
            }
            Some(key) => Ok(!work.seen.contains(work.connection, key)?),
            None => Ok(true),
        }
    }

    /// Takes it away, unless it is gone already. Says how many went.
    pub(super) fn remove(&self, work: &mut Work<'_>) -> Result<u64, QueueError> {
        let gone = work
            .connection
            .prepare_cached("DELETE FROM dead WHERE seq = ?")?
            .execute([self.seq])? as u64;
        work.effects.letters_removed += gone;
        Ok(gone)
    }
}

pub(super) const REMOVE_REJECTED: &str = "DELETE FROM dead WHERE dedup_key = ? AND reason = ?";

/// Takes the letters away that were rejected under this id before: it came again.
pub(super) fn remove_rejected(connection: &Connection, key: &DedupKey) -> Result<u64, QueueError> {
    let gone = connection
        .prepare_cached(REMOVE_REJECTED)?
        .execute((key, DeadLetterReason::Invalid.name()))?;
    Ok(gone as u64)
}
