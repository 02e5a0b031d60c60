//! The data folder: who may read it, and that one process has it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::super::QueueError;

/// Between the tries to take a folder that another process has.
const PAUSES: [Duration; 3] = [Duration::from_millis(20); 3];

/// Makes the folder if need be and takes it for this process. The lock is held
/// until the file is dropped, by a crash too.
///
/// SQLite would let two servers share the file; their leases are in memory,
/// so both would send everything.
pub(super) fn take(folder: &Path) -> Result<File, QueueError> {
    let wrong = |error: std::io::Error| QueueError::Folder {
        folder: folder.to_owned(),
        reason: error.to_string().into(),
    };
    if !folder.is_dir() {
        make(folder).map_err(wrong)?;
    }
    let lock = open_private(&folder.join("lock")).map_err(wrong)?;
    for pause in PAUSES {
        match lock.try_lock() {
            Ok(()) => return Ok(lock),
            // A command may ask just now whether a server has it.
            Err(TryLockError::WouldBlock) => std::thread::sleep(pause),
            Err(TryLockError::Error(error)) => return Err(wrong(error)),
        }
    }
    Err(QueueError::Locked {
        folder: folder.to_owned(),
    })
}

/// Whether a process has the folder. Asking takes the lock for a moment, and keeps
/// nothing. A folder that cannot be asked is nobody's: whoever opens it gets the reason.
pub(super) fn is_taken(folder: &Path) -> bool {
    let Ok(lock) = File::open(folder.join("lock")) else {
        return false;
    };
    matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock))
}

/// A file beside the database: `queue.sqlite-wal`.
pub(super) fn side_file(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Makes a file, if it is not there, that only its owner can read. SQLite gives
/// its side files the mode of the main one.
pub(super) fn open_private(file: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

/// Only for its owner. A folder that is there already keeps its mode: it may be
/// a mount that others manage, and the files in it are private all the same.
fn make(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
