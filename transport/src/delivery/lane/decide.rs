//! What to do next.

use super::{Lane, Step};
use crate::delivery::batch::Part;
use crate::delivery::send_permit::SendPermit;
use crate::queue::{Ack, Class, Disposition, LaneBlock, Waiting, Window};

/// A clock that is set right by less than this need not concern the queue.
const LEAST_BACK_MS: i64 = 1_000;

/// A wait shorter than this need not survive a restart.
const SHORT_HALT_MS: i64 = 5_000;

impl Lane {
    /// What to do next. To be asked again until it says to wait.
    pub(in crate::delivery) fn next(&mut self, now_ms: i64, waiting: Waiting) -> Step {
        match self.step(now_ms, waiting) {
            Step::Wait(until) => self.close_window(now_ms, until),
            step => step,
        }
    }

    fn step(&mut self, now_ms: i64, waiting: Waiting) -> Step {
        self.watch_clock(now_ms);
        if let Some(notice) = self.notices.pop_front() {
            return Step::Tell(notice);
        }
        if let Some(lane_block) = self.changed_halt(now_ms) {
            return Step::KeepHalt(lane_block);
        }
        if self.back_ms > LEAST_BACK_MS {
            return Step::Rebase(std::mem::take(&mut self.back_ms));
        }
        if let Some(group) = self.asides.to_keep() {
            return Step::KeepSetAside(group);
        }
        let back = self.streaks.take_back();
        self.acks.extend(back.into_iter().map(|seq| Ack {
            seq,
            disposition: Disposition::Requeued,
        }));
        if !self.acks.is_empty() {
            return self.acknowledge();
        }
        // Nobody fixes a token while capi stops.
        if self.closing || (self.draining && self.pace.parked_for().is_some()) {
            return Step::Wait(None);
        }
        let allowance = self.pace.allowance(now_ms, self.limits.max_in_flight);
        let enough = match allowance {
            SendPermit::Until(at) => {
                // What has grown too old does not wait for that.
                let step = self.group_step(now_ms, false);
                return step.unwrap_or(Step::Wait(Some(at)));
            }
            SendPermit::Probe if self.idle() => {
                self.probing = Some(self.pace.epoch());
                return Step::Probe;
            }
            SendPermit::Probe => return Step::Wait(None),
            // A Meta that answers faster than the disk writes must not fill the
            // memory with what is to be acknowledged.
            SendPermit::Requests(limit) => self.in_flight.len().max(self.acknowledging) >= limit,
            SendPermit::One => !self.idle(),
        };
        let may_sample = !enough && allowance != SendPermit::One && self.parts.is_empty();
        if let Some(step) = self
            .group_step(now_ms, may_sample)
            .or_else(|| self.lease_step(now_ms, waiting))
        {
            return step;
        }
        if enough {
            return Step::Wait(None);
        }
        let max = if allowance == SendPermit::One {
            1
        } else {
            self.limits.batch_size
        };
        if let Some(part) = self.next_to_send(now_ms, max) {
            return self.send_or_write_down(now_ms, part);
        }
        if !self.acks.is_empty() {
            return self.acknowledge();
        }
        Step::Wait(self.wake_ms(waiting))
    }

    /// Why the lane does not send, if that is not what is kept. A short wait is
    /// over before it is worth a commit.
    fn changed_halt(&mut self, now_ms: i64) -> Option<Option<LaneBlock>> {
        let lane_block = self.pace.lane_block(now_ms);
        let is_same = match (&lane_block, &self.stored_lane_block) {
            (
                Some(LaneBlock::Parked { refusal: now }),
                Some(LaneBlock::Parked { refusal: kept }),
            ) => now.error() == kept.error(),
            (Some(LaneBlock::Throttled { until_ms }), None) => {
                until_ms.saturating_sub(now_ms) < SHORT_HALT_MS
            }
            (now, kept) => now == kept,
        };
        if is_same {
            return None;
        }
        self.stored_lane_block.clone_from(&lane_block);
        Some(lane_block)
    }

    /// What is sent now. Parts of refused batches and the shelves take turns: what is
    /// good must not wait until all that is bad before it is found.
    fn next_to_send(&mut self, now_ms: i64, max: usize) -> Option<Part> {
        if let Some(part) = self.next_part.take() {
            return Some(part);
        }
        self.is_parts_turn = !self.is_parts_turn;
        if self.is_parts_turn {
            self.shelf_part(now_ms, max)
                .or_else(|| self.parts.pop_front())
        } else {
            let part = self.parts.pop_front();
            part.or_else(|| self.shelf_part(now_ms, max))
        }
    }

    /// Nothing is sent before it is on disk that it may be.
    fn send_or_write_down(&mut self, now_ms: i64, part: Part) -> Step {
        let rows = part.rows.iter();
        let last = rows.map(|row| row.seq).max().unwrap_or_default();
        if self.windows.covers(part.class, last) {
            return Step::Send(self.send(now_ms, part));
        }
        // With what comes next, so that not every request waits for a commit.
        let ahead = self
            .limits
            .batch_size
            .saturating_mul(self.limits.max_in_flight);
        let window = Window {
            up_to: last.saturating_add(i64::try_from(ahead).unwrap_or(i64::MAX)),
            since_ms: now_ms,
        };
        let class = part.class;
        self.next_part = Some(part);
        Step::KeepWindow(class, Some(window))
    }

    /// What is on disk of a window now.
    pub(in crate::delivery) fn kept_window(&mut self, class: Class, window: Option<Window>) {
        self.windows.keep(class, window);
    }

    /// Once nothing is under way, what waits in the queue was not sent.
    fn close_window(&mut self, now_ms: i64, until: Option<i64>) -> Step {
        let rests = self.in_flight.is_empty()
            && self.next_part.is_none()
            && self.acks.is_empty()
            && self.acknowledging == 0;
        let is_active = self.pace.is_active() && !self.closing;
        let closes = self.windows.closes(now_ms, is_active);
        match closes.filter(|_| rests) {
            Some((class, at)) if at <= now_ms => Step::KeepWindow(class, None),
            Some((_, at)) => Step::Wait(Some(until.map_or(at, |until| until.min(at)))),
            None => Step::Wait(until),
        }
    }

    fn acknowledge(&mut self) -> Step {
        self.acknowledging += 1;
        Step::Settle(std::mem::take(&mut self.acks))
    }
}
