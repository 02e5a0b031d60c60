//! A damaged file: what can still be read is put into a new one.
//!
//! It is read page by page and not through SQL, so that what is damaged loses
//! what was there and nothing else: not the header, nor the schema, nor a
//! page that leads to others is needed.
//!
//! - [`pages`], [`log`]: the pages, those of the log included.
//! - [`btree`], [`record`]: what is on a page.
//! - [`survey`]: which pages hold what, and which were freed.
//! - [`columns`], [`row`]: whether a record can be what it seems to be.
//! - [`salvage`]: what is kept; into [`rebuild`] or, to say what could be saved,
//!   a [`tally`].
//! - [`swap`]: the new file in the place of the old.

mod btree;
mod columns;
mod log;
mod numbers;
mod pages;
mod rebuild;
mod record;
mod row;
mod salvage;
mod survey;
mod swap;
mod tally;
#[cfg(test)]
mod tests;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use self::pages::Pages;
use self::rebuild::Rebuild;
use self::salvage::Lost;
use self::tally::Tally;
use super::super::{QueueError, Salvageable};
use super::folder::{self, side_file};
use super::{FILE, SqliteQueue};
use crate::{Clock as _, SystemClock};

/// A schema's version this far beyond our own is of a later capi. One beyond
/// that is damage.
const LATER_VERSIONS: i64 = 100;

/// What was saved from a damaged queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recovered {
    /// Queued events.
    pub queued: u64,
    /// Dead letters.
    pub dead: u64,
    /// Marks of what was delivered. They stand as long as new ones.
    pub marks: u64,
    /// Pages of which nothing could be read: of rows, of indexes, which are
    /// made anew, or, where the list of free pages is damaged too, of nothing.
    pub unreadable_pages: u64,
    /// Rows and dedup entries that are damaged themselves, or of which the lane is lost.
    pub unreadable_rows: u64,
    /// The damaged file, which is kept, with its log beside it.
    pub kept_as: PathBuf,
}

impl SqliteQueue {
    /// Saves what a damaged queue in the data folder `folder` still holds into a
    /// new one in its place, and keeps the damaged file beside it. From a queue
    /// that is not damaged it loses nothing. Blocks, and takes as much room on
    /// the disk as the queue has.
    ///
    /// # Errors
    ///
    /// When a running capi has the folder; when no queue is in it, or a
    /// later capi's; when nothing can be saved; or when the new file cannot be
    /// written. The damaged file is as it was then.
    pub fn recover(folder: &Path) -> Result<Recovered, QueueError> {
        run(folder, SystemClock.now_ms())
    }
}

/// As [`SqliteQueue::recover`], at the time `now_ms`.
fn run(folder: &Path, now_ms: i64) -> Result<Recovered, QueueError> {
    let file = folder.join(FILE);
    let failed = |error: io::Error| QueueError::Folder {
        folder: folder.to_owned(),
        reason: error.to_string().into(),
    };
    if !folder.is_dir() {
        return Err(failed(io::Error::other("no such folder exists")));
    }
    let _lock = folder::take(folder)?;
    swap::resume(folder).map_err(failed)?;
    if !file.exists() && !side_file(&file, "-wal").exists() {
        return Err(failed(io::Error::other("no queue is in it")));
    }
    let filling = swap::begin(folder).map_err(failed)?;
    let outcome = fill(&file, &filling, now_ms);
    if outcome.is_err() {
        // What the error says counts, not that half a file is left behind.
        drop(swap::abandon(folder));
    }
    let mut recovered = outcome?;
    let seconds = now_ms.div_euclid(1_000);
    recovered.kept_as = swap::swap(folder, seconds).map_err(failed)?;
    Ok(recovered)
}

/// Fills a new file with what is in the damaged one.
fn fill(file: &Path, filling: &Path, now_ms: i64) -> Result<Recovered, QueueError> {
    let pages = open(file)?;
    let mut rebuild = Rebuild::create(filling, now_ms)?;
    let (version, application) = rebuild.identity()?;
    let header = pages.header();
    let found = header.map_or(0, |header| i64::from(header.schema_version));
    if (version + 1..version + LATER_VERSIONS).contains(&found) {
        return Err(QueueError::Schema {
            file: file.to_owned(),
            found,
            known: version,
        });
    }
    let lost = salvage::run(&pages, &mut rebuild)?;
    let rebuilt = rebuild.finish()?;
    let recovered = Recovered {
        queued: rebuilt.queued,
        dead: rebuilt.dead,
        marks: rebuilt.marks,
        unreadable_pages: lost.pages,
        unreadable_rows: lost.rows,
        kept_as: PathBuf::new(),
    };
    let is_nothing = recovered.queued + recovered.dead + recovered.marks == 0;
    let is_empty_queue = lost.pages + lost.rows == 0
        && header.is_some_and(|header| i64::from(header.application_id) == application);
    if is_nothing && !is_empty_queue {
        return Err(QueueError::Damaged {
            file: file.to_owned(),
            salvageable: Salvageable::default(),
        });
    }
    Ok(recovered)
}

fn open(file: &Path) -> Result<Pages, QueueError> {
    Pages::open(file)
        .map_err(|error| QueueError::Storage(format!("{}: {error}", file.display()).into()))
}

/// Goes on with a recovery that a crash cut in two, before the queue is opened.
pub(super) fn resume(folder: &Path) -> Result<(), QueueError> {
    swap::resume(folder).map_err(|error| QueueError::Folder {
        folder: folder.to_owned(),
        reason: error.to_string().into(),
    })
}

/// Whether a recovery was cut in two, with the new file made.
pub(super) fn is_under_way(folder: &Path) -> bool {
    swap::is_under_way(folder)
}

/// Refuses a file that is empty while its log is not: SQLite would throw the
/// log away and begin anew.
pub(super) fn refuse_lost_file(file: &Path) -> Result<(), QueueError> {
    let size = |file: &Path| fs::metadata(file).map_or(0, |metadata| metadata.len());
    if size(file) > 0 || size(&side_file(file, "-wal")) == 0 {
        return Ok(());
    }
    let (salvageable, lost) = salvageable(file)?;
    if salvageable == Salvageable::default() && lost.rows == 0 {
        return Ok(());
    }
    Err(QueueError::Damaged {
        file: file.to_owned(),
        salvageable,
    })
}

/// Says of a damaged file what can be saved. Reads all of it.
pub(super) fn explain(file: &Path, error: QueueError) -> QueueError {
    if !matches!(error, QueueError::Corrupt) {
        return error;
    }
    match salvageable(file) {
        Ok((salvageable, _)) => QueueError::Damaged {
            file: file.to_owned(),
            salvageable,
        },
        Err(_) => error,
    }
}

fn salvageable(file: &Path) -> Result<(Salvageable, Lost), QueueError> {
    let mut tally = Tally::default();
    let lost = salvage::run(&open(file)?, &mut tally)?;
    let salvageable = Salvageable {
        queued: tally.queued(),
        dead: tally.dead(),
        marks: tally.marks(),
    };
    Ok((salvageable, lost))
}
