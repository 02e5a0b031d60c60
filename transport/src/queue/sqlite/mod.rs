//! The embedded queue: one SQLite file, a row per conversion.
//!
//! - [`schema`]: the tables, and how the file is opened.
//! - [`writer`], [`command`], [`turns`]: the one thread that writes; group commit.
//! - [`effects`]: what a transaction changes in memory.
//! - [`append`], [`settle`]: what goes on inside its transaction.
//! - [`adopt`]: a destination whose dataset is another than before.
//! - [`seen`], [`filter`]: the marks of what was delivered.
//! - [`dead`], [`letter`]: dead letters, and what people do with them.
//! - [`limits`]: how large the file may grow, how long dead letters are kept.
//! - [`read`], [`lanes`]: leasing, and what is known in memory.
//! - [`checkpoint`]: copying the log, off the path of commits.
//! - [`folder`]: one process has the data folder.
//! - [`recover`]: saving what a damaged file still holds.

mod adopt;
mod append;
mod checkpoint;
mod command;
mod dead;
mod effects;
mod filter;
mod folder;
mod lanes;
mod letter;
mod limits;
mod queued;
mod read;
mod recover;
mod report;
mod schema;
mod seen;
mod settle;
#[cfg(test)]
mod tests;
mod turns;
mod writer;

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};

use async_trait::async_trait;
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use self::command::{Command, Reply};
use self::dead::{Wanted, Window};
use self::lanes::Lanes;
use self::limits::Limits;
pub use self::recover::Recovered;
use self::writer::Writer;
use super::{
    Appended, Conversion, DeadFilter, DeadLetter, Halt, LaneDepth, LaneKey, Lease, LeaseRequest,
    Queue, QueueError, QueueReport, QueueStats, RejectedConversion, Replaced, Retried, Settlement,
    Waiting,
};
use crate::{Clock, SystemClock};

/// How many calls may wait for the writer before further ones wait for room:
/// the callers feel it, and memory stays bounded.
const WAITING_CALLS: usize = 1_024;

/// How long a delivered event is known unless told otherwise, in days, and at
/// least.
///
/// Source: Meta, Deduplicate Pixel and server events: 48 hours.
const DEDUP_DAYS: u32 = 2;

/// The queue's file in the data folder.
const FILE: &str = "queue.sqlite";

/// How to open the queue.
#[derive(Clone)]
pub struct SqliteOptions {
    folder: PathBuf,
    clock: Arc<dyn Clock>,
    limits: Limits,
}

impl SqliteOptions {
    /// A queue in a data folder, which is made if it is not there.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            clock: Arc::new(SystemClock),
            limits: Limits {
                max_bytes: u64::MAX,
                max_dead_bytes: u64::MAX,
                dead_days: 0,
                dedup_days: DEDUP_DAYS,
            },
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

    /// How long a delivered event is known, in days: a repeat of it is not
    /// queued. Fewer than 2 are raised to 2.
    #[must_use]
    pub const fn dedup_days(mut self, days: u32) -> Self {
        self.limits.dedup_days = if days < DEDUP_DAYS { DEDUP_DAYS } else { days };
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

/// The embedded queue. Dropping it finishes what was handed to it and closes
/// the file.
pub struct SqliteQueue {
    file: PathBuf,
    lanes: Lanes,
    /// What lanes lease with.
    reader: Arc<Mutex<Connection>>,
    /// What people look with: it may take long.
    looker: Arc<Mutex<Connection>>,
    /// `None` only while it is dropped.
    commands: Option<mpsc::Sender<Command>>,
    thread: Option<JoinHandle<()>>,
}

impl fmt::Debug for SqliteQueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteQueue")
            .field("file", &self.file)
            .finish_non_exhaustive()
    }
}

impl SqliteQueue {
    /// Opens the queue, or makes it. Reads the marks of the last days, which
    /// takes about a second for ten million of them. Blocks.
    ///
    /// # Errors
    ///
    /// When another process has the folder, when the file is not a queue or a
    /// later capi's, or when it cannot be read. Of a damaged file,
    /// [`QueueError::Damaged`] says what [`Self::recover`] can save.
    pub fn open(options: SqliteOptions) -> Result<Self, QueueError> {
        let lock = folder::take(&options.folder)?;
        recover::resume(&options.folder)?;
        let file = options.folder.join(FILE);
        recover::refuse_lost_file(&file)?;
        Self::start(file.clone(), options, lock).map_err(|error| recover::explain(&file, error))
    }

