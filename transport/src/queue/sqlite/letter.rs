//! One dead letter, as far as it says whether it may be queued again.

use rusqlite::{Connection, OptionalExtension, Row};

use super::super::{BuryReason, DedupKey, QueueError};
use super::seen::Seen;

/// The columns of a [`Letter`].
pub(super) const COLUMNS: &str = "seq, reason, dedup_key, buried_at, event_id, destination";

/// What of a letter says whether it may be queued again.
pub(super) struct Letter {
    pub(super) seq: i64,
    pub(super) reason: String,
    pub(super) key: Option<DedupKey>,
    pub(super) buried_ms: i64,
    pub(super) event_id: Option<String>,
    pub(super) destination: String,
}

/// [`Letter::release_mark`] of the letter with a number; `false` where there is none.
pub(super) fn release_mark(
    connection: &Connection,
    seq: i64,
    seen: &Seen,
) -> Result<bool, QueueError> {
    Letter::read(connection, seq)?.map_or(Ok(false), |letter| letter.release_mark(connection, seen))
}

impl Letter {
    pub(super) fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            seq: row.get(0)?,
            reason: row.get(1)?,
            key: row.get(2)?,
            buried_ms: row.get(3)?,
            event_id: row.get(4)?,
            destination: row.get(5)?,
        })
    }

    pub(super) fn read(connection: &Connection, seq: i64) -> Result<Option<Self>, QueueError> {
        Ok(connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM dead WHERE seq = ?"))?
            .query_row([seq], Self::of)
            .optional()?)
    }

    /// Takes the mark away that it kept itself, to be queued again: from then on its
    /// row is the mark, and what becomes of the row decides. Says whether no mark of
    /// its id stands: another one keeps it buried.
    pub(super) fn release_mark(
        &self,
        connection: &Connection,
        seen: &Seen,
    ) -> Result<bool, QueueError> {
        match &self.key {
            Some(key) if self.reason == BuryReason::PartlyConfirmed.name() => {
                seen.unmark(connection, key, self.buried_ms)
            }
            Some(key) => Ok(!seen.contains(connection, key)?),
            None => Ok(true),
        }
    }
}

/// Takes one letter away.
pub(super) fn remove(connection: &Connection, seq: i64) -> Result<u64, QueueError> {
    let gone = connection
        .prepare_cached("DELETE FROM dead WHERE seq = ?")?
        .execute([seq])?;
    Ok(gone as u64)
}

/// Takes the letters away that were rejected under this id before: it came again.
pub(super) fn remove_rejected(connection: &Connection, key: &DedupKey) -> Result<u64, QueueError> {
    let gone = connection
        .prepare_cached("DELETE FROM dead WHERE dedup_key = ? AND reason = ?")?
        .execute((key, BuryReason::Invalid.name()))?;
    Ok(gone as u64)
}
