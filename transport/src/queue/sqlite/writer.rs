//! The one thread that writes. While it waits for the disk, work piles up in
//! front of it and becomes the next commit: the sync in progress is the window
//! of group commit, and no timer is needed.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::mpsc;
use tracing::warn;

use super::super::{Appended, QueueError, Replaced, Retried};
use super::adopt;
use super::append::Append;
use super::checkpoint::Checkpoints;
use super::command::Command;
use super::dead::{self, Pass};
use super::effects::Effects;
use super::lane_rows;
use super::lanes::Lanes;
use super::limits::{Limits, Retention};
use super::seen::{Forget, Seen};
use super::settle::Settle;
use super::turns::Turns;
use crate::Clock;
use crate::clock_doubt::ClockDoubt;

/// What a command of a group gets for an answer, in order.
enum Answer {
    Appended(Vec<Appended>),
    Replaced(Vec<Replaced>),
    Retried(Pass<Retried>),
    Purged(Pass<u64>),
}

/// The thread's state. The fields are dropped in order: the lock goes last.
pub(super) struct Writer {
    connection: Connection,
    checkpoints: Checkpoints,
    lanes: Lanes,
    seen: Seen,
    next_seq: i64,
    clock: Arc<dyn Clock>,
    doubt: ClockDoubt,
    limits: Limits,
    retention: Retention,
    _lock: File,
}

