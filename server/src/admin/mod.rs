//! What an operator sees and does: lanes, the queue, dead letters.
//!
//! [`Admin`] does it, on a queue with or without delivery. A running server
//! offers it to commands over HTTP ([`api`]), on a listener of its own and to
//! those only who know its token; they find both in the data folder
//! ([`endpoint`]). What is sent again is checked again ([`repair`]). A command
//! without a running server opens the queue itself.

pub mod api;
mod conditions;
pub mod endpoint;
mod gone;
mod http;
mod lane;
mod listener;
pub mod repair;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use capi_core::pipeline::Edit;
use capi_transport::{
    DeadFilter, DeadLetter, DeadLetterReason, Delivery, LaneBlock, LaneKey, QueueError,
    QueueReport, SqliteQueue,
};

pub use self::conditions::Conditions;
pub use self::gone::GoneError;
use self::lane::lanes_of;
pub use self::lane::{LaneStatus, SetAside, State};
pub(crate) use self::listener::AdminListener;
pub use self::listener::OpenError;
use self::repair::{Change, Checks, Repaired};

/// What can be asked of a queue, and of the lanes that empty it, if they run.
pub struct Admin {
    queue: Arc<SqliteQueue>,
    delivery: Option<Arc<Delivery>>,
    checks: Checks,
    conditions: Conditions,
}

impl Admin {
    /// For a queue, and the delivery that empties it where there is one. What is
    /// sent again goes through `checks`.
    #[must_use]
    pub fn new(queue: Arc<SqliteQueue>, delivery: Option<Arc<Delivery>>, checks: Checks) -> Self {
        Self {
            queue,
            delivery,
            checks,
            conditions: Conditions::default(),
        }
    }

    /// What keeps the server from working as it should, for whoever finds it out.
    #[must_use]
    pub const fn conditions(&self) -> &Conditions {
        &self.conditions
    }

    /// Every lane that has something to do, or had since the start.
    #[must_use]
    pub fn lanes(&self) -> Vec<LaneStatus> {
        let mut lanes = self.lanes_alone();
        for lane in &mut lanes {
            lane.set_aside = self.set_aside(lane);
        }
        lanes
    }

    /// What is set aside of a lane.
    fn set_aside(&self, lane: &LaneStatus) -> Vec<SetAside> {
        use capi_transport::Queue as _;
        let lane = LaneKey::new(&lane.destination, lane.test_event_code.as_deref());
        let groups = self.queue.set_aside(&lane).into_iter();
        groups
            .map(|aside| SetAside {
                action: aside.group.action.as_deref().map(str::to_owned),
                event_name: aside.group.event_name.to_string(),
                source: aside.group.source.as_deref().map(str::to_owned),
                code: aside.refusal.code,
                rows: aside.rows,
                since: aside.since_ms,
            })
            .collect()
    }

    fn lanes_alone(&self) -> Vec<LaneStatus> {
        use capi_transport::Queue as _;
        match &self.delivery {
            Some(delivery) => {
                let mut lanes: Vec<LaneStatus> =
                    delivery.stats().into_iter().flat_map(lanes_of).collect();
                lanes.extend(self.without_destination());
                lanes
            }
            None => self
                .queue
                .lanes()
                .into_iter()
                .map(|depth| {
                    let lane = &depth.lane;
                    let mut shown = LaneStatus {
                        queued: depth.queued,
                        ..LaneStatus::stopped(
                            lane.destination.to_string(),
                            lane.test_event_code.as_deref().map(str::to_owned),
                        )
                    };
                    match self.queue.stored_lane_block(lane) {
                        Some(LaneBlock::Parked { refusal }) => {
                            shown.message = Some(refusal.message);
                            (shown.code, shown.subcode) = (refusal.code, refusal.subcode);
                        }
                        Some(LaneBlock::Throttled { until_ms }) => shown.until_ms = Some(until_ms),
                        None => {}
                    }
                    shown
                })
                .collect(),
        }
    }

    /// The lanes of destinations that the configuration does not have any more.
    fn without_destination(&self) -> impl Iterator<Item = LaneStatus> {
        use capi_transport::Queue as _;
        let depths = self.queue.lanes().into_iter();
        depths
            .filter(|depth| !self.checks.knows(&depth.lane.destination))
            .map(|depth| LaneStatus {
                queued: depth.queued,
                message: Some("the configuration has no such destination".to_owned()),
                ..LaneStatus::stopped(
                    depth.lane.destination.to_string(),
                    depth.lane.test_event_code.as_deref().map(str::to_owned),
                )
            })
    }

