//! The embedded queue: one SQLite file, a row per conversion.
//!
//! - [`options`], [`folder`], [`open`], [`schema`]: how it is opened: what the caller
//!   wants, that one process has the data folder, the tables.
//! - [`writer`], [`command`], [`turns`]: the one thread that writes; group commit.
//! - [`work`]: its transaction; and what goes on inside of it: [`append`], [`acknowledge`],
//!   [`dead`], [`groups`], [`windows`], [`lane_rows`], [`rebind_dataset`], [`reassign`], [`gone`]:
//!   new rows, leased ones, dead letters, groups that are set aside, what may have been
//!   sent, a lane as a whole, destinations that are other than before.
//! - [`queued`], [`letter`]: one row of a table, as more than one of them asks for it.
//! - [`effects`], [`lanes`], [`health`]: what a transaction changes in memory, and what is
//!   known there.
//! - [`seen`], [`filter`]: the dedup entries of what was delivered.
//! - [`limits`]: how large the file may grow, how long dead letters are kept.
//! - [`size`], [`checkpoint`], [`vacuum`]: copying the log, giving room back to the disk.
//! - [`reserve`], [`volume`]: what is kept back for a disk that is full.
//! - [`lease`], [`report`], [`letters`], [`backup`]: reading beside the writer, and what
//!   people do with dead letters.
//! - [`recover`]: saving what a damaged file still holds.

mod acknowledge;
mod append;
mod backup;
mod checkpoint;
mod command;
mod commit_pace;
mod commit_scheduler;
mod dead;
mod dead_letter_row;
mod dedup_index;
mod duplicate;
mod effects;
mod filter;
mod folder;
mod found;
mod gone;
mod groups;
mod health;
mod lane_rows;
mod lanes;
mod lease;
mod letters;
mod limits;
mod open;
mod options;
mod people;
mod queue;
mod queued;
mod reassign;
mod rebind_dataset;
mod recover;
mod report;
mod reserve;
mod schema;
mod size;
#[cfg(test)]
mod tests;
mod vacuum;
mod volume;
mod windows;
mod work;
mod writer;

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Instant;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use self::command::{Asked, Call, Command, CommandKind as Asking, Reply};
use self::health::Health;
use self::lanes::Lanes;
pub use self::options::SqliteOptions;
pub use self::recover::Recovered;
use self::reserve::Reserve;
use self::work::Work;
use self::writer::Writer;
use super::QueueError;

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
/// # use capi_core::destination::{Crawlers, PrivateIpAddresses, Strict, Subscriptions};
/// # use capi_core::destination::WebsiteRequirements;
/// use capi_transport::{
///     Appended, Class, Clock, Conversion, Disposition, LeaseKind, LaneKey, LeaseRequest, Queue,
///     Ack, SqliteOptions, SqliteQueue, SystemClock,
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
/// #     private_ip_addresses: PrivateIpAddresses::default(),
/// #     crawlers: Crawlers::default(),
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
///     kind: LeaseKind::Fresh,
///     max: 1000,
///     max_bytes: 1 << 20,
///     now_ms: SystemClock.now_ms(),
/// };
/// let lease = queue.lease(request).await?;
///
/// // Meta took them.
/// let delivered = lease.rows.iter().map(|row| Ack {
///     seq: row.seq,
///     disposition: Disposition::Delivered,
/// });
/// queue.acknowledge(delivered.collect()).await?;
/// assert_eq!(queue.stats().queued, 0);
///
/// // A duplicate of what was delivered is not queued again.
/// assert_eq!(queue.append(vec![conversion]).await?, [Appended::Duplicate]);
/// # Ok(())
/// # }
/// ```
pub struct SqliteQueue {
    file: PathBuf,
    lanes: Lanes,
    health: Health,
    /// What lanes lease with.
    leases: Arc<Mutex<Connection>>,
    /// What people look with: it may take long.
    reports: Arc<Mutex<Connection>>,
    /// `None` only while it is dropped.
    commands: Option<mpsc::Sender<Command>>,
    /// Ends copies that are being made.
    is_closing: Arc<AtomicBool>,
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
    /// Opens the queue, or makes it. Reads the dedup entries of the last days, which
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
        let mut queue = Self::start(&file, options.clone(), &lock);
        let mut reserve = Reserve::of(&options.folder, options.reserve);
        if matches!(queue, Err(QueueError::Full)) && reserve.give_up() {
            queue = Self::start(&file, options, &lock);
        }
        queue.map_err(|error| reserve::spent(&file, recover::explain(&file, error)))
    }

    fn start(file: &Path, options: SqliteOptions, lock: &File) -> Result<Self, QueueError> {
        let failed = |error: std::io::Error| QueueError::Storage(error.to_string().into());
        let connection = open::open(file)?;
        let leases = open::open_reader(file)?;
        let reports = open::open_reader(file)?;
        let lock = lock.try_clone().map_err(failed)?;
        let writer = Writer::new(connection, file, options, lock)?;
        let (lanes, health) = (writer.lanes().clone(), writer.health().clone());
        let (commands, receiver) = mpsc::channel(WAITING_CALLS);
        let thread = Builder::new()
            .name("capi-queue".to_owned())
            .spawn(move || writer.run(receiver))
            .map_err(failed)?;
        Ok(Self {
            file: file.to_owned(),
            lanes,
            health,
            leases: Arc::new(Mutex::new(leases)),
            reports: Arc::new(Mutex::new(reports)),
            commands: Some(commands),
            is_closing: Arc::default(),
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

    /// Returns when the thread that writes is gone, which is a fault of capi's: nothing
    /// can be stored any more, and the process should end and be started anew. Never
    /// returns otherwise.
    pub async fn broken(&self) -> QueueError {
        match &self.commands {
            Some(commands) => commands.closed().await,
            None => std::future::pending().await,
        }
        writer_is_gone()
    }

    /// Has the writer do something, about so many rows, and waits until it is on disk.
    async fn ask<T: Send + 'static>(
        &self,
        weight: usize,
        run: impl FnMut(&mut Work<'_>) -> Result<T, QueueError> + Send + 'static,
    ) -> Result<T, QueueError> {
        self.send(|reply| Asking::Other(call(weight, reply, run)))
            .await
    }

    /// The same, not before what lanes acknowledged until now.
    async fn ask_of_lane<T: Send + 'static>(
        &self,
        weight: usize,
        run: impl FnMut(&mut Work<'_>) -> Result<T, QueueError> + Send + 'static,
    ) -> Result<T, QueueError> {
        self.send(|reply| Asking::OfLane(call(weight, reply, run)))
            .await
    }

    async fn send<T>(&self, asking: impl FnOnce(Reply<T>) -> Asking) -> Result<T, QueueError> {
        let (reply, answer) = oneshot::channel();
        let commands = self.commands.as_ref().ok_or(QueueError::Closed)?;
        let command = Command {
            since: Instant::now(),
            kind: asking(reply),
        };
        // The thread works as long as there is a handle, unless it panicked.
        commands.send(command).await.map_err(|_| writer_is_gone())?;
        answer.await.map_err(|_| writer_is_gone())?
    }
}

fn writer_is_gone() -> QueueError {
    QueueError::Panicked("the thread that writes is gone".into())
}

fn call<T: Send + 'static>(
    weight: usize,
    reply: Reply<T>,
    run: impl FnMut(&mut Work<'_>) -> Result<T, QueueError> + Send + 'static,
) -> Box<dyn Call> {
    let found = None;
    Box::new(Asked {
        run,
        found,
        weight,
        reply,
    })
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
        self.end_backups();
        self.commands = None;
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}