impl Writer {
    pub(super) fn new(
        mut connection: Connection,
        file: &Path,
        clock: Arc<dyn Clock>,
        limits: Limits,
        lock: File,
    ) -> Result<Self, QueueError> {
        let mut seen = Seen::load(&connection, limits.dedup_days)?;
        let now_ms = clock.now_ms();
        let mut doubt = ClockDoubt::default();
        doubt.is_in_doubt(now_ms, clock.monotonic_ms());
        seen.rotate(&mut connection, now_ms, Forget::Old)?;
        let next_seq = connection.query_row(
            "SELECT 1 + max(coalesce((SELECT max(seq) FROM queued), 0),
                            coalesce((SELECT max(seq) FROM dead), 0))",
            [],
            |row| row.get(0),
        )?;
        Ok(Self {
            lanes: Lanes::load(&connection)?,
            connection,
            checkpoints: Checkpoints::start(file)?,
            seen,
            next_seq,
            clock,
            doubt,
            limits,
            retention: Retention::default(),
            _lock: lock,
        })
    }

    pub(super) const fn lanes(&self) -> &Lanes {
        &self.lanes
    }

    /// Works until nobody can send work any more.
    pub(super) fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        let (mut turns, mut group) = (Turns::default(), Vec::new());
        while let Some(rows) = turns.next(&mut commands, &mut group) {
            self.group(&mut group, rows);
        }
    }

    fn group(&mut self, group: &mut Vec<Command>, rows: usize) {
        let now_ms = self.clock.now_ms();
        let is_in_doubt = self.doubt.is_in_doubt(now_ms, self.clock.monotonic_ms());
        let forget = if is_in_doubt {
            Forget::Nothing
        } else {
            Forget::Old
        };
        if let Err(error) = self.seen.rotate(&mut self.connection, now_ms, forget) {
            // The old tables go on serving; the next commit tries again.
            warn!(%error, "The marks of past deliveries could not be rotated.");
            if !self.seen.is_current(now_ms) {
                // A mark in an old table would be dropped too early.
                let is_settling = |command: &mut Command| matches!(command, Command::Settle(..));
                group
                    .extract_if(.., is_settling)
                    .for_each(|command| command.fail(&error));
            }
        }
        self.refuse_beyond_limit(group);
        let mut effects = Effects::default();
        match self.commit(group, now_ms, is_in_doubt, &mut effects) {
            Ok(answers) => {
                for (lane, id) in &effects.new_lanes {
                    self.lanes.add(*id, lane.clone());
                }
                self.lanes.committed(&effects);
                self.answer(group, answers);
                self.checkpoints.committed(&self.connection, rows);
            }
            Err(error) => {
                warn!(%error, "A commit to the queue failed; nothing of it was acknowledged.");
                group.drain(..).for_each(|command| command.fail(&error));
            }
        }
    }

    /// A queue that holds as much as it may takes no more; what is in it goes on.
    fn refuse_beyond_limit(&self, group: &mut Vec<Command>) {
        if !self.limits.is_reached(&self.connection).unwrap_or(false) {
            return;
        }
        let is_append =
            |command: &mut Command| matches!(command, Command::Append(..) | Command::Bury(..));
        let error = QueueError::Limit {
            max_bytes: self.limits.max_bytes,
        };
        group
            .extract_if(.., is_append)
            .for_each(|command| command.fail(&error));
    }

    /// One transaction for all of the group. An error rolls it back and leaves
    /// the connection as it was: once the disk has room again, the next commit
    /// succeeds.
    fn commit(
        &mut self,
        group: &[Command],
        now_ms: i64,
        is_in_doubt: bool,
        effects: &mut Effects,
    ) -> Result<Vec<Answer>, QueueError> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let settle = Settle {
            connection: &transaction,
            now_ms,
        };
        effects.letters_removed +=
            self.retention
                .run(self.limits, &transaction, now_ms, is_in_doubt)?;
        let had_letters = self.lanes.has_dead();
        let mut answers = Vec::new();
        for command in group {
            let mut append = Append {
                connection: &transaction,
                lanes: &self.lanes,
                next_seq: &mut self.next_seq,
                now_ms,
                has_letters: had_letters || effects.buried > 0,
            };
            match command {
                Command::Append(conversions, _) => {
                    let appended = append.run(conversions, &self.seen, effects)?;
                    answers.push(Answer::Appended(appended));
                }
                Command::Bury(rejected, _) => {
                    dead::bury(&mut append, rejected, &self.seen, effects)?;
                }
                Command::Replace(repaired, _) => {
                    let replaced = dead::replace(&mut append, repaired, &self.seen, effects)?;
                    answers.push(Answer::Replaced(replaced));
                }
                Command::Retry(wanted, window, _) => {
                    let retried = dead::retry(
                        &transaction,
                        wanted,
                        *window,
                        now_ms,
                        &mut self.next_seq,
                        &self.seen,
                        effects,
                    )?;
                    answers.push(Answer::Retried(retried));
                }
                Command::Purge(filter, window, _) => {
                    let purged = dead::purge(&transaction, filter, *window, effects)?;
                    answers.push(Answer::Purged(purged));
                }
                Command::Settle(settlements, _) => {
                    settle.run(settlements, &mut self.seen, effects)?;
                }
                Command::Rebase(lane, back_ms, _) => {
                    if let Some(lane) = self.lanes.id(lane) {
                        lane_rows::rebase(&transaction, lane, *back_ms)?;
                    }
                }
                Command::KeepHalt(lane, halt, _) => {
                    if let Some(lane) = self.lanes.id(lane) {
                        lane_rows::keep_halt(&transaction, lane, halt.as_ref())?;
                    }
                }
                Command::Adopt(datasets, _) => {
                    adopt::run(&transaction, datasets, &self.seen, effects)?;
                }
                Command::Release(..) => {}
                #[cfg(test)]
                Command::LimitPages(..) => {}
            }
        }
        transaction.commit()?;
        Ok(answers)
    }

    fn answer(&self, group: &mut Vec<Command>, answers: Vec<Answer>) {
        let mut answers = answers.into_iter();
        for command in group.drain(..) {
            match command {
                Command::Append(_, reply) => {
                    let appended = match answers.next() {
                        Some(Answer::Appended(appended)) => appended,
                        _ => Vec::new(),
                    };
                    drop(reply.send(Ok(appended)));
                }
                Command::Retry(_, _, reply) => {
                    let retried = match answers.next() {
                        Some(Answer::Retried(retried)) => retried,
                        _ => Pass::default(),
                    };
                    drop(reply.send(Ok(retried)));
                }
                Command::Purge(_, _, reply) => {
                    let purged = match answers.next() {
                        Some(Answer::Purged(purged)) => purged,
                        _ => Pass::default(),
                    };
                    drop(reply.send(Ok(purged)));
                }
                Command::Replace(_, reply) => {
                    let replaced = match answers.next() {
                        Some(Answer::Replaced(replaced)) => replaced,
                        _ => Vec::new(),
                    };
                    drop(reply.send(Ok(replaced)));
                }
                Command::Bury(_, reply)
                | Command::Settle(_, reply)
                | Command::Rebase(_, _, reply)
                | Command::Adopt(_, reply) => drop(reply.send(Ok(()))),
                Command::KeepHalt(lane, halt, reply) => {
                    if let Some(lane) = self.lanes.id(&lane) {
                        self.lanes.set_halt(lane, halt);
                    }
                    drop(reply.send(Ok(())));
                }
                Command::Release(lane, reply) => {
                    drop(reply.send(self.lanes.release(&self.connection, &lane)));
                }
                #[cfg(test)]
                Command::LimitPages(pages, reply) => {
                    let limited = self.connection.pragma_update_and_check(
                        None,
                        "max_page_count",
                        pages,
                        |_| Ok(()),
                    );
                    drop(reply.send(limited.map_err(Into::into)));
                }
            }
        }
    }
}