    /// Ends the wait of a destination's parked lanes. `false` where there is no
    /// such destination, or nothing runs.
    #[must_use]
    pub fn resume(&self, destination: &str) -> bool {
        self.delivery
            .as_ref()
            .is_some_and(|delivery| delivery.resume(destination))
    }

    /// What the queue holds.
    ///
    /// # Errors
    ///
    /// It cannot be read.
    pub async fn queue(&self) -> Result<QueueReport, QueueError> {
        self.queue.report().await
    }

    /// Copies the queue into a new file, as it is at this moment.
    ///
    /// # Errors
    ///
    /// The file is there already, or cannot be written.
    pub async fn backup(&self, file: &Path) -> Result<(), QueueError> {
        self.queue.backup(PathBuf::from(file)).await
    }

    /// Breaks off copies that are under way: a stop does not wait for them.
    pub(crate) fn end_backups(&self) {
        self.queue.end_backups();
    }

    /// Dead letters, as [`SqliteQueue::dead`]: [`api::MAX_LETTERS`] per call, whatever `limit` is.
    ///
    /// # Errors
    ///
    /// They cannot be read.
    pub async fn dead(
        &self,
        filter: DeadFilter,
        after: i64,
        limit: usize,
    ) -> Result<Vec<DeadLetter>, QueueError> {
        self.queue
            .dead(filter, after, limit.min(api::MAX_LETTERS))
            .await
    }

    /// Before letters are queued: a server saw to it when it started.
    async fn rebind_dataset(&self) -> Result<(), QueueError> {
        match &self.delivery {
            Some(_) => Ok(()),
            None => self.checks.rebind_dataset(&self.queue).await,
        }
    }

    /// Queues dead letters again, as [`SqliteQueue::retry_dead`]. Those that our
    /// own checks rejected are checked again: the configuration may have changed.
    ///
    /// # Errors
    ///
    /// Not all could be queued.
    pub async fn retry(&self, filter: DeadFilter) -> Result<Repaired, QueueError> {
        let _notify = Notify(self.delivery.as_deref());
        self.rebind_dataset().await?;
        let invalid = DeadLetterReason::Invalid.name();
        let mut done = Repaired::default();
        if filter
            .reason
            .as_deref()
            .is_none_or(|reason| reason == invalid)
        {
            let filter = DeadFilter {
                reason: Some(invalid.to_owned()),
                ..filter.clone()
            };
            done = self
                .checks
                .send_again(&self.queue, &filter, Change::Edits(&[]))
                .await?;
        }
        let retried = self
            .queue
            .retry_dead(filter, self.checks.destinations())
            .await?;
        done.queued += retried.queued;
        done.duplicates += retried.duplicates;
        done.without_destination(retried.without_destination);
        Ok(done)
    }

    /// Queues those of a filter's dead letters that were taken for duplicates and differ
    /// from what was sent under their ids, each under the id of its message.
    ///
    /// # Errors
    ///
    /// Not all could be queued.
    pub async fn retry_as_new(&self, filter: DeadFilter) -> Result<Repaired, QueueError> {
        let _notify = Notify(self.delivery.as_deref());
        self.rebind_dataset().await?;
        let differing = DeadLetterReason::DifferingDuplicate.name();
        if filter
            .reason
            .as_deref()
            .is_some_and(|reason| reason != differing)
        {
            return Ok(Repaired::default());
        }
        let filter = DeadFilter {
            reason: Some(differing.to_owned()),
            ..filter
        };
        self.checks
            .send_again(&self.queue, &filter, Change::AsNew)
            .await
    }

    /// Changes dead letters, checks them, and queues those that pass. The others
    /// stay as they were.
    ///
    /// # Errors
    ///
    /// Not all could be queued.
    pub async fn edit(&self, filter: DeadFilter, edits: &[Edit]) -> Result<Repaired, QueueError> {
        let _notify = Notify(self.delivery.as_deref());
        self.rebind_dataset().await?;
        self.checks
            .send_again(&self.queue, &filter, Change::Edits(edits))
            .await
    }

    /// Throws dead letters away, and says how many.
    ///
    /// # Errors
    ///
    /// Not all could be thrown away.
    pub async fn purge(&self, filter: DeadFilter) -> Result<u64, QueueError> {
        self.queue.purge_dead(filter).await
    }
}

/// Tells the lanes, at the end, that there may be something to do: also where the
/// end is an error.
struct Notify<'d>(Option<&'d Delivery>);

impl Drop for Notify<'_> {
    fn drop(&mut self) {
        if let Some(delivery) = self.0 {
            delivery.notify();
        }
    }
}
