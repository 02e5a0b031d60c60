//! The one thread that writes. While it waits for the disk, work piles up in
//! front of it and becomes the next commit: the sync in progress is the window
//! of group commit, and no timer is needed.

mod rest;
mod transact;

use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;
use tokio::runtime::Builder;
use tokio::sync::mpsc;
use tracing::{error, warn};

use super::super::{Ack, QueueError};
use super::acknowledge;
use super::checkpoint::{self, Checkpoints};
use super::command::{Command, CommandKind};
use super::commit_pace::CommitPace;
use super::commit_scheduler::{CommitScheduler, Next as Turn};
use super::dedup_index::{DedupIndex, Forget};
use super::gone::Gone;
use super::health::Health;
use super::lanes::Lanes;
use super::limits::Retention;
use super::options::SqliteOptions;
use super::reserve::{self, Reserve};
use super::size::Size;
use super::work::Next;
use crate::clock_doubt::ClockDoubt;
use crate::condition::Condition;

/// The thread's state. The fields are dropped in order: the lock goes last.
pub(super) struct Writer {
    connection: Connection,
    checkpoints: Checkpoints,
    file: PathBuf,
    lanes: Lanes,
    seen: DedupIndex,
    next: Next,
    /// As of the last commit.
    size: Size,
    /// Whether dead letters came since they were last counted for being too many.
    has_new_letters: bool,
    turns: CommitScheduler,
    pace: CommitPace,
    /// What the last commit took, writing and syncing.
    took: (Duration, Duration),
    options: SqliteOptions,
    doubt: ClockDoubt,
    retention: Retention,
    gone: Gone,
    /// All destinations, once they were told.
    destinations: Option<HashSet<String>>,
    reserve: Reserve,
    health: Health,
    failing: Condition,
    not_rotated: Condition,
    log_stays: Condition,
    full: Condition,
    _lock: File,
}

impl Writer {
    pub(super) fn new(
        mut connection: Connection,
        file: &Path,
        options: SqliteOptions,
        lock: File,
    ) -> Result<Self, QueueError> {
        let clock = &options.clock;
        let now_ms = clock.now_ms();
        let mut doubt = ClockDoubt::default();
        doubt.is_in_doubt(now_ms, clock.monotonic_ms());
        let mut seen = DedupIndex::load(&connection, options.limits.dedup_days)?;
        seen.rotate(&mut connection, now_ms, Forget::Old)?;
        let reserve = Reserve::of(&options.folder, options.reserve);
        let mut writer = Self {
            lanes: Lanes::load(&connection)?,
            next: Next::load(&connection)?,
            size: Size::read(&connection)?,
            has_new_letters: true,
            connection,
            checkpoints: Checkpoints::start(file)?,
            file: file.to_owned(),
            seen,
            turns: CommitScheduler::default(),
            pace: CommitPace::default(),
            took: (Duration::ZERO, Duration::ZERO),
            options,
            doubt,
            retention: Retention::default(),
            gone: Gone::default(),
            destinations: None,
            reserve,
            health: Health::new(file.to_owned()),
            failing: Condition::default(),
            not_rotated: Condition::default(),
            log_stays: Condition::default(),
            full: Condition::default(),
            _lock: lock,
        };
        // What it grew to for once is given back.
        let kept = writer.reserve.for_an_empty_log();
        writer
            .connection
            .pragma_update(None, "journal_size_limit", kept)?;
        if !writer.reserve.keep() {
            writer.make_room();
        }
        Ok(writer)
    }

    pub(super) const fn lanes(&self) -> &Lanes {
        &self.lanes
    }

    pub(super) const fn health(&self) -> &Health {
        &self.health
    }

