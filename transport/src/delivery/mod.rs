//! Delivery: a lane per destination and test code empties the queue.
//!
//! - [`lane`]: the state machine. All decisions, no I/O.
//! - [`ready_buffer`], [`pace`], [`allowance`], [`batch`], [`bisect`], [`budget`], [`streaks`],
//!   [`aside`], [`windows`], [`backoff`], [`late`], [`limits`]: its parts, each one idea.
//! - [`notice`], [`reported`], [`trouble`], [`stats`]: what people get to know.
//! - [`driver`], [`supervisor`], [`wakes`]: the async part, which decides nothing.

mod aside;
mod backoff;
mod batch;
mod bisect;
mod budget;
mod driver;
mod freshness;
mod lane;
mod limits;
mod notice;
mod notice_throttle;
mod ready_buffer;
mod send_gate;
mod send_permit;
#[cfg(test)]
mod simulation;
mod stats;
mod streaks;
mod supervisor;
#[cfg(test)]
pub(crate) mod tests;
mod trouble;
mod wakes;
mod windows;

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use fastrand::Rng;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;

use self::supervisor::{Route, Supervisor};
use self::wakes::Wakes;
use crate::clock_doubt::ClockDoubt;
use crate::graph::{GraphError, http_client};
use crate::queue::{LaneKey, Queue};
use crate::{Clock, GraphTarget, SystemClock};

pub use send_gate::LaneState;
pub use stats::{DestinationStats, LaneStats};

/// What delivery takes from outside besides its work.
#[derive(Clone)]
pub struct DeliveryOptions {
    /// The clock. It must be the one that the queue uses.
    pub clock: Arc<dyn Clock>,
    /// Where the chance in waiting times begins; `None` for a new one each run.
    pub seed: Option<u64>,
}

impl Default for DeliveryOptions {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            seed: None,
        }
    }
}

impl fmt::Debug for DeliveryOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeliveryOptions")
            .field("seed", &self.seed)
            .finish_non_exhaustive()
    }
}

/// Why delivery could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Two destinations have one name, so that rows could not tell them apart.
    #[error("two destinations are named {0}; give each a name of its own")]
    Name(String),
    /// Meta takes 1 to 1000 events in a request.
    #[error("batch size of destination {name} is {size}; it must be from 1 to 1000")]
    BatchSize {
        /// The destination's name.
        name: String,
        /// The size.
        size: usize,
    },
    /// A destination cannot be spoken to.
    #[error(transparent)]
    Graph(#[from] GraphError),
}

/// How a stop ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// Events that stay in the queue for the next run.
    pub left: u64,
}

/// Delivery at work. Dropping it cuts it off where it is, as a crash would;
/// [`Self::stop`] ends it in order.
pub struct Delivery {
    queue: Arc<dyn Queue>,
    routes: Arc<HashMap<String, Route>>,
    wakes: Arc<Wakes>,
    /// When to be done, once it is to stop.
    stop: watch::Sender<Option<Instant>>,
    supervisor: Mutex<Option<JoinHandle<()>>>,
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery").finish_non_exhaustive()
    }
}

impl Delivery {
    /// Starts emptying the queue. Rows of destinations that are not among
    /// `targets` stay where they are.
    ///
    /// To be called inside a tokio runtime with time and I/O.
    ///
    /// # Errors
    ///
    /// When a destination cannot be used as it is configured. Nothing runs
    /// then.
    pub fn start(
        queue: Arc<dyn Queue>,
        targets: Vec<GraphTarget>,
        options: DeliveryOptions,
    ) -> Result<Self, StartError> {
        let client = http_client()?;
        let mut routes = HashMap::new();
        for target in targets {
            let (name, size) = (target.name.clone(), target.batch_size);
            if !(1..=GraphTarget::MAX_BATCH_SIZE).contains(&size) {
                return Err(StartError::BatchSize { name, size });
            }
            let route = Route::new(&client, &target)?;
            if routes.insert(name.clone(), route).is_some() {
                return Err(StartError::Name(name));
            }
        }
        let routes = Arc::new(routes);
        let (stop, receiver) = watch::channel(None);
        let wakes = Arc::<Wakes>::default();
        let supervisor = Supervisor {
            queue: Arc::clone(&queue),
            routes: Arc::clone(&routes),
            clock: options.clock,
            doubt: ClockDoubt::default(),
            rng: options.seed.map_or_else(Rng::new, Rng::with_seed),
            wakes: Arc::clone(&wakes),
            stop: receiver,
            lanes: JoinSet::new(),
            running: HashMap::new(),
            warned: Default::default(),
        };
        let supervisor = Mutex::new(Some(tokio::spawn(supervisor.run())));
        Ok(Self {
            queue,
            routes,
            wakes,
            stop,
            supervisor,
        })
    }

    /// Tells that something was appended, or may have been, to whatever lanes.
    pub fn notify(&self) {
        self.wakes.all();
    }

    /// Tells that rows were appended to these lanes: the others sleep on. Cheap; to be
    /// called after every append that queued anything.
    pub fn fed<'l>(&self, lanes: impl IntoIterator<Item = &'l LaneKey>) {
        self.wakes.fed(lanes);
    }

    /// Ends the wait of a destination's parked lanes and of its groups that are set aside:
    /// Meta is asked again immediately. Says whether such a destination exists.
    pub fn resume(&self, destination: &str) -> bool {
        let Some(route) = self.routes.get(destination) else {
            return false;
        };
        route.counters.resumes.fetch_add(1, Ordering::Relaxed);
        self.notify();
        true
    }

    /// What each destination did and does, sorted by name.
    #[must_use]
    pub fn stats(&self) -> Vec<DestinationStats> {
        let depths = self.queue.lanes();
        let mut stats: Vec<_> = self
            .routes
            .iter()
            .map(|(name, route)| route.counters.read(name, &depths))
            .collect();
        stats.sort_by(|a, b| a.name.cmp(&b.name));
        stats
    }

    /// Sends what can be sent within `within`, without waiting for full
    /// batches, and ends. What is left stays in the queue. A second call only
    /// tells what is left.
    pub async fn stop(&self, within: Duration) -> Stopped {
        self.stop.send_replace(Some(Instant::now() + within));
        let supervisor = self
            .supervisor
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(supervisor) = supervisor {
            // A supervisor that panicked has no lanes any more either.
            drop(supervisor.await);
        }
        Stopped {
            left: self.queue.stats().queued,
        }
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        let supervisor = self
            .supervisor
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(supervisor) = supervisor {
            supervisor.abort();
        }
    }
}
