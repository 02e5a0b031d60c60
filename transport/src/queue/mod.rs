//! The queue between the door and the lanes: what it took is on disk.

mod conversion;
mod dead;
mod error;
mod halt;
mod lease;
mod rejected;
mod report;
mod settlement;
mod sqlite;

use std::sync::Arc;

use async_trait::async_trait;

pub(crate) use conversion::DedupKey;
pub use conversion::{Appended, Class, Conversion, LaneKey};
pub use dead::{DeadCode, DeadFilter, DeadLetter, Replaced, Retried, StoredReason};
pub use error::{QueueError, Salvageable};
pub use halt::Halt;
pub use lease::{Kind, Lease, LeaseRequest, Leased};
pub use rejected::RejectedConversion;
pub use report::{LaneReport, QueueReport};
pub use settlement::{BuryReason, Fate, Settlement};
pub use sqlite::{Recovered, SqliteOptions, SqliteQueue};

/// A durable queue of conversions. Every call is for a batch, so that a boxed
/// future a call costs nothing that counts.
///
/// While a conversion is queued it is the mark of its own id: appending it
/// again is a repeat. Settling it as delivered keeps the mark for at least 48
/// hours more; burying it takes the mark away, so that a corrected conversion
/// gets through.
#[async_trait]
pub trait Queue: Send + Sync + 'static {
    /// Appends conversions: on disk when it returns, and then only. The answer
    /// has one item for each conversion, in order.
    ///
    /// # Errors
    ///
    /// When nothing of it was kept: the disk is full, say. The queue goes on;
    /// the caller may try again.
    async fn append(&self, conversions: Vec<Conversion>) -> Result<Vec<Appended>, QueueError>;

    /// Keeps what our own checks rejected as dead letters: on disk when it
    /// returns. One whose id is queued or delivered is a repeat and is not kept;
    /// of several with one id the last is.
    ///
    /// # Errors
    ///
    /// As [`Queue::append`].
    async fn bury(&self, rejected: Vec<RejectedConversion>) -> Result<(), QueueError>;

    /// Hands out rows of a lane, oldest first. No row is handed out twice
    /// until it is settled or its lane released. Leases are in memory: a crash
    /// returns everything to the queue.
    ///
    /// # Errors
    ///
    /// When the rows cannot be read. None is leased then.
    async fn lease(&self, request: LeaseRequest) -> Result<Lease, QueueError>;

    /// Forgets all leases of a lane. Whoever runs a lane calls it first.
    ///
    /// # Errors
    ///
    /// When the lane cannot be read.
    async fn release(&self, lane: &LaneKey) -> Result<(), QueueError>;

    /// Brings the rows of a lane forward that wait for another try: the clock was
    /// put back by `back_ms`, and they wait no longer for that.
    ///
    /// # Errors
    ///
    /// When nothing of it was kept.
    async fn rebase(&self, lane: &LaneKey, back_ms: i64) -> Result<(), QueueError>;

    /// Keeps why a lane does not send, or that nothing keeps it from it.
    ///
    /// # Errors
    ///
    /// When it was not kept.
    async fn keep_halt(&self, lane: &LaneKey, halt: Option<Halt>) -> Result<(), QueueError>;

    /// What was kept last of why a lane does not send. In memory and quick.
    fn kept_halt(&self, lane: &LaneKey) -> Option<Halt>;

    /// Settles leased rows, all or none. A row that is gone already is passed
    /// over, so that settling may be tried again after an error.
    ///
    /// # Errors
    ///
    /// When nothing of it was kept.
    async fn settle(&self, settlements: Arc<[Settlement]>) -> Result<(), QueueError>;

    /// How many fresh rows of a lane wait to be leased. In memory and quick:
    /// it is asked after every append.
    fn waiting(&self, lane: &LaneKey) -> Waiting;

    /// The lanes that have rows, leased ones too.
    fn lanes(&self) -> Vec<LaneDepth>;

    /// What the queue holds.
    fn stats(&self) -> QueueStats;
}

/// How many rows wait that were never tried and are not leased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Of [`Class::Standard`].
    pub standard: u64,
    /// Of [`Class::PhysicalStore`].
    pub physical_store: u64,
}

impl Waiting {
    /// Those of one class.
    #[must_use]
    pub const fn of(self, class: Class) -> u64 {
        match class {
            Class::Standard => self.standard,
            Class::PhysicalStore => self.physical_store,
        }
    }
}

/// A lane and how much it has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaneDepth {
    /// The lane.
    pub lane: LaneKey,
    /// How many rows it has, leased and waiting ones.
    pub queued: u64,
}

/// What the queue holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueStats {
    /// Rows that are neither delivered nor buried.
    pub queued: u64,
    /// Dead letters.
    pub dead: u64,
}
