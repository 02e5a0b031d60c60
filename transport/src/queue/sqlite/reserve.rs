//! Room that is kept back on the disk, so that a volume that the queue has filled drains.
//!
//! To take a row out of the queue is to write, too. So a file takes some of the disk and
//! holds nothing. When the disk is full it goes: from then on nothing is appended, and
//! what is acknowledged has that room. What the log holds beyond the queue's file must fit in
//! there, since it can be begun anew only once all of it is copied: half of the reserve is
//! for that.

use std::fs;
use std::path::{Path, PathBuf};

use super::super::QueueError;
use super::checkpoint::LogLimits;
use super::commit_scheduler::ROWS_PER_COMMIT;
use super::folder::open_private;
use super::volume;

/// The file that holds nothing.
const FILE: &str = "reserve";

/// What is kept back, in bytes, at most: what the log may hold beyond the file, twice.
pub(super) const MAX_BYTES: u64 = 64 << 20;

/// What is kept back at most, as a part of the volume.
const PART_OF_VOLUME: u64 = 10;

/// What a row may take in the log, in bytes, with all the pages that it changes.
const BYTES_OF_A_ROW: u64 = 6 << 10;

/// What acknowledging a row may take: a page of each tree, and what becomes of two at a time.
const BYTES_OF_A_SETTLED_ROW: u64 = 64 << 10;

/// The room that is kept back.
#[derive(Debug)]
pub(super) struct Reserve {
    folder: PathBuf,
    bytes: u64,
    is_kept: bool,
}

impl Reserve {
    /// That of a data folder: at most `most` bytes. Nothing is kept back yet, unless it
    /// was before.
    pub(super) fn of(folder: &Path, most: u64) -> Self {
        let part = volume::space(folder).map_or(most, |space| space.all / PART_OF_VOLUME);
        let bytes = part.min(most);
        let found = fs::metadata(folder.join(FILE)).map_or(0, |file| file.len());
        Self {
            folder: folder.to_owned(),
            bytes,
            is_kept: found == bytes,
        }
    }

    pub(super) const fn is_kept(&self) -> bool {
        self.is_kept
    }

    /// Keeps room back, where there is enough: some more than that, so that it is not
    /// needed again immediately.
    pub(super) fn keep(&mut self) -> bool {
        if self.is_kept {
            return true;
        }
        let has_room = |space: volume::Space| space.free >= self.wanted();
        if !volume::space(&self.folder).is_none_or(has_room) {
            return false;
        }
        let file = self.folder.join(FILE);
        let made = open_private(&file).and_then(|mut file| {
            file.set_len(0)?;
            volume::fill(&mut file, self.bytes)
        });
        self.is_kept = made.is_ok();
        if !self.is_kept {
            drop(fs::remove_file(file));
        }
        self.is_kept
    }

    /// Gives the room up. Says whether there was any.
    pub(super) fn give_up(&mut self) -> bool {
        self.is_kept = false;
        fs::remove_file(self.folder.join(FILE)).is_ok()
    }

    /// How much the volume must have free for it to be kept again, in bytes.
    pub(super) const fn wanted(&self) -> u64 {
        self.bytes + self.bytes / 4
    }

    /// What the log may hold: it must have room in the file, or in half of the reserve.
    pub(super) const fn for_the_log(&self) -> LogLimits {
        LogLimits {
            in_all: self.bytes * 2,
            beyond_file: self.bytes / 2,
        }
    }

    /// What the log may keep of the disk once it is begun anew, in bytes: less would be
    /// taken again immediately by a queue that works.
    pub(super) const fn for_an_empty_log(&self) -> u64 {
        self.bytes
    }

    /// How many rows a commit may have.
    pub(super) fn rows_per_commit(&self) -> usize {
        let rows = usize::try_from(self.bytes / BYTES_OF_A_ROW);
        rows.unwrap_or(ROWS_PER_COMMIT).clamp(50, ROWS_PER_COMMIT)
    }

    /// How many rows are acknowledged in one go on a full disk.
    pub(super) fn settled_at_once(&self) -> usize {
        let rows = usize::try_from(self.bytes / BYTES_OF_A_SETTLED_ROW);
        rows.unwrap_or(ROWS_PER_COMMIT).clamp(1, 1_000)
    }

    /// Whether the volume has room for so many bytes, the reserve included.
    pub(super) fn has_room_for(&self, bytes: u64) -> bool {
        let kept = if self.is_kept { self.bytes } else { 0 };
        volume::space(&self.folder).is_none_or(|space| space.free.saturating_add(kept) > bytes)
    }
}

/// What a full disk is to be told as, once the reserve is spent.
pub(super) fn spent(file: &Path, error: QueueError) -> QueueError {
    match error {
        QueueError::Full => QueueError::Spent {
            file: file.to_owned(),
        },
        error => error,
    }
}
