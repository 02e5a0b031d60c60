//! Starts a lane for whatever is queued, and starts it again if it broke.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use fastrand::Rng;
use tokio::sync::watch;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::sleep;
use tracing::{error, warn};

use super::driver::{Driver, Signal};
use super::lane::{Lane, Limits};
use super::stats::Counters;
use crate::graph::Graph;
use crate::queue::{LaneKey, Queue};
use crate::{Clock, GraphTarget};

/// A lane that broke is begun anew after this long, so that one that always
/// breaks does not take the machine with it.
const RESTART_PAUSE: Duration = Duration::from_secs(1);

/// A destination, ready to be sent to.
pub(super) struct Route {
    pub(super) limits: Limits,
    pub(super) graph: Graph,
    pub(super) counters: Arc<Counters>,
}

impl Route {
    pub(super) fn new(target: &GraphTarget, graph: Graph) -> Self {
        Self {
            limits: Limits {
                batch_size: target.batch_size,
                max_in_flight: target.max_in_flight,
                linger_ms: i64::try_from(target.linger.as_millis()).unwrap_or(i64::MAX),
            },
            graph,
            counters: Arc::default(),
        }
    }
}

pub(super) struct Supervisor {
    pub(super) queue: Arc<dyn Queue>,
    pub(super) routes: Arc<HashMap<String, Route>>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) rng: Rng,
    pub(super) signal: watch::Receiver<Signal>,
    pub(super) lanes: JoinSet<Result<LaneKey, JoinError>>,
    pub(super) running: HashMap<LaneKey, Id>,
    pub(super) warned: HashSet<Arc<str>>,
}

impl Supervisor {
    /// Runs until delivery is stopped and every lane is done.
    pub(super) async fn run(mut self) {
        loop {
            let stop = self.signal.borrow_and_update().stop;
            self.discover();
            if stop.is_some() {
                break;
            }
            tokio::select! {
                changed = self.signal.changed() => if changed.is_err() { return },
                Some(ended) = self.lanes.join_next_with_id() => {
                    self.ended(ended);
                    sleep(RESTART_PAUSE).await;
                }
            }
        }
        while let Some(ended) = self.lanes.join_next_with_id().await {
            self.ended(ended);
        }
    }

    fn discover(&mut self) {
        for depth in self.queue.lanes() {
            let lane = depth.lane;
            if self.running.contains_key(&lane) {
                continue;
            }
            match self.routes.get(&*lane.destination) {
                Some(route) => {
                    let mut machine = Lane::new(route.limits, self.rng.fork());
                    if let Some(halt) = self.queue.kept_halt(&lane) {
                        machine.restore(self.clock.now_ms(), halt);
                    }
                    let driver = Driver {
                        key: lane.clone(),
                        lane: machine,
                        queue: Arc::clone(&self.queue),
                        graph: route.graph.clone(),
                        clock: Arc::clone(&self.clock),
                        counters: Arc::clone(&route.counters),
                        signal: self.signal.clone(),
                        resumes: route.counters.resumes.load(Ordering::Relaxed),
                        sends: JoinSet::new(),
                        settles: JoinSet::new(),
                        close: None,
                    };
                    let id = self.lanes.spawn(driver.run()).id();
                    self.running.insert(lane, id);
                }
                None if self.warned.insert(Arc::clone(&lane.destination)) => warn!(
                    destination = %lane.destination, queued = depth.queued,
                    "Events are queued for a destination that is not configured; they stay in \
                     the queue until it is."
                ),
                None => {}
            }
        }
    }

    fn ended(&mut self, ended: Result<(Id, Result<LaneKey, JoinError>), JoinError>) {
        let (id, failure) = match ended {
            Ok((id, Ok(_))) => (id, None),
            Ok((id, Err(failure))) => (id, Some(failure)),
            Err(failure) => (failure.id(), Some(failure)),
        };
        self.running.retain(|_, running| *running != id);
        if let Some(failure) = failure {
            error!(%failure, "A lane broke; it is begun anew with what is on disk.");
        }
    }
}
