//! The test codes that events bring along. Each is a lane of its own, so that there may be
//! a few in use and no more: a mapping that takes the code from a field of the events
//! would make a lane of each of its values.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use capi_transport::{LaneKey, Queue};
use tokio::time::Instant;

/// A code is in use for so long after an event had it, or while events with it wait.
const IN_USE: Duration = Duration::from_secs(60);

/// How often the queue is looked at for codes that are not in use any more, while there
/// are as many as there may be.
const LOOK: Duration = Duration::from_secs(1);

/// The test codes of events that are in use.
pub(crate) struct TestCodes {
    queue: Arc<dyn Queue>,
    destinations: Mutex<HashMap<Arc<str>, InUse>>,
}

#[derive(Default)]
struct InUse {
    /// The codes, with when an event had them last; `None` is before the start.
    codes: HashMap<Arc<str>, Option<Instant>>,
    looked: Option<Instant>,
}

impl TestCodes {
    /// The codes that wait in `queue` are in use.
    #[must_use]
    pub(crate) fn new(queue: Arc<dyn Queue>) -> Self {
        let mut destinations: HashMap<Arc<str>, InUse> = HashMap::new();
        for LaneKey {
            destination,
            test_event_code,
        } in queue.lanes().into_iter().map(|depth| depth.lane)
        {
            if let Some(code) = test_event_code {
                let in_use = destinations.entry(destination).or_default();
                in_use.codes.insert(code, None);
            }
        }
        Self {
            queue,
            destinations: Mutex::new(destinations),
        }
    }

    /// Whether an event may have the test code of `lane`, of which its destination may
    /// have `most` in use. Where it may, the code is in use from now on.
    pub(crate) fn admit(&self, lane: &LaneKey, most: usize) -> bool {
        let Some(code) = &lane.test_event_code else {
            return true;
        };
        let now = Instant::now();
        let mut destinations = self
            .destinations
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let in_use = destinations
            .entry(Arc::clone(&lane.destination))
            .or_default();
        if let Some(last) = in_use.codes.get_mut(code) {
            *last = Some(now);
            return true;
        }
        if in_use.codes.len() >= most && in_use.looked.is_none_or(|looked| now - looked >= LOOK) {
            in_use.looked = Some(now);
            let lanes = self.queue.lanes();
            in_use.codes.retain(|code, last| {
                let is_recent = last.is_some_and(|last| now - last < IN_USE);
                is_recent
                    || lanes.iter().any(|depth| {
                        depth.lane.destination == lane.destination
                            && depth.lane.test_event_code.as_ref() == Some(code)
                    })
            });
        }
        let has_room = in_use.codes.len() < most;
        if has_room {
            in_use.codes.insert(Arc::clone(code), Some(now));
        }
        has_room
    }
}

#[cfg(test)]
mod tests {
    use capi_transport::{SqliteOptions, SqliteQueue};
    use tempfile::TempDir;
    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_code_is_in_use_for_a_while_and_makes_room_then() {
        let folder = TempDir::new().unwrap();
        let queue = SqliteQueue::open(SqliteOptions::new(folder.path())).unwrap();
        let codes = TestCodes::new(Arc::new(queue));
        let lane = |code: &str| LaneKey::new("meta", Some(code));
        let admit = |code: &str| codes.admit(&lane(code), 2);
        assert!(admit("A") && admit("B") && !admit("C"));
        // Those of another destination are its own.
        assert!(codes.admit(&LaneKey::new("other", Some("C")), 2));
        assert!(codes.admit(&LaneKey::new("meta", None), 0));
        advance(IN_USE / 2).await;
        assert!(admit("B") && !admit("C"));
        advance(IN_USE / 2).await;
        assert!(admit("C") && !admit("A"), "B is in use still");
    }
}
