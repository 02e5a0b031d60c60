//! How long commits take: how many rows one may have while somebody waits for the answer
//! to a single event.

use std::time::Duration;

/// However quick the disk, so long may be written between two syncs.
const MIN_INTERVAL: Duration = Duration::from_micros(1_000);

/// However slow a row, a commit has so many.
const MIN_ROWS: usize = 25;

/// However slow the disk, a commit has no more beside single events.
const MAX_ROWS: usize = 500;

/// A new figure moves what is known by one part of so many.
const PARTS: u32 = 8;

/// What rows and syncs took of late.
#[derive(Clone, Copy, Debug)]
pub(super) struct CommitPace {
    row: Duration,
    sync: Duration,
}

impl Default for CommitPace {
    /// As on an ordinary machine, until it is known.
    fn default() -> Self {
        Self {
            row: Duration::from_micros(20),
            sync: MIN_INTERVAL,
        }
    }
}

impl CommitPace {
    /// A commit of so many rows took so long to write, and so long to sync.
    pub(super) fn took(&mut self, rows: usize, writing: Duration, syncing: Duration) {
        let Some(row) = u32::try_from(rows)
            .ok()
            .and_then(|rows| writing.checked_div(rows))
        else {
            return;
        };
        self.row = self.row - self.row / PARTS + row / PARTS;
        self.sync = self.sync - self.sync / PARTS + syncing / PARTS;
    }

    /// As many rows as are written while the disk syncs once: a single event waits little
    /// longer for its commit than it would alone, and the rest gets half of the time.
    pub(super) fn rows_beside_small(&self) -> usize {
        let rows = self.sync.max(MIN_INTERVAL).as_nanos() / self.row.as_nanos().max(1);
        usize::try_from(rows)
            .unwrap_or(MAX_ROWS)
            .clamp(MIN_ROWS, MAX_ROWS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(row_micros: u64, sync_micros: u64) -> usize {
        let mut pace = CommitPace::default();
        for _ in 0..100 {
            let writing = Duration::from_micros(row_micros * 100);
            pace.took(100, writing, Duration::from_micros(sync_micros));
        }
        pace.took(0, Duration::ZERO, Duration::ZERO);
        pace.rows_beside_small()
    }

    #[test]
    fn as_much_is_written_as_a_sync_takes() {
        assert!((90..=110).contains(&rows(20, 2_000)), "{}", rows(20, 2_000));
        // A quick disk, a slow one, and one that hardly writes.
        assert!((45..=55).contains(&rows(20, 100)), "{}", rows(20, 100));
        assert_eq!(rows(20, 50_000), MAX_ROWS);
        assert_eq!(rows(5_000, 1_000), MIN_ROWS);
    }
}
