//! What an operator sees and does: lanes, the queue, dead letters.
//!
//! [`Admin`] does it, on a queue with or without delivery. A running server
//! offers it to commands over HTTP ([`api`]), on a listener of its own and to
//! those only who know its token; they find both in the data folder
//! ([`endpoint`]). What is sent again is checked again ([`repair`]). A command
//! without a running server opens the queue itself.

pub mod api;
pub mod endpoint;
mod http;
mod listener;
pub mod repair;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use capi_core::pipeline::Edit;
use capi_transport::{
    BuryReason, DeadFilter, DeadLetter, Delivery, DestinationStats, Halt, LaneState, QueueError,
    QueueReport, SqliteQueue,
};
use serde::{Deserialize, Serialize};

pub(crate) use self::listener::AdminListener;
pub use self::listener::OpenError;
use self::repair::{Checks, Repaired};

/// What can be asked of a queue, and of the lanes that empty it, if they run.
pub struct Admin {
    queue: Arc<SqliteQueue>,
    delivery: Option<Arc<Delivery>>,
    checks: Checks,
}

/// A lane as an operator sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lane {
    /// The destination.
    pub destination: String,
    /// The test code of the lane.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_event_code: Option<String>,
    /// Events that wait or are on their way.
    pub queued: u64,
    /// `active`, `throttled`, `parked`, or `stopped` where no server runs.
    pub state: State,
    /// Until when it waits, in Unix milliseconds; of a stopped one: will wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until_ms: Option<i64>,
    /// Why it is parked, or was when the server stopped: what Meta said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Meta's error code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<i64>,
    /// Meta's subcode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subcode: Option<i64>,
    /// How much of Meta's allowance is used, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_percent: Option<u32>,
    /// How old the oldest event of the last request was when it left, in
    /// milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_ms: Option<i64>,
}

/// What a lane is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It sends.
    Active,
    /// Meta asked for a pause, or cannot be reached.
    Throttled,
    /// Something needs mending.
    Parked,
    /// No server runs.
    Stopped,
}

impl State {
    /// Its name, as in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Throttled => "throttled",
            Self::Parked => "parked",
            Self::Stopped => "stopped",
        }
    }
}

impl Admin {
    /// For a queue, and the delivery that empties it where there is one. What is
    /// sent again goes through `checks`.
    #[must_use]
    pub const fn new(
        queue: Arc<SqliteQueue>,
        delivery: Option<Arc<Delivery>>,
        checks: Checks,
    ) -> Self {
        Self {
            queue,
            delivery,
            checks,
        }
    }

    /// Every lane that has something to do, or had since the start.
    #[must_use]
    pub fn lanes(&self) -> Vec<Lane> {
        use capi_transport::Queue as _;
        match &self.delivery {
            Some(delivery) => {
                let mut lanes: Vec<Lane> =
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
                    let mut shown = Lane {
                        queued: depth.queued,
                        ..Lane::stopped(
                            lane.destination.to_string(),
                            lane.test_event_code.as_deref().map(str::to_owned),
                        )
                    };
                    match self.queue.kept_halt(lane) {
                        Some(Halt::Parked { refusal }) => {
                            shown.message = Some(refusal.message);
                            (shown.code, shown.subcode) = (refusal.code, refusal.subcode);
                        }
                        Some(Halt::Throttled { until_ms }) => shown.until_ms = Some(until_ms),
                        None => {}
                    }
                    shown
                })
                .collect(),
        }
    }

    /// The lanes of destinations that the configuration does not have any more.
    fn without_destination(&self) -> impl Iterator<Item = Lane> {
        use capi_transport::Queue as _;
        let depths = self.queue.lanes().into_iter();
        depths
            .filter(|depth| !self.checks.knows(&depth.lane.destination))
            .map(|depth| Lane {
                queued: depth.queued,
                message: Some("the configuration has no such destination".to_owned()),
                ..Lane::stopped(
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

    /// Dead letters, as [`SqliteQueue::dead`].
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
        self.queue.dead(filter, after, limit).await
    }

    /// Before letters are queued: a server saw to it when it started.
    async fn adopt(&self) -> Result<(), QueueError> {
        match &self.delivery {
            Some(_) => Ok(()),
            None => self.checks.adopt(&self.queue).await,
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
        self.adopt().await?;
        let invalid = BuryReason::Invalid.name();
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
            done = self.checks.send_again(&self.queue, &filter, &[]).await?;
        }
        let retried = self
            .queue
            .retry_dead(filter, self.checks.destinations())
            .await?;
        done.queued += retried.queued;
        done.repeats += retried.repeats;
        done.without_destination(retried.without_destination);
        Ok(done)
    }

    /// Changes dead letters, checks them, and queues those that pass. The others
    /// stay as they were.
    ///
    /// # Errors
    ///
    /// Not all could be queued.
    pub async fn edit(&self, filter: DeadFilter, edits: &[Edit]) -> Result<Repaired, QueueError> {
        let _notify = Notify(self.delivery.as_deref());
        self.adopt().await?;
        self.checks.send_again(&self.queue, &filter, edits).await
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

impl Lane {
    const fn stopped(destination: String, test_event_code: Option<String>) -> Self {
        Self {
            destination,
            test_event_code,
            queued: 0,
            state: State::Stopped,
            until_ms: None,
            message: None,
            code: None,
            subcode: None,
            used_percent: None,
            age_ms: None,
        }
    }
}

/// A destination without a lane has one that never had anything to do.
fn lanes_of(stats: DestinationStats) -> Vec<Lane> {
    if stats.lanes.is_empty() {
        return vec![Lane {
            state: State::Active,
            queued: stats.queued,
            ..Lane::stopped(stats.name, None)
        }];
    }
    let name = stats.name;
    let lanes = stats.lanes.into_iter();
    lanes
        .map(|lane| {
            let shown = Lane {
                queued: lane.queued,
                state: State::Active,
                used_percent: lane.used_percent,
                age_ms: lane.age_ms,
                ..Lane::stopped(name.clone(), lane.test_event_code)
            };
            match lane.state {
                LaneState::Active => shown,
                LaneState::Throttled { until_ms } => Lane {
                    state: State::Throttled,
                    until_ms: Some(until_ms),
                    ..shown
                },
                LaneState::Parked { refusal, probe_ms } => Lane {
                    state: State::Parked,
                    until_ms: Some(probe_ms),
                    message: Some(refusal.message),
                    code: refusal.code,
                    subcode: refusal.subcode,
                    ..shown
                },
            }
        })
        .collect()
}
