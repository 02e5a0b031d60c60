//! Settling, inside the writer's transaction.

use rusqlite::{Connection, OptionalExtension, params};

use super::super::{BuryReason, Class, DedupKey, Fate, QueueError, Settlement};
use super::effects::{Change, Effects};
use super::letter;
use super::schema::{event_columns, tries_columns};
use super::seen::Seen;
use crate::Refusal;

/// A row is never tried again later than this, so that a clock that was put
/// back cannot hide rows for years: see the reading of due rows.
pub(super) const LONGEST_WAIT_MS: i64 = 60 * 60 * 1000;

/// What settling reads and writes.
pub(super) struct Settle<'a> {
    pub(super) connection: &'a Connection,
    pub(super) now_ms: i64,
}

impl Settle<'_> {
    pub(super) fn run(
        &self,
        settlements: &[Settlement],
        seen: &mut Seen,
        effects: &mut Effects,
    ) -> Result<(), QueueError> {
        for settlement in settlements {
            let seq = settlement.seq;
            match &settlement.fate {
                Fate::Delivered => self.deliver(seq, seen, effects)?,
                Fate::RetryAt {
                    due_ms,
                    attempted_ms,
                    outcome_unknown,
                } => {
                    self.retry(seq, *due_ms, *attempted_ms, *outcome_unknown, effects)?;
                }
                Fate::SetAside(_) => return Err(QueueError::Closed),
                Fate::TakenBack => self.take_back(seq, seen, effects)?,
                Fate::Buried { reason, refusal } => {
                    self.bury(seq, *reason, refusal.as_ref(), seen, effects)?;
                }
            }
        }
        Ok(())
    }

    fn deliver(&self, seq: i64, seen: &mut Seen, effects: &mut Effects) -> Result<(), QueueError> {
        let Some((lane, class, key)) = self.remove(seq)? else {
            return Ok(());
        };
        if let Some(key) = key {
            seen.mark(self.connection, &key)?;
        }
        effects.changes.push((lane, Change::Removed(class, seq)));
        Ok(())
    }

    fn retry(
        &self,
        seq: i64,
        due_ms: i64,
        attempted_ms: i64,
        outcome_unknown: bool,
        effects: &mut Effects,
    ) -> Result<(), QueueError> {
        let due_ms = due_ms.clamp(1, self.now_ms.saturating_add(LONGEST_WAIT_MS).max(1));
        let row = self
            .connection
            .prepare_cached(
                "UPDATE queued SET due_at = ?, attempts = attempts + 1,
                     first_attempt_at = coalesce(first_attempt_at, ?),
                     outcome_unknown = outcome_unknown OR ?
                 WHERE seq = ? RETURNING lane, physical_store",
            )?
            .query_row((due_ms, attempted_ms, outcome_unknown, seq), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        if let Some((lane, class)) = row {
            effects.changes.push((lane, Change::Returned(class, seq)));
        }
        Ok(())
    }

    /// The mark goes with the row, so that the corrected conversion gets
    /// through; but for a reason that keeps it.
    fn bury(
        &self,
        seq: i64,
        reason: BuryReason,
        refusal: Option<&Refusal>,
        seen: &mut Seen,
        effects: &mut Effects,
    ) -> Result<(), QueueError> {
        self.connection
            .prepare_cached(concat!(
                "INSERT INTO dead (buried_at, reason, http_status, code, subcode, message,
                     fbtrace_id, seq, destination, test_event_code, ",
                tries_columns!(),
                ", ",
                event_columns!(),
                ") SELECT ?, ?, ?, ?, ?, ?, ?, seq, destination, test_event_code, ",
                tries_columns!(),
                ", ",
                event_columns!(),
                " FROM queued JOIN lane ON lane.id = queued.lane WHERE seq = ?",
            ))?
            .execute(params![
                self.now_ms,
                reason.name(),
                refusal.and_then(|refusal| refusal.status),
                refusal.and_then(|refusal| refusal.code),
                refusal.and_then(|refusal| refusal.subcode),
                refusal.map(|refusal| &refusal.message),
                refusal.and_then(|refusal| refusal.fbtrace_id.as_ref()),
                seq,
            ])?;
        if let Some((lane, class, key)) = self.remove(seq)? {
            if let Some(key) = key.filter(|_| reason.keeps_mark()) {
                seen.mark(self.connection, &key)?;
            }
            effects.changes.push((lane, Change::Removed(class, seq)));
            effects.buried += 1;
        }
        Ok(())
    }

    /// As one that was tried, so that it is not handed out before its turn. Its
    /// id may have come again since, or been delivered: then it stays buried.
    fn take_back(&self, seq: i64, seen: &Seen, effects: &mut Effects) -> Result<(), QueueError> {
        if !letter::release_mark(self.connection, seq, seen)? {
            return Ok(());
        }
        let row = self
            .connection
            .prepare_cached(concat!(
                "INSERT INTO queued (seq, lane, due_at, ",
                tries_columns!(),
                ", ",
                event_columns!(),
                ") SELECT seq, lane.id, max(?, 1), ",
                tries_columns!(),
                ", ",
                event_columns!(),
                " FROM dead JOIN lane USING (destination, test_event_code) WHERE seq = ?
                 ON CONFLICT DO NOTHING RETURNING lane",
            ))?
            .query_row((self.now_ms, seq), |row| row.get(0))
            .optional()?;
        if let Some(lane) = row {
            effects.letters_removed += letter::remove(self.connection, seq)?;
            effects.changes.push((lane, Change::TakenBack));
        }
        Ok(())
    }

    fn remove(&self, seq: i64) -> Result<Option<(i64, Class, Option<DedupKey>)>, QueueError> {
        let row = self
            .connection
            .prepare_cached(
                "DELETE FROM queued WHERE seq = ? RETURNING lane, physical_store, dedup_key",
            )?
            .query_row([seq], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        Ok(row)
    }
}
