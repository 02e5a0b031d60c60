//! Who is woken: an append wakes the lanes that it fed, and no others.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::queue::LaneKey;

/// How each lane is woken, and the supervisor.
#[derive(Debug, Default)]
pub(super) struct Wakes {
    lanes: Mutex<HashMap<LaneKey, Arc<Notify>>>,
    supervisor: Notify,
}

impl Wakes {
    /// Rows came for these lanes. One that does not run yet is begun.
    pub(super) fn fed<'l>(&self, lanes: impl IntoIterator<Item = &'l LaneKey>) {
        let known = self.lock();
        for lane in lanes {
            match known.get(lane) {
                Some(wake) => wake.notify_one(),
                None => self.supervisor.notify_one(),
            }
        }
    }

    /// Wakes everybody.
    pub(super) fn all(&self) {
        self.lock().values().for_each(|wake| wake.notify_one());
        self.supervisor.notify_one();
    }

    /// A lane begins to run.
    pub(super) fn begin(&self, lane: &LaneKey) -> Arc<Notify> {
        let wake = Arc::default();
        self.lock().insert(lane.clone(), Arc::clone(&wake));
        wake
    }

    /// A lane runs no more.
    pub(super) fn end(&self, lane: &LaneKey) {
        self.lock().remove(lane);
    }

    /// Something is to be looked at by the supervisor.
    pub(super) async fn supervisor(&self) {
        self.supervisor.notified().await;
    }

    /// Nothing in here can be left half done by a panic.
    fn lock(&self) -> MutexGuard<'_, HashMap<LaneKey, Arc<Notify>>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
