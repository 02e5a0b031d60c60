//! A queue that does not do what a lane asks of it: told when it begins, once a minute
//! while it lasts, and when it ends, however often the lane asks meanwhile.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tracing::{info, warn};

use crate::queue::{LaneKey, QueueError};
use crate::{Clock, Condition, Told};

/// What a lane has to say of the queue.
#[derive(Clone)]
pub(super) struct Trouble {
    lane: LaneKey,
    clock: Arc<dyn Clock>,
    condition: Arc<Mutex<Condition>>,
}

impl Trouble {
    pub(super) fn new(lane: LaneKey, clock: Arc<dyn Clock>) -> Self {
        Self {
            lane,
            clock,
            condition: Arc::default(),
        }
    }

    /// The queue did it, or it did not; `what` could not be done then. Gives what it gave.
    pub(super) fn report<T>(&self, what: &str, done: Result<T, QueueError>) -> Option<T> {
        let now_ms = self.clock.now_ms();
        match done {
            Ok(done) => {
                if let Some(ended) = self.condition().over(now_ms) {
                    info!(
                        lane = %self.lane, times = ended.times, seconds = ended.ms / 1000,
                        "The queue does again what the lane asks of it."
                    );
                }
                Some(done)
            }
            Err(error) => {
                match self.condition().met(now_ms) {
                    Some(Told::Begins) => warn!(
                        lane = %self.lane, %error, "{what}; it is tried again. Nothing is lost."
                    ),
                    Some(Told::Lasts { times, ms }) => warn!(
                        lane = %self.lane, %error, times, seconds = ms / 1000,
                        "{what}, still; it is tried again. Nothing is lost."
                    ),
                    None => {}
                }
                None
            }
        }
    }

    fn condition(&self) -> MutexGuard<'_, Condition> {
        self.condition
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
