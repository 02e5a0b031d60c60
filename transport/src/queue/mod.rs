//! The queue between the door and the lanes: what it took is on disk.

mod ack;
mod conversion;
mod dead;
mod error;
mod group;
mod lane_block;
mod lease;
mod parcel;
mod rejected;
mod report;
mod sqlite;

use std::sync::Arc;

use async_trait::async_trait;

pub use ack::{Ack, DeadLetterReason, Disposition};
pub(crate) use conversion::DedupKey;
pub use conversion::{Appended, Class, Conversion, LaneKey};
pub use dead::{DeadCode, DeadFilter, DeadLetter, Replaced, Retried, StoredDiagnostic};
pub use error::{QueueError, Salvageable};
pub use group::{Group, SetAside, Window};
pub use lane_block::LaneBlock;
pub use lease::{Lease, LeaseKind, LeaseRequest, Leased};
pub use parcel::Parcel;
pub use rejected::RejectedConversion;
pub use report::{LaneReport, QueueReport};
pub use sqlite::{Recovered, SqliteOptions, SqliteQueue};

/// A durable queue of conversions. Every call is for a batch, so that a boxed
/// future a call costs nothing that counts.
///
/// While a conversion is queued it is the dedup entry of its own id: appending it
/// again is a duplicate. Acknowledging it as delivered keeps the dedup entry for at least 48
/// hours more; dead-lettering it takes the dedup entry away, so that a corrected conversion
/// gets through.
#[async_trait]
pub trait Queue: Send + Sync + 'static {
    /// Stores what a request brought: on disk when it returns, and then only. The
    /// answer has one item for each conversion, in order.
    ///
    /// What our own checks rejected is kept as a dead letter. One whose id is queued or
    /// delivered is a duplicate and is not kept; of several with one id the last is.
    ///
    /// # Errors
    ///
    /// When not all of it was kept: the disk is full, say. The queue goes on; the caller
    /// may try again, and what was kept already is a duplicate then.
    async fn store(&self, parcel: Parcel) -> Result<Vec<Appended>, QueueError>;

    /// Stores conversions alone, as [`Queue::store`].
    ///
    /// # Errors
    ///
    /// As [`Queue::store`].
    async fn append(&self, conversions: Vec<Conversion>) -> Result<Vec<Appended>, QueueError> {
        self.store(Parcel::new(conversions, Vec::new())).await
    }

    /// Stores rejected conversions alone, as [`Queue::store`].
    ///
    /// # Errors
    ///
    /// As [`Queue::store`].
    async fn dead_letter(&self, rejected: Vec<RejectedConversion>) -> Result<(), QueueError> {
        self.store(Parcel::new(Vec::new(), rejected))
            .await
            .map(drop)
    }

    /// Why the queue takes nothing at the moment: it cannot write, or what waits for the
    /// disk waits too long already. In memory and quick.
    fn unavailable(&self) -> Option<QueueError>;

    /// Hands out rows of a lane, oldest first. No row is handed out twice
    /// until it is acknowledged or its lane released. Leases are in memory: a crash
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
    async fn shift_deadlines(&self, lane: &LaneKey, back_ms: i64) -> Result<(), QueueError>;

    /// Keeps why a lane does not send, or that nothing keeps it from it.
    ///
    /// # Errors
    ///
    /// When it was not kept.
    async fn store_lane_block(
        &self,
        lane: &LaneKey,
        lane_block: Option<LaneBlock>,
    ) -> Result<(), QueueError>;

    /// What was kept last of why a lane does not send. In memory and quick.
    fn stored_lane_block(&self, lane: &LaneKey) -> Option<LaneBlock>;

    /// The groups of a lane that are set aside, by number. In memory and quick.
    fn set_aside(&self, lane: &LaneKey) -> Vec<SetAside>;

    /// Keeps that a group is set aside. Its rows are those that are acknowledged so.
    ///
    /// # Errors
    ///
    /// When it was not kept.
    async fn keep_set_aside(&self, lane: &LaneKey, group: SetAside) -> Result<(), QueueError>;

    /// Frees a group: its rows are due immediately, and the group is forgotten. Some rows at
    /// a time: on an error the others are still set aside, and it may be tried again.
    ///
    /// # Errors
    ///
    /// When not all of it was kept.
    async fn free(&self, lane: &LaneKey, group: i64) -> Result<(), QueueError>;

    /// A row of a group that is set aside, as a sample: about where `place` says, from 0
    /// for the oldest to [`u16::MAX`] for the newest. It is not leased, and may be
    /// acknowledged.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    async fn sample(
        &self,
        lane: &LaneKey,
        group: i64,
        place: u16,
    ) -> Result<Option<Leased>, QueueError>;

    /// The rows of a group that is set aside whose events happened before `before`, in
    /// Unix seconds: at most `max`, the oldest events first.
    ///
    /// # Errors
    ///
    /// When they cannot be read.
    async fn aged(
        &self,
        lane: &LaneKey,
        group: i64,
        before: i64,
        max: usize,
    ) -> Result<Vec<i64>, QueueError>;

    /// Writes down up to which row a lane may have sent, or that nothing of it is under
    /// way. What is leased after a crash, or after [`Queue::release`], from within a
    /// window that was not taken away is marked: its outcome is unknown.
    ///
    /// # Errors
    ///
    /// When it was not kept.
    async fn keep_window(
        &self,
        lane: &LaneKey,
        class: Class,
        window: Option<Window>,
    ) -> Result<(), QueueError>;

    /// Forgets a lane that has no rows. Says whether it has none.
    ///
    /// # Errors
    ///
    /// When it was not kept.
    async fn end_lane(&self, lane: &LaneKey) -> Result<bool, QueueError>;

    /// Settles leased rows. A row that is gone already is passed over, so that acknowledging
    /// may be tried again after an error.
    ///
    /// # Errors
    ///
    /// When not all of it was kept: on a full disk a part of it may be.
    async fn acknowledge(&self, acks: Arc<[Ack]>) -> Result<(), QueueError>;

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
    /// Rows that are neither delivered nor dead-lettered.
    pub queued: u64,
    /// Dead letters.
    pub dead: u64,
}