    fn start(file: PathBuf, options: SqliteOptions, lock: File) -> Result<Self, QueueError> {
        let connection = schema::open(&file)?;
        let reader = schema::open_reader(&file)?;
        let looker = schema::open_reader(&file)?;
        let writer = Writer::new(connection, &file, options.clock, options.limits, lock)?;
        let lanes = writer.lanes().clone();
        let (commands, receiver) = mpsc::channel(WAITING_CALLS);
        let thread = Builder::new()
            .name("capi-queue".to_owned())
            .spawn(move || writer.run(receiver))
            .map_err(|error| QueueError::Storage(error.to_string().into()))?;
        Ok(Self {
            file,
            lanes,
            reader: Arc::new(Mutex::new(reader)),
            looker: Arc::new(Mutex::new(looker)),
            commands: Some(commands),
            thread: Some(thread),
        })
    }

    /// Whether there is a queue in a data folder, be it a damaged one or one that is
    /// just being saved.
    #[must_use]
    pub fn is_in(folder: &Path) -> bool {
        folder.join(FILE).exists() || recover::is_under_way(folder)
    }

    /// The queue's file.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Says which dataset a destination has. Where it had another before, what waits
    /// for it and its dead letters take this one. To be called before delivery
    /// starts.
    ///
    /// # Errors
    ///
    /// When nothing of it was kept.
    pub async fn adopt(&self, destination: &str, dataset_id: &str) -> Result<(), QueueError> {
        let (destination, dataset_id) = (destination.to_owned(), dataset_id.to_owned());
        self.ask(|reply| Command::Adopt(destination, dataset_id, reply))
            .await
    }

    /// What the queue holds, read from the file.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub async fn report(&self) -> Result<QueueReport, QueueError> {
        let (reader, file) = (Arc::clone(&self.looker), self.file.clone());
        let read = move || {
            let reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
            report::report(&reader, &file)
        };
        tokio::task::spawn_blocking(read)
            .await
            .map_err(|_| QueueError::Closed)?
    }

    /// Copies the queue into the new file `to`, while it goes on.
    ///
    /// # Errors
    ///
    /// When there is such a file, or it cannot be written.
    pub async fn backup(&self, to: PathBuf) -> Result<(), QueueError> {
        let file = self.file.clone();
        tokio::task::spawn_blocking(move || report::backup(&file, &to))
            .await
            .map_err(|_| QueueError::Closed)?
    }

    /// The dead letters of a filter with numbers beyond `after`, oldest first, at
    /// most `limit`.
    ///
    /// # Errors
    ///
    /// When they cannot be read.
    pub async fn dead(
        &self,
        filter: DeadFilter,
        after: i64,
        limit: usize,
    ) -> Result<Vec<DeadLetter>, QueueError> {
        let reader = Arc::clone(&self.looker);
        let read = move || {
            let reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
            dead::list(&reader, &filter, after, limit)
        };
        tokio::task::spawn_blocking(read)
            .await
            .map_err(|_| QueueError::Closed)?
    }

    /// Queues the dead letters of a filter again, as new rows of their lanes, where
    /// the destination is one of `destinations`; not those that our own checks
    /// rejected, which [`Self::replace_dead`] queues once they are repaired.
    ///
    /// # Errors
    ///
    /// When not all could be: those before the error are queued.
    pub async fn retry_dead(
        &self,
        filter: DeadFilter,
        destinations: Vec<String>,
    ) -> Result<Retried, QueueError> {
        let wanted = Wanted {
            filter,
            destinations,
        };
        let mut done = Retried::default();
        let mut window = self.dead_window().await?;
        loop {
            let pass = self
                .ask(|reply| Command::Retry(wanted.clone(), window, reply))
                .await?;
            done.queued += pass.done.queued;
            done.repeats += pass.done.repeats;
            done.homeless.extend(pass.done.homeless);
            match pass.last {
                Some(last) => window.after = last,
                None => return Ok(done),
            }
        }
    }

    /// Throws the dead letters of a filter away, and says how many.
    ///
    /// # Errors
    ///
    /// When not all could be: those before the error are gone.
    pub async fn purge_dead(&self, filter: DeadFilter) -> Result<u64, QueueError> {
        let mut gone = 0;
        let mut window = self.dead_window().await?;
        loop {
            let pass = self
                .ask(|reply| Command::Purge(filter.clone(), window, reply))
                .await?;
            gone += pass.done.queued;
            match pass.last {
                Some(last) => window.after = last,
                None => return Ok(gone),
            }
        }
    }

    /// Queues repaired conversions, each in the place of the letter with its
    /// number, which goes. The answer has one item for each, in order.
    ///
    /// # Errors
    ///
    /// When nothing of it was kept.
    pub async fn replace_dead(
        &self,
        repaired: Vec<(i64, Conversion)>,
    ) -> Result<Vec<Replaced>, QueueError> {
        if repaired.is_empty() {
            return Ok(Vec::new());
        }
        self.ask(|reply| Command::Replace(repaired, reply)).await
    }

    /// All letters that there are now.
    async fn dead_window(&self) -> Result<Window, QueueError> {
        Ok(Window {
            after: 0,
            last: self.last_dead().await?,
        })
    }

    /// The number of the newest dead letter; 0 where there is none.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub async fn last_dead(&self) -> Result<i64, QueueError> {
        let reader = Arc::clone(&self.looker);
        let read = move || {
            let reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
            Ok(
                reader.query_row("SELECT coalesce(max(seq), 0) FROM dead", [], |row| {
                    row.get(0)
                })?,
            )
        };
        tokio::task::spawn_blocking(read)
            .await
            .map_err(|_| QueueError::Closed)?
    }

    #[cfg(test)]
    async fn limit_pages(&self, pages: i64) {
        self.ask(|reply| Command::LimitPages(pages, reply))
            .await
            .unwrap();
    }

    async fn ask<T>(&self, command: impl FnOnce(Reply<T>) -> Command) -> Result<T, QueueError> {
        let (reply, answer) = oneshot::channel();
        let commands = self.commands.as_ref().ok_or(QueueError::Closed)?;
        commands
            .send(command(reply))
            .await
            .map_err(|_| QueueError::Closed)?;
        answer.await.map_err(|_| QueueError::Closed)?
    }
}

