//! The embedded queue as a [`Queue`].

use std::sync::Arc;

use async_trait::async_trait;

use super::super::{
    Ack, Appended, Class, LaneBlock, LaneDepth, LaneKey, Lease, LeaseRequest, Leased, Parcel,
    Queue, QueueError, QueueStats, SetAside, Waiting, Window,
};
use super::command::{CommandKind as Asking, Store};
use super::{SqliteQueue, groups, lane_rows, lease, look, windows, writer_is_gone};

#[async_trait]
impl Queue for SqliteQueue {
    async fn store(&self, parcel: Parcel) -> Result<Vec<Appended>, QueueError> {
        if parcel.is_empty() && !parcel.is_taken_back() {
            return Ok(Vec::new());
        }
        self.send(|reply| Asking::Store(Store::new(parcel, reply)))
            .await
    }

    fn unavailable(&self) -> Option<QueueError> {
        let is_gone = |commands: &tokio::sync::mpsc::Sender<_>| commands.is_closed();
        if self.commands.as_ref().is_none_or(is_gone) {
            return Some(writer_is_gone());
        }
        self.health.unavailable()
    }

    async fn lease(&self, request: LeaseRequest) -> Result<Lease, QueueError> {
        let lanes = self.lanes.clone();
        look(&self.leases, move |leases| {
            lease::lease(leases, &lanes, &request)
        })
        .await
    }

    async fn release(&self, lane: &LaneKey) -> Result<(), QueueError> {
        let lane = lane.clone();
        self.ask_of_lane(0, move |work| {
            lane_rows::release(work, &lane);
            Ok(())
        })
        .await
    }

    async fn shift_deadlines(&self, lane: &LaneKey, back_ms: i64) -> Result<(), QueueError> {
        let lane = lane.clone();
        self.ask_of_lane(0, move |work| {
            lane_rows::shift_deadlines(work, &lane, back_ms)
        })
        .await
    }

    async fn store_lane_block(
        &self,
        lane: &LaneKey,
        lane_block: Option<LaneBlock>,
    ) -> Result<(), QueueError> {
        let lane = lane.clone();
        self.ask_of_lane(1, move |work| {
            lane_rows::store_lane_block(work, &lane, lane_block.as_ref())
        })
        .await
    }

    fn stored_lane_block(&self, lane: &LaneKey) -> Option<LaneBlock> {
        self.lanes.lane_block(lane)
    }

    fn set_aside(&self, lane: &LaneKey) -> Vec<SetAside> {
        self.lanes.set_aside(lane)
    }

    async fn keep_set_aside(&self, lane: &LaneKey, group: SetAside) -> Result<(), QueueError> {
        let lane = lane.clone();
        self.ask_of_lane(1, move |work| groups::keep(work, &lane, &group))
            .await
    }

    async fn free(&self, lane: &LaneKey, group: i64) -> Result<(), QueueError> {
        loop {
            let lane = lane.clone();
            let step = self.ask_of_lane(groups::FREED_AT_ONCE, move |work| {
                groups::free(work, &lane, group)
            });
            if step.await? {
                return Ok(());
            }
        }
    }

    async fn sample(
        &self,
        lane: &LaneKey,
        group: i64,
        place: u16,
    ) -> Result<Option<Leased>, QueueError> {
        let (lanes, lane) = (self.lanes.clone(), lane.clone());
        look(&self.leases, move |leases| {
            groups::sample(leases, &lanes, &lane, group, place)
        })
        .await
    }

    async fn aged(
        &self,
        lane: &LaneKey,
        group: i64,
        before: i64,
        max: usize,
    ) -> Result<Vec<i64>, QueueError> {
        let (lanes, lane) = (self.lanes.clone(), lane.clone());
        look(&self.leases, move |leases| {
            groups::aged(leases, &lanes, &lane, group, before, max)
        })
        .await
    }

    async fn keep_window(
        &self,
        lane: &LaneKey,
        class: Class,
        window: Option<Window>,
    ) -> Result<(), QueueError> {
        let lane = lane.clone();
        self.ask_of_lane(1, move |work| windows::keep(work, &lane, class, window))
            .await
    }

    async fn end_lane(&self, lane: &LaneKey) -> Result<bool, QueueError> {
        let lane = lane.clone();
        self.ask_of_lane(1, move |work| lane_rows::end(work, &lane))
            .await
    }

    async fn acknowledge(&self, acks: Arc<[Ack]>) -> Result<(), QueueError> {
        if acks.is_empty() {
            return Ok(());
        }
        self.send(|reply| Asking::Settle(acks, reply)).await
    }

    fn waiting(&self, lane: &LaneKey) -> Waiting {
        self.lanes.waiting(lane)
    }

    fn lanes(&self) -> Vec<LaneDepth> {
        self.lanes.depths()
    }

    fn stats(&self) -> QueueStats {
        self.lanes.stats()
    }
}
