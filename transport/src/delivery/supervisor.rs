//! Starts a lane for whatever is queued, and starts it again if it broke.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use fastrand::Rng;
use reqwest::Client;
use tokio::sync::watch;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{Instant, sleep};
use tracing::{error, warn};

use super::driver::Driver;
use super::lane::Lane;
use super::limits::RowLimits;
use super::notice_throttle::NoticeThrottle;
use super::stats::Counters;
use super::trouble::Trouble;
use super::wakes::Wakes;
use crate::clock_doubt::ClockDoubt;
use crate::graph::{Graph, GraphError};
use crate::queue::{LaneKey, Queue};
use crate::{Clock, GraphTarget};

/// A lane that broke is begun anew after this long, so that one that always
/// breaks does not take the machine with it.
const RESTART_PAUSE: Duration = Duration::from_secs(1);

/// Bytes of payload in a request: as much as a thousand ordinary events have. A request
/// of a thousand large ones is refused for its size, and eight of them fill the memory.
const BATCH_BYTES: usize = 2 << 20;

/// So many requests may be under way over all lanes of test codes: what is real does not
/// wait for them.
const TEST_IN_FLIGHT: usize = 2;

/// A destination, ready to be sent to.
pub(super) struct Route {
    limits: RowLimits,
    graph: Graph,
    /// With an allowance that all lanes of test codes share.
    test_graph: Graph,
    pub(super) counters: Arc<Counters>,
}

impl Route {
    pub(super) fn new(client: &Client, target: &GraphTarget) -> Result<Self, GraphError> {
        let graph = |in_flight| Graph::new(client.clone(), target, in_flight);
        Ok(Self {
            limits: RowLimits {
                batch_size: target.batch_size,
                batch_bytes: BATCH_BYTES,
                max_in_flight: target.max_in_flight,
                linger_ms: i64::try_from(target.linger.as_millis()).unwrap_or(i64::MAX),
            },
            graph: graph(target.max_in_flight)?,
            test_graph: graph(TEST_IN_FLIGHT)?,
            counters: Arc::default(),
        })
    }

    /// How a lane sends, and by what.
    fn of(&self, lane: &LaneKey) -> (RowLimits, Graph) {
        if lane.test_event_code.is_none() {
            return (self.limits, self.graph.clone());
        }
        let max_in_flight = self.limits.max_in_flight.min(TEST_IN_FLIGHT);
        let limits = RowLimits {
            max_in_flight,
            ..self.limits
        };
        (limits, self.test_graph.clone())
    }
}

pub(super) struct Supervisor {
    pub(super) queue: Arc<dyn Queue>,
    pub(super) routes: Arc<HashMap<String, Route>>,
    pub(super) clock: Arc<dyn Clock>,
    /// What is believed of it: a lane that begins after a jump must not believe the jump.
    pub(super) doubt: ClockDoubt,
    pub(super) rng: Rng,
    pub(super) wakes: Arc<Wakes>,
    pub(super) stop: watch::Receiver<Option<Instant>>,
    pub(super) lanes: JoinSet<Result<LaneKey, JoinError>>,
    pub(super) running: HashMap<LaneKey, Id>,
    pub(super) warned: HashSet<Arc<str>>,
}

impl Supervisor {
    /// Runs until delivery is stopped and every lane is done.
    pub(super) async fn run(mut self) {
        loop {
            let stop = *self.stop.borrow_and_update();
            self.doubt
                .is_in_doubt(self.clock.now_ms(), self.clock.monotonic_ms());
            self.discover();
            if stop.is_some() {
                break;
            }
            tokio::select! {
                () = self.wakes.supervisor() => {}
                changed = self.stop.changed() => if changed.is_err() { return },
                Some(ended) = self.lanes.join_next_with_id() => {
                    if self.ended(ended) {
                        sleep(RESTART_PAUSE).await;
                    }
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
                    let (limits, graph) = route.of(&lane);
                    let mut machine = Lane::new(limits, self.rng.fork());
                    machine.restore(
                        self.clock.now_ms(),
                        self.queue.stored_lane_block(&lane),
                        self.queue.set_aside(&lane),
                    );
                    let driver = Driver {
                        key: lane.clone(),
                        lane: machine,
                        queue: Arc::clone(&self.queue),
                        graph,
                        clock: Arc::clone(&self.clock),
                        doubt: self.doubt,
                        counters: Arc::clone(&route.counters),
                        stop: self.stop.clone(),
                        wake: self.wakes.begin(&lane),
                        reported: NoticeThrottle::default(),
                        trouble: Trouble::new(lane.clone(), Arc::clone(&self.clock)),
                        resumes: route.counters.resumes.load(Ordering::Relaxed),
                        sends: JoinSet::new(),
                        departures: HashMap::new(),
                        acknowledges: JoinSet::new(),
                        close: None,
                        idle_since: None,
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

    /// A lane ended. Says whether it broke.
    fn ended(&mut self, ended: Result<(Id, Result<LaneKey, JoinError>), JoinError>) -> bool {
        let (id, failure) = match ended {
            Ok((id, Ok(_))) => (id, None),
            Ok((id, Err(failure))) => (id, Some(failure)),
            Err(failure) => (failure.id(), Some(failure)),
        };
        let wakes = &self.wakes;
        self.running.retain(|lane, running| {
            let stays = *running != id;
            if !stays {
                wakes.end(lane);
            }
            stays
        });
        if let Some(failure) = &failure {
            error!(%failure, "A lane broke; it is begun anew with what is on disk.");
        }
        failure.is_some()
    }
}
