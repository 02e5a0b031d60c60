//! What the writer does for the file, beside what it is asked for.

use tracing::{info, warn};

use super::super::super::QueueError;
use super::super::command::{Command, CommandKind};
use super::super::dedup_index::Forget;
use super::super::limits;
use super::super::vacuum::{self, Haste};
use super::Writer;

/// While the log holds more than it should of what the file has no room for, the disk must
/// have room for it so many times.
const LOG_MARGIN: u64 = 2;

impl Writer {
    /// Nobody asked for anything.
    pub(super) fn rest(&mut self) {
        self.look_after_room();
        self.rotate(&mut Vec::new());
        self.throw_away();
        self.expire_gone();
        if self.health.is_failing() {
            // Something small, so that the failure ends without a call that pays for it.
            let tiny = "UPDATE dead_size SET bytes = bytes";
            drop(self.transact(|work| Ok(work.connection.execute_batch(tiny)?)));
        } else if self.is_room_due() {
            self.give_room_back();
        }
    }

    fn haste(&self) -> Haste {
        if self.reserve.is_kept() {
            Haste::AtRest
        } else {
            Haste::DiskIsFull
        }
    }

    pub(super) fn is_room_due(&self) -> bool {
        self.size.is_due(self.haste())
    }

    fn give_room_back(&mut self) {
        let haste = self.haste();
        drop(self.transact(|work| vacuum::step(work.connection, haste)));
        if haste == Haste::DiskIsFull {
            self.end_log();
        } else {
            self.committed(0);
        }
    }

    /// On a disk that was full: gives room back, and keeps the reserve again as soon as
    /// there is room for it.
    pub(super) fn look_after_room(&mut self) {
        if self.reserve.is_kept() {
            return;
        }
        if self.reserve.keep() {
            self.health.refuse(None);
            self.full.over(self.options.clock.monotonic_ms());
            info!("The disk that holds the queue has room again: what comes is taken.");
        } else if self.is_room_due() {
            self.give_room_back();
        }
    }

    /// A day begins: its dedup entries have a table of their own.
    pub(super) fn rotate(&mut self, group: &mut Vec<Command>) {
        let now_ms = self.options.clock.now_ms();
        let monotonic_ms = self.options.clock.monotonic_ms();
        let forget = if self.doubt.is_in_doubt(now_ms, monotonic_ms) {
            Forget::Nothing
        } else {
            Forget::Old
        };
        let mut outcome = self.seen.rotate(&mut self.connection, now_ms, forget);
        if matches!(outcome, Err(QueueError::Full)) {
            self.make_room();
            outcome = self.seen.rotate(&mut self.connection, now_ms, forget);
        }
        let Err(error) = outcome else {
            self.not_rotated.over(monotonic_ms);
            return;
        };
        // The old tables go on serving; the next commit tries again.
        if let Some(reported) = self.not_rotated.met(monotonic_ms) {
            warn!(%error, ?reported, "The dedup entries of past deliveries could not be rotated.");
        }
        if !self.seen.is_current(now_ms) {
            // A dedup entry in an old table would be dropped too early.
            let is_settling =
                |command: &mut Command| matches!(command.kind, CommandKind::Settle(..));
            group
                .extract_if(.., is_settling)
                .for_each(|command| command.fail(error.clone()));
        }
    }

    /// Throws away what is kept no longer, in a transaction of its own.
    pub(super) fn throw_away(&mut self) {
        let now_ms = self.options.clock.now_ms();
        let monotonic_ms = self.options.clock.monotonic_ms();
        let is_in_doubt = self.doubt.is_in_doubt(now_ms, monotonic_ms);
        let limits = self.options.limits;
        let mut retention = self.retention;
        if !self.has_new_letters && !retention.is_due(limits, now_ms, is_in_doubt) {
            return;
        }
        let outcome = self.transact(|work| {
            work.effects.letters_removed +=
                retention.run(limits, work.connection, now_ms, is_in_doubt)?;
            Ok(())
        });
        if outcome.is_ok() {
            self.retention = retention;
            self.has_new_letters = false;
        }
    }

    /// A queue that holds as much as it may takes no more; what is in it goes on. Nor does
    /// one whose log has no place in the file any more: somebody reads it for long, on a
    /// disk that is nearly full.
    pub(super) fn refuse_appends(&self, group: &mut Vec<Command>) {
        let limits::QueueLimits { max_bytes, .. } = self.options.limits;
        let beyond = self.checkpoints.beyond_file(self.size);
        let error = if self.options.limits.is_reached(self.size) {
            QueueError::Limit { max_bytes }
        } else if beyond > self.reserve.for_the_log().beyond_file
            && !self.reserve.has_room_for(beyond.saturating_mul(LOG_MARGIN))
        {
            QueueError::Full
        } else {
            return;
        };
        group
            .extract_if(.., |command| command.is_append())
            .for_each(|command| command.fail(error.clone()));
    }

    /// Tells of a commit of so many rows, so that the log is copied.
    pub(super) fn committed(&mut self, rows: usize) {
        let most = self.reserve.for_the_log();
        let outcome = self
            .checkpoints
            .committed(&self.connection, self.size, rows, most);
        if matches!(outcome, Err(QueueError::Full)) && self.reserve.is_kept() {
            return self.make_room();
        }
        self.report_log(outcome);
    }

    pub(super) fn report_log(&mut self, outcome: Result<(), QueueError>) {
        let now_ms = self.options.clock.monotonic_ms();
        match outcome {
            Ok(()) => {
                if let Some(ended) = self.log_stays.over(now_ms) {
                    info!(times = ended.times, "The queue's log is begun anew again.");
                }
            }
            Err(error) => {
                if let Some(reported) = self.log_stays.met(now_ms) {
                    warn!(%error, ?reported, "The queue's log could not be begun anew; it is tried again.");
                }
            }
        }
    }

    pub(super) fn is_gone_due(&self) -> bool {
        self.destinations.is_some() && self.gone.is_due(self.options.clock.monotonic_ms())
    }

    /// What waits for destinations that are gone becomes as old as any.
    pub(super) fn expire_gone(&mut self) {
        if !self.is_gone_due() {
            return;
        }
        let now_ms = self.options.clock.now_ms();
        let monotonic_ms = self.options.clock.monotonic_ms();
        let is_in_doubt = self.doubt.is_in_doubt(now_ms, monotonic_ms);
        let Some(destinations) = &self.destinations else {
            return;
        };
        if is_in_doubt {
            // For as long as a jump takes to be confirmed.
            return self.gone.put_off(monotonic_ms);
        }
        self.gone.begin(&self.lanes, destinations, monotonic_ms);
        let mut gone = self.gone.clone();
        if !gone.is_under_way() {
            return;
        }
        if self.transact(|work| gone.step(work)).is_ok() {
            self.gone = gone;
        }
    }
}
