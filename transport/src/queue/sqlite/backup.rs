//! A copy of the file.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::super::QueueError;
use super::folder::side_file;
use super::{folder, open};

/// After so many steps of SQLite's machine it is seen whether the copy is still wanted:
/// some milliseconds.
const STEPS: i32 = 10_000;

/// Copies the file as it is at this moment, also while it is written. It breaks off when
/// `is_closing`. What is not whole does not stay.
pub(super) fn backup(
    file: &Path,
    to: &Path,
    is_closing: &Arc<AtomicBool>,
) -> Result<(), QueueError> {
    let failed = |reason: &str| QueueError::Copy {
        file: to.to_owned(),
        reason: reason.into(),
    };
    if to.exists() {
        return Err(failed("there is such a file already; name a new one"));
    }
    // Made first, so that nobody else can read it for a moment.
    drop(folder::open_private(to).map_err(|error| failed(&error.to_string()))?);
    let copied = copy(file, to, Arc::clone(is_closing));
    if copied.is_err() {
        // What the error says counts, not that half a file is left behind.
        for file in [to.to_owned(), side_file(to, "-journal")] {
            drop(fs::remove_file(file));
        }
    }
    copied.map_err(|error| {
        if is_closing.load(Ordering::Relaxed) {
            return QueueError::Closed;
        }
        match error {
            QueueError::Full => failed("the disk that it is on is full"),
            error => error,
        }
    })
}

fn copy(file: &Path, to: &Path, is_closing: Arc<AtomicBool>) -> Result<(), QueueError> {
    let mut connection = open::connect(file)?;
    let is_over = move || is_closing.load(Ordering::Relaxed);
    connection.progress_handler(STEPS, Some(is_over))?;
    connection.execute("VACUUM INTO ?", [to.to_string_lossy()])?;
    Ok(())
}
