//! Checkpoints off the path of commits.
//!
//! A checkpoint copies the log into the file and syncs it, which may take as
//! long as a hundred commits. So a thread with a connection of its own does it
//! beside the writer. Only while the writer never rests can the log not be
//! begun anew; then the writer copies the little that is left itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use rusqlite::Connection;
use tracing::{info, warn};

use super::super::QueueError;
use super::folder::side_file;
use super::open;
use super::size::Size;
use crate::condition::{Condition, Ended};
use crate::{Clock as _, SystemClock};

/// About 4 MB of events.
const COMMITTED_ROWS: usize = 8_000;

/// How long the queue is at rest before the rest of the log is copied.
const IDLE: Duration = Duration::from_millis(500);

/// From this size on the log must be begun anew: 64 MB in pages of 4 kB.
const LOG_PAGES: i64 = 16_384;

/// The writer's side.
pub(super) struct Checkpoints {
    signal: Option<SyncSender<()>>,
    wanted: Arc<AtomicBool>,
    at_rest: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
    rows: usize,
    file: PathBuf,
    log: PathBuf,
}

/// How much the log may hold, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct LogLimits {
    pub(super) in_all: u64,
    /// Of what the file has no room for yet.
    pub(super) beyond_file: u64,
}

impl Checkpoints {
    pub(super) fn start(file: &Path) -> Result<Self, QueueError> {
        let (signal, signals) = sync_channel(1);
        let wanted = Arc::new(AtomicBool::new(false));
        let connection = open::connect(file)?;
        let at_rest = Arc::new(AtomicBool::new(true));
        let (flag, rest) = (Arc::clone(&wanted), Arc::clone(&at_rest));
        let thread = Builder::new()
            .name("capi-checkpoint".to_owned())
            .spawn(move || run(&connection, &signals, &flag, &rest))
            .map_err(|error| QueueError::Storage(error.to_string().into()))?;
        Ok(Self {
            signal: Some(signal),
            wanted,
            at_rest,
            thread: Some(thread),
            rows: 0,
            file: file.to_owned(),
            log: side_file(file, "-wal"),
        })
    }

    /// Tells of a commit of `rows` rows; may end the log by the writer's own
    /// hand: then at the latest when it holds more than it may.
    ///
    /// # Errors
    ///
    /// When the log could not be copied.
    pub(super) fn committed(
        &mut self,
        connection: &Connection,
        file: Size,
        rows: usize,
        most: LogLimits,
    ) -> Result<(), QueueError> {
        self.rows += rows;
        // The first rows after a rest wake the thread, so that it sees the next
        // rest; a signal that is still unread says all there is to say.
        if let Some(signal) = &self.signal
            && (self.rows >= COMMITTED_ROWS || self.at_rest.load(Ordering::Relaxed))
            && signal.try_send(()).is_ok()
        {
            self.rows = 0;
        }
        let is_wanted = self.wanted.swap(false, Ordering::Relaxed)
            || size(&self.log) > most.in_all
            || self.beyond_file(file) > most.beyond_file;
        if is_wanted {
            checkpoint(connection)?;
        }
        Ok(())
    }

    /// How much of the log the file has no room for yet, in bytes.
    pub(super) fn beyond_file(&self, file: Size) -> u64 {
        file.bytes().saturating_sub(size(&self.file))
    }
}

fn size(file: &Path) -> u64 {
    fs::metadata(file).map_or(0, |file| file.len())
}

/// Copies all of the log, so that it is begun anew, and gives its room back.
///
/// # Errors
///
/// When not all of it could be copied: the disk is full, or somebody reads it for long.
pub(super) fn end_log(connection: &Connection) -> Result<(), QueueError> {
    let is_busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
        row.get::<_, bool>(0)
    })?;
    if is_busy {
        return Err(QueueError::Busy);
    }
    Ok(())
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.signal = None;
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn run(connection: &Connection, signals: &Receiver<()>, wanted: &AtomicBool, at_rest: &AtomicBool) {
    let mut failing = Condition::default();
    loop {
        let signal = if at_rest.load(Ordering::Relaxed) {
            signals.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            signals.recv_timeout(IDLE)
        };
        match signal {
            Ok(()) => at_rest.store(false, Ordering::Relaxed),
            Err(RecvTimeoutError::Timeout) => at_rest.store(true, Ordering::Relaxed),
            Err(RecvTimeoutError::Disconnected) => return,
        }
        let now_ms = SystemClock.monotonic_ms();
        match checkpoint(connection) {
            Ok((log, copied)) => {
                if log >= LOG_PAGES && copied * 10 >= log * 9 {
                    wanted.store(true, Ordering::Relaxed);
                }
                if let Some(Ended { times, .. }) = failing.over(now_ms) {
                    info!(times, "Checkpoints of the queue succeed again.");
                }
            }
            Err(error) => {
                // The writer tries it next, and does what is to be done about it.
                wanted.store(true, Ordering::Relaxed);
                if let Some(reported) = failing.met(now_ms) {
                    warn!(%error, ?reported, "A checkpoint of the queue failed; it is tried again.");
                }
            }
        }
    }
}

/// Copies what can be copied without waiting for anybody. Gives the pages in
/// the log, and how many of them are copied.
fn checkpoint(connection: &Connection) -> rusqlite::Result<(i64, i64)> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
        Ok((row.get(1)?, row.get(2)?))
    })
}