    /// Works until nobody can send work any more.
    pub(super) fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        // Of this thread: a runtime must not be dropped where another one is at work.
        let runtime = match Builder::new_current_thread().enable_time().build() {
            Ok(runtime) => runtime,
            Err(error) => {
                error!(%error, "The thread that writes to the queue cannot begin.");
                return;
            }
        };
        loop {
            let patience = self.patience();
            let rows = (
                self.reserve.rows_per_commit(),
                self.pace.rows_beside_small(),
            );
            let turn = self.turns.next(&mut commands, &runtime, patience, rows);
            self.health.at_work(true, self.turns.oldest());
            match turn {
                Turn::Commit(group) => self.group(group),
                Turn::Rest => self.rest(),
                Turn::End => return,
            }
            self.health.at_work(false, self.turns.oldest());
        }
    }

    /// How long it waits for calls before it looks after the file.
    fn patience(&self) -> Duration {
        let is_full = !self.reserve.is_kept();
        let ms = if self.health.is_failing() {
            500
        } else if self.is_room_due() {
            if is_full { 5 } else { 50 }
        } else if self.is_gone_due() {
            50
        } else if is_full {
            500
        } else {
            60_000
        };
        Duration::from_millis(ms)
    }

    fn group(&mut self, mut group: Vec<Command>) {
        self.look_after_room();
        self.rotate(&mut group);
        self.throw_away();
        self.expire_gone();
        self.refuse_appends(&mut group);
        let rows: usize = group.iter().map(Command::weight).sum();
        if !self.reserve.is_kept() {
            return group.into_iter().for_each(|command| self.alone(command));
        }
        let mut outcome = self.try_all(&mut group);
        if matches!(outcome, Err(QueueError::Full)) && self.end_log() {
            // The log may have taken what was left.
            outcome = self.try_all(&mut group);
        }
        match outcome {
            Ok(()) => {
                let (writing, syncing) = self.took;
                self.pace.took(rows, writing, syncing);
                group.into_iter().for_each(|command| self.done(command));
            }
            // The cause is none of them, and trying each would take as long each time.
            Err(QueueError::Busy) => {
                for command in group {
                    command.fail(QueueError::Busy);
                }
            }
            Err(error) => {
                if matches!(error, QueueError::Full) {
                    self.make_room();
                } else if group.len() == 1 {
                    return group.into_iter().for_each(|one| one.fail(error.clone()));
                }
                // One of them may be at fault: nobody else's is rolled back for that.
                group.into_iter().for_each(|command| self.alone(command));
            }
        }
        self.committed(rows);
    }

    fn try_all(&mut self, group: &mut [Command]) -> Result<(), QueueError> {
        self.transact(|work| group.iter_mut().try_for_each(|one| one.run(work)))
    }

    fn done(&mut self, command: Command) {
        if let Some(command) = command.done() {
            self.turns.go_on(command);
        }
    }

    /// Does what is asked for in a transaction of its own.
    fn alone(&mut self, mut command: Command) {
        let is_full = !self.reserve.is_kept();
        let outcome = match &mut command.kind {
            CommandKind::Store(_) if is_full => Err(QueueError::Full),
            CommandKind::Settle(acks, _) if is_full => {
                let acks = Arc::clone(acks);
                self.settle_on_full_disk(&acks)
            }
            _ => self.transact(|work| command.run(work)),
        };
        match outcome {
            Ok(()) => self.done(command),
            Err(error) => command.fail(error),
        }
        if is_full {
            self.end_log();
        }
    }

    /// In parts that the reserve has room for, each with a log of its own. What is
    /// acknowledged is acknowledged, even if a later part fails: it may be acknowledged again.
    fn settle_on_full_disk(&mut self, acks: &[Ack]) -> Result<(), QueueError> {
        let mut at_once = self.reserve.settled_at_once();
        let mut left = acks;
        while !left.is_empty() {
            let (now, later) = left.split_at(at_once.min(left.len()));
            let outcome = self.transact(|work| acknowledge::run(work, now));
            self.end_log();
            match outcome {
                Ok(()) => {
                    left = later;
                    // It may have been spent before.
                    self.health.refuse(Some(QueueError::Full));
                }
                Err(QueueError::Full) if at_once > 1 => at_once /= 2,
                Err(error) => {
                    let error = reserve::spent(&self.file, error);
                    self.health.refuse(Some(error.clone()));
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// The disk is full: what was kept back is for what is in the queue.
    fn make_room(&mut self) {
        self.reserve.give_up();
        self.health.refuse(Some(QueueError::Full));
        if self.full.met(self.options.clock.monotonic_ms()).is_some() {
            warn!(
                wanted = self.reserve.wanted(),
                "The disk that holds the queue is full: nothing is taken until so many bytes \
                 are free. What was taken is sent; the reserve is given up for that."
            );
        }
        self.end_log();
    }

    /// Ends the log, so that the next commit begins it anew. Says whether it could.
    fn end_log(&mut self) -> bool {
        let outcome = checkpoint::end_log(&self.connection);
        let is_ended = outcome.is_ok();
        self.report_log(outcome);
        is_ended
    }
}
