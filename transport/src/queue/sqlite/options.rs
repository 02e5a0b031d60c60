//! How a queue is opened.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use super::limits::QueueLimits;
use super::reserve;
use crate::{Clock, SystemClock};

/// How long a delivered event is known unless told otherwise, in days, and at
/// least.
///
/// Source: Meta, Deduplicate Pixel and server events: 48 hours.
pub(super) const DEDUP_DAYS: u32 = 2;

/// How to open the queue.
#[derive(Clone)]
pub struct SqliteOptions {
    pub(super) folder: PathBuf,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) limits: QueueLimits,
    /// The most that is kept back on the disk, in bytes.
    pub(super) reserve: u64,
}

impl SqliteOptions {
    /// A queue in a data folder, which is made if it is not there.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            clock: Arc::new(SystemClock),
            limits: QueueLimits {
                max_bytes: u64::MAX,
                max_dead_bytes: u64::MAX,
                dead_days: 0,
                dedup_days: DEDUP_DAYS,
            },
            reserve: reserve::MAX_BYTES,
        }
    }

    /// The most that the queue's file may hold, in bytes: appends are refused
    /// beyond it, and nothing else is.
    #[must_use]
    pub const fn max_bytes(mut self, bytes: u64) -> Self {
        self.limits.max_bytes = bytes;
        self
    }

    /// The most text that dead letters may hold, in bytes: the oldest go, first
    /// of those that our own checks rejected.
    #[must_use]
    pub const fn max_dead_bytes(mut self, bytes: u64) -> Self {
        self.limits.max_dead_bytes = bytes;
        self
    }

    /// How long dead letters are kept, in days; 0 is for ever.
    #[must_use]
    pub const fn dead_days(mut self, days: u32) -> Self {
        self.limits.dead_days = days;
        self
    }

    /// How long a delivered event is known, in days: a duplicate of it is not
    /// queued. Fewer than 2 are raised to 2.
    #[must_use]
    pub const fn dedup_days(mut self, days: u32) -> Self {
        self.limits.dedup_days = if days < DEDUP_DAYS { DEDUP_DAYS } else { days };
        self
    }

    /// Keeps so many bytes back on the disk, at most.
    #[cfg(test)]
    pub(super) const fn reserve(mut self, bytes: u64) -> Self {
        self.reserve = bytes;
        self
    }

    /// Another clock than the system's.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }
}

impl fmt::Debug for SqliteOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteOptions")
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}
