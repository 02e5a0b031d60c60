//! The embedded queue: one SQLite file, a row per conversion.
//!
//! - [`options`], [`folder`], [`schema`]: how it is opened: what the caller wants, that
//!   one process has the data folder, the tables.
//! - [`writer`], [`command`], [`turns`]: the one thread that writes; group commit.
//! - [`append`], [`settle`], [`dead`], [`adopt`], [`lane_rows`]: what goes on inside its
//!   transaction: new rows, leased ones, dead letters, a destination whose dataset is
//!   another than before, a lane as a whole.
//! - [`queued`], [`letter`]: one row of a table, as more than one of them asks for it.
//! - [`effects`], [`lanes`]: what a transaction changes in memory, and what is known there.
//! - [`seen`], [`filter`]: the marks of what was delivered.
//! - [`limits`]: how large the file may grow, how long dead letters are kept.
//! - [`checkpoint`]: copying the log, off the path of commits.
//! - [`lease`], [`report`], [`letters`], [`backup`]: reading beside the writer, and what
//!   people do with dead letters.
//! - [`recover`]: saving what a damaged file still holds.

mod adopt;
mod append;
mod backup;
mod checkpoint;
mod command;
mod dead;
mod effects;
mod filter;
mod folder;
mod lane_rows;
mod lanes;
mod lease;
mod letter;
mod letters;
mod limits;
mod options;
mod queued;
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
use self::lanes::Lanes;
pub use self::options::SqliteOptions;
pub use self::recover::Recovered;
use self::writer::Writer;
use super::{
    Appended, Class, Halt, LaneDepth, LaneKey, Lease, LeaseRequest, Leased, Parcel, Queue,
    QueueError, QueueReport, QueueStats, SetAside, Settlement, Waiting, Window,
};

/// How many calls may wait for the writer before further ones wait for room:
/// the callers feel it, and memory stays bounded.
const WAITING_CALLS: usize = 1_024;

/// The queue's file in the data folder.
const FILE: &str = "queue.sqlite";

/// The embedded queue. Dropping it finishes what was handed to it and closes
/// the file.
///
/// ```
/// # use capi_core::destination::{Destination, Normalization, Scrubbing};
/// # use capi_core::destination::{Strict, Subscriptions, WebsiteRequirements};
/// use capi_transport::{
///     Appended, Class, Clock, Conversion, Fate, Kind, LaneKey, LeaseRequest, Queue,
///     Settlement, SqliteOptions, SqliteQueue, SystemClock,
/// };
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let data_dir = folder.path();
/// # let destination = Destination {
/// #     name: "shop".into(),
/// #     dataset_id: "1234567890".into(),
/// #     sources: None,
/// #     website_requirements: WebsiteRequirements::default(),
/// #     strict: Strict::default(),
/// #     normalization: Normalization::default(),
/// #     scrubbing: Scrubbing::default(),
/// #     subscriptions: Subscriptions::default(),
/// # };
/// # let now = jiff::Timestamp::now();
/// # let stored = format!(
/// #     r#"{{"event_name":"Lead","event_id":"1","event_time":{},"action_source":"email",
/// #         "user_data":{{"external_id":["123"]}}}}"#,
/// #     now.as_second()
/// # );
/// # let repaired = capi_core::pipeline::repair(stored.as_bytes(), &[], None, &destination, now)?;
/// # let event = repaired.map_err(|rejection| format!("{rejection:?}"))?.event;
/// let queue = SqliteQueue::open(SqliteOptions::new(data_dir))?;
/// let lane = LaneKey::new("shop", None);
///
/// // `event` is what the pipeline of `capi_core` made: hashed and scrubbed.
/// let conversion = Conversion::new(lane.clone(), "1234567890", "lead", event);
/// let appended = queue.append(vec![conversion.clone()]).await?;
/// assert_eq!(appended, [Appended::Queued]); // it is on disk now
///
/// let request = LeaseRequest {
///     lane,
///     class: Class::Standard,
///     kind: Kind::Fresh,
///     max: 1000,
///     max_bytes: 1 << 20,
///     now_ms: SystemClock.now_ms(),
/// };
/// let lease = queue.lease(request).await?;
///
/// // Meta took them.
/// let delivered = lease.rows.iter().map(|row| Settlement {
///     seq: row.seq,
///     fate: Fate::Delivered,
/// });
/// queue.settle(delivered.collect()).await?;
/// assert_eq!(queue.stats().queued, 0);
///
/// // A repeat of what was delivered is not queued again.
/// assert_eq!(queue.append(vec![conversion]).await?, [Appended::Repeat]);
/// # Ok(())
/// # }
/// ```
pub struct SqliteQueue {
    file: PathBuf,
    lanes: Lanes,
    /// What lanes lease with.
    leases: Arc<Mutex<Connection>>,
    /// What people look with: it may take long.
    reports: Arc<Mutex<Connection>>,
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
        let leases = schema::open_reader(&file)?;
        let reports = schema::open_reader(&file)?;
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
            leases: Arc::new(Mutex::new(leases)),
            reports: Arc::new(Mutex::new(reports)),
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

    /// Whether a process has the queue of a data folder, such as a running server.
    #[must_use]
    pub fn is_locked(folder: &Path) -> bool {
        folder::is_taken(folder)
    }

