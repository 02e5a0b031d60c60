//! How large the file may grow, and how long dead letters and dedup entries are kept.

use rusqlite::Connection;

use super::super::{DeadLetterReason, QueueError};
use super::size::Size;

const HOUR_MS: i64 = 60 * 60 * 1000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// So many old letters go with one commit: appends wait for it.
const CHUNK_SIZE: usize = 1_000;

/// So many letters go in one step until there is room.
const AT_ONCE_BY_SIZE: usize = 50;

/// What the queue may hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct QueueLimits {
    /// The most that the file may hold, in bytes.
    pub(super) max_bytes: u64,
    /// The most text that dead letters may hold, in bytes.
    pub(super) max_dead_bytes: u64,
    /// How long dead letters are kept, in days; 0 is for ever.
    pub(super) dead_days: u32,
    /// How long a delivered event is known, in days.
    pub(super) dedup_days: u32,
}

/// When old letters are looked for next.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Retention {
    next_ms: i64,
}

impl QueueLimits {
    /// The most text that dead letters may hold: at most a quarter of what the file
    /// may, of which they take about half then. What is rejected must not keep
    /// what is good from being taken.
    fn dead_bytes(self) -> u64 {
        self.max_dead_bytes.min(self.max_bytes / 4)
    }

    /// Whether the file holds as much as it may: free pages in it do not count.
    pub(super) const fn is_reached(self, size: Size) -> bool {
        size.bytes_used() >= self.max_bytes
    }
}

impl Retention {
    /// Whether it is time to look for letters that are too old. None is by a clock that is
    /// in doubt.
    pub(super) const fn is_due(&self, limits: QueueLimits, now_ms: i64, is_in_doubt: bool) -> bool {
        limits.dead_days > 0 && now_ms >= self.next_ms && !is_in_doubt
    }

    /// Throws letters away that are too old or too many, some at a time, and says
    /// how many went.
    pub(super) fn run(
        &mut self,
        limits: QueueLimits,
        connection: &Connection,
        now_ms: i64,
        is_in_doubt: bool,
    ) -> Result<u64, QueueError> {
        let old = if is_in_doubt {
            0
        } else {
            self.old(limits, connection, now_ms)?
        };
        if old > 0 {
            tracing::info!(
                letters = old,
                "Dead letters were thrown away: they were kept as long as `dead_days` says."
            );
        }
        let beyond = beyond_size(limits, connection)?;
        if beyond > 0 {
            tracing::warn!(
                letters = beyond,
                "Dead letters were thrown away: they held more than `max_dead_bytes` allows."
            );
        }
        Ok(old + beyond)
    }

    fn old(
        &mut self,
        limits: QueueLimits,
        connection: &Connection,
        now_ms: i64,
    ) -> Result<u64, QueueError> {
        if limits.dead_days == 0 || now_ms < self.next_ms {
            return Ok(0);
        }
        let oldest = now_ms.saturating_sub(i64::from(limits.dead_days) * DAY_MS);
        let gone = connection
            .prepare_cached(OLD_LETTERS)?
            .execute((oldest, CHUNK_SIZE))?;
        if gone < CHUNK_SIZE {
            self.next_ms = now_ms.saturating_add(HOUR_MS);
        }
        Ok(gone as u64)
    }
}

pub(super) const OLD_LETTERS: &str = "DELETE FROM dead WHERE seq IN
     (SELECT seq FROM dead WHERE buried_at < ? ORDER BY buried_at LIMIT ?)";

fn size(connection: &Connection) -> Result<u64, QueueError> {
    Ok(connection
        .prepare_cached("SELECT bytes FROM dead_size")?
        .query_row([], |row| row.get(0))?)
}

/// Makes room for a tenth of what letters may hold once they hold more, so that a
/// flood of them is not told with every commit. What was never queued goes
/// first: one bad source must not push out what Meta refused.
fn beyond_size(limits: QueueLimits, connection: &Connection) -> Result<u64, QueueError> {
    if size(connection)? <= limits.dead_bytes() {
        return Ok(0);
    }
    let mut gone = 0;
    while size(connection)? > limits.dead_bytes() / 10 * 9 {
        let mut now = 0;
        for at_the_door in [
            DeadLetterReason::Invalid,
            DeadLetterReason::DifferingDuplicate,
        ] {
            if now == 0 {
                now = connection
                    .prepare_cached(
                        "DELETE FROM dead WHERE seq IN
                             (SELECT seq FROM dead WHERE reason = ? ORDER BY buried_at LIMIT ?)",
                    )?
                    .execute((at_the_door.name(), AT_ONCE_BY_SIZE))?;
            }
        }
        if now == 0 {
            now = connection
                .prepare_cached(
                    "DELETE FROM dead WHERE seq IN
                         (SELECT seq FROM dead ORDER BY buried_at LIMIT ?)",
                )?
                .execute([AT_ONCE_BY_SIZE])?;
        }
        if now == 0 {
            break;
        }
        gone += now as u64;
    }
    Ok(gone)
}