impl Drop for SqliteQueue {
    fn drop(&mut self) {
        self.commands = None;
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

#[async_trait]
impl Queue for SqliteQueue {
    async fn append(&self, conversions: Vec<Conversion>) -> Result<Vec<Appended>, QueueError> {
        if conversions.is_empty() {
            return Ok(Vec::new());
        }
        self.ask(|reply| Command::Append(conversions, reply)).await
    }

    async fn bury(&self, rejected: Vec<RejectedConversion>) -> Result<(), QueueError> {
        if rejected.is_empty() {
            return Ok(());
        }
        self.ask(|reply| Command::Bury(rejected, reply)).await
    }

    async fn lease(&self, request: LeaseRequest) -> Result<Lease, QueueError> {
        let (reader, lanes) = (Arc::clone(&self.reader), self.lanes.clone());
        let read = move || {
            let reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
            read::lease(&reader, &lanes, &request)
        };
        tokio::task::spawn_blocking(read)
            .await
            .map_err(|_| QueueError::Closed)?
    }

    async fn release(&self, lane: &LaneKey) -> Result<(), QueueError> {
        self.ask(|reply| Command::Release(lane.clone(), reply))
            .await
    }

    async fn rebase(&self, lane: &LaneKey, back_ms: i64) -> Result<(), QueueError> {
        self.ask(|reply| Command::Rebase(lane.clone(), back_ms, reply))
            .await
    }

    async fn halt(&self, lane: &LaneKey, halt: Option<Halt>) -> Result<(), QueueError> {
        self.ask(|reply| Command::Halt(lane.clone(), halt, reply))
            .await
    }

    fn halted(&self, lane: &LaneKey) -> Option<Halt> {
        self.lanes.halt(lane)
    }

    async fn settle(&self, settlements: Vec<Settlement>) -> Result<(), QueueError> {
        if settlements.is_empty() {
            return Ok(());
        }
        self.ask(|reply| Command::Settle(settlements, reply)).await
    }

    fn waiting(&self, lane: &LaneKey) -> Waiting {
        self.lanes.waiting(lane)
    }

    fn lanes(&self) -> Vec<LaneDepth> {
        self.lanes.depths()
    }

    fn stats(&self) -> QueueStats {
        self.lanes.stats()
    }
}