    /// The queue's file.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Says which dataset each destination has: pairs of name and id. Where one had
    /// another before, what waits for it and its dead letters take this one. To be
    /// called once, with all destinations, before delivery starts.
    ///
    /// # Errors
    ///
    /// When nothing of it was kept.
    pub async fn adopt(&self, datasets: Vec<(String, String)>) -> Result<(), QueueError> {
        self.ask(|reply| Command::Adopt(datasets, reply)).await
    }

    /// Gives what is queued for the destination `from` to `to`, whose dataset this is.
    /// Says how many rows.
    ///
    /// # Errors
    ///
    /// When nothing of it was kept.
    pub async fn reassign(
        &self,
        _from: String,
        _to: String,
        _dataset_id: String,
    ) -> Result<u64, QueueError> {
        // stub: replaced by the queue's own
        Err(QueueError::Closed)
    }

    /// Throws away what is queued for a destination. Says how many rows.
    ///
    /// # Errors
    ///
    /// When nothing of it was kept.
    pub async fn purge_queued(&self, _destination: String) -> Result<u64, QueueError> {
        // stub: replaced by the queue's own
        Err(QueueError::Closed)
    }

    /// What the queue holds, read from the file.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub async fn report(&self) -> Result<QueueReport, QueueError> {
        let file = self.file.clone();
        look(&self.reports, move |reports| report::report(reports, &file)).await
    }

    /// Copies the queue into the new file `to`, while it goes on.
    ///
    /// # Errors
    ///
    /// When there is such a file, or it cannot be written.
    pub async fn backup(&self, to: PathBuf) -> Result<(), QueueError> {
        let file = self.file.clone();
        tokio::task::spawn_blocking(move || backup::backup(&file, &to)).await?
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
        // The thread works as long as there is a handle, unless it panicked.
        let gone = || QueueError::Panicked("the thread that writes is gone".into());
        commands.send(command(reply)).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }
}

/// Reads beside the writer, off the runtime's threads.
async fn look<T: Send + 'static>(
    connection: &Arc<Mutex<Connection>>,
    read: impl FnOnce(&Connection) -> Result<T, QueueError> + Send + 'static,
) -> Result<T, QueueError> {
    let connection = Arc::clone(connection);
    // Reading leaves nothing half done, so that a poisoned lock is as good as any.
    let look = move || read(&connection.lock().unwrap_or_else(PoisonError::into_inner));
    tokio::task::spawn_blocking(look).await?
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
    async fn store(&self, parcel: Parcel) -> Result<Vec<Appended>, QueueError> {
        let (conversions, rejected) = parcel.take();
        let append = async {
            if conversions.is_empty() {
                return Ok(Vec::new());
            }
            self.ask(|reply| Command::Append(conversions, reply)).await
        };
        let bury = async {
            if rejected.is_empty() {
                return Ok(());
            }
            self.ask(|reply| Command::Bury(rejected, reply)).await
        };
        let (appended, buried) = tokio::join!(append, bury);
        buried.and(appended)
    }

    fn unavailable(&self) -> Option<QueueError> {
        None
    }

    fn set_aside(&self, _: &LaneKey) -> Vec<SetAside> {
        Vec::new()
    }

    async fn keep_set_aside(&self, _: &LaneKey, _: SetAside) -> Result<(), QueueError> {
        Err(QueueError::Closed)
    }

    async fn free(&self, _: &LaneKey, _: i64) -> Result<(), QueueError> {
        Err(QueueError::Closed)
    }

    async fn sample(&self, _: &LaneKey, _: i64, _: u16) -> Result<Option<Leased>, QueueError> {
        Err(QueueError::Closed)
    }

    async fn aged(&self, _: &LaneKey, _: i64, _: i64, _: usize) -> Result<Vec<i64>, QueueError> {
        Err(QueueError::Closed)
    }

    async fn keep_window(
        &self,
        _: &LaneKey,
        _: Class,
        _: Option<Window>,
    ) -> Result<(), QueueError> {
        Ok(())
    }

    async fn end_lane(&self, _: &LaneKey) -> Result<bool, QueueError> {
        Ok(false)
    }

    async fn lease(&self, request: LeaseRequest) -> Result<Lease, QueueError> {
        let lanes = self.lanes.clone();
        look(&self.leases, move |leases| {
            lease::lease(leases, &lanes, &request)
        })
        .await
    }

    async fn release(&self, lane: &LaneKey) -> Result<(), QueueError> {
        self.ask(|reply| Command::Release(lane.clone(), reply))
            .await
    }

    async fn rebase(&self, lane: &LaneKey, back_ms: i64) -> Result<(), QueueError> {
        self.ask(|reply| Command::Rebase(lane.clone(), back_ms, reply))
            .await
    }

    async fn keep_halt(&self, lane: &LaneKey, halt: Option<Halt>) -> Result<(), QueueError> {
        self.ask(|reply| Command::KeepHalt(lane.clone(), halt, reply))
            .await
    }

    fn kept_halt(&self, lane: &LaneKey) -> Option<Halt> {
        self.lanes.halt(lane)
    }

    async fn settle(&self, settlements: Arc<[Settlement]>) -> Result<(), QueueError> {
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
