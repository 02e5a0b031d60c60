//! What can go wrong with a queue.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::task::JoinError;

/// Why a queue did not do what it was asked to. One failed commit answers many
/// callers, so it can be cloned.
#[derive(Clone, Debug, thiserror::Error)]
pub enum QueueError {
    /// Another process has the folder.
    #[error(
        "data folder {folder} is in use by another capi; stop that one, or choose another folder"
    )]
    Locked {
        /// The data folder.
        folder: PathBuf,
    },
    /// The folder or its lock cannot be used.
    #[error("data folder {folder} cannot be used: {reason}")]
    Folder {
        /// The data folder.
        folder: PathBuf,
        /// What the system said.
        reason: Arc<str>,
    },
    /// The file was written by a later capi, or is not a queue at all.
    #[error(
        "{file} has schema version {found}, and this capi knows versions up to {known}; \
         run the capi that wrote it, or a later one"
    )]
    Schema {
        /// The queue's file.
        file: PathBuf,
        /// The version in the file.
        found: i64,
        /// The latest version known.
        known: i64,
    },
    /// The file is some other program's database.
    #[error("{file} is a database, but not a capi queue; choose another data folder")]
    Foreign {
        /// The file.
        file: PathBuf,
    },
    /// The file is damaged: found when it was opened.
    #[error("{file} is damaged; {salvageable}")]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What can be saved.
        salvageable: Salvageable,
    },
    /// The file is damaged: found at work.
    #[error(
        "the queue's file is damaged; stop capi and run `capi queue recover --config FILE`, \
         which saves what can be read"
    )]
    Corrupt,
    /// The disk is full.
    #[error("the disk that holds the queue is full; free some space, nothing else is needed")]
    Full,
    /// The disk is full, and what was kept back of it is used up.
    #[error(
        "the disk that holds the queue is full, and the reserve that is kept for sending what is \
         in the queue is used up; free some space, or stop capi, move {file} with its `-wal` to a \
         larger volume, and set `data_dir` to the folder there"
    )]
    Spent {
        /// The queue's file.
        file: PathBuf,
    },
    /// Another program has the file locked.
    #[error(
        "another program keeps the queue's file locked; close it: a backup is made with \
         `capi queue backup`"
    )]
    Busy,
    /// The queue holds as much as it may.
    #[error(
        "the queue holds {max_bytes} bytes, as much as `max_queue_bytes` allows; see `capi lanes` \
         for what keeps it from emptying"
    )]
    Limit {
        /// The limit.
        max_bytes: u64,
    },
    /// What waits for the disk waits too long.
    #[error(
        "what waits to be written to the queue has waited for {waited_ms} ms: the disk is too \
         slow, or another program keeps {file} locked"
    )]
    Behind {
        /// How long the oldest call waits, in milliseconds.
        waited_ms: u64,
        /// The queue's file.
        file: PathBuf,
    },
    /// Who handed it over took it back.
    #[error("it was withdrawn before the queue began with it")]
    Requeued,
    /// The engine failed otherwise.
    #[error("the queue's file failed: {0}")]
    Storage(Arc<str>),
    /// A stored row cannot be read by this version.
    #[error("row {seq} of the queue has payload version {found}, which this capi cannot send")]
    Payload {
        /// The row.
        seq: i64,
        /// Its version.
        found: i64,
    },
    /// A copy of the queue cannot be written.
    #[error("the copy {file} cannot be written: {reason}")]
    Copy {
        /// Where it was to be.
        file: PathBuf,
        /// Why.
        reason: Arc<str>,
    },
    /// The queue was closed.
    #[error("the queue is closed")]
    Closed,
    /// It broke off at work, which it never should.
    #[error("the queue broke off at work ({0}): a fault of capi's; start it again and report it")]
    Panicked(Arc<str>),
}

/// What [`SqliteQueue::recover`](super::SqliteQueue::recover) can save from a
/// damaged file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Salvageable {
    /// Queued events.
    pub queued: u64,
    /// Dead letters.
    pub dead: u64,
    /// Marks of what was delivered.
    pub marks: u64,
}

/// With what to do about it.
impl fmt::Display for Salvageable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::default() {
            return f.write_str(
                "nothing can be read from it; move it away, and its `-wal` with it, to begin \
                 with an empty queue",
            );
        }
        let Self {
            queued,
            dead,
            marks,
        } = self;
        write!(
            f,
            "{queued} queued events, {dead} dead letters and {marks} dedup entries can be \
             read from it: stop capi and run `capi queue recover --config FILE`"
        )
    }
}

impl From<JoinError> for QueueError {
    fn from(error: JoinError) -> Self {
        if error.is_panic() {
            return Self::Panicked(error.to_string().into());
        }
        Self::Closed
    }
}

impl From<rusqlite::Error> for QueueError {
    fn from(error: rusqlite::Error) -> Self {
        // A value that is not of its column's type: the tables are strict.
        if matches!(
            error,
            rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
        ) {
            return Self::Corrupt;
        }
        // The index of the log is a file too.
        if let Some(failure) = error.sqlite_error()
            && failure.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE
        {
            return Self::Full;
        }
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::Full,
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
                Self::Busy
            }
            Some(rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) => {
                Self::Corrupt
            }
            _ => Self::Storage(error.to_string().into()),
        }
    }
}
