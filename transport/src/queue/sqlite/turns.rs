//! Whose turn it is: what waits for the writer, and what goes into a commit.
//!
//! What lanes settle and what clients append share each commit. A lane that
//! empties a backlog settles as fast as it can, and a client must not wait for
//! all of that; nor may a flood of appends keep what is delivered from being
//! settled. And a client that brings one event must not wait for all of those
//! who bring ten thousand: each has a chunk in turn.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::sync::mpsc::Receiver;
use tokio::sync::mpsc::error::TryRecvError;

use super::command::{Command, Kind};
use crate::QueueError;

/// A commit takes no more once it has this many rows: everybody in it waits
/// for all of it.
pub(super) const ROWS_PER_COMMIT: usize = 4_000;

/// A parcel brings so many rows in its turn, or more where there is room for them.
const ROWS_PER_TURN: usize = 500;

/// So many calls are looked through at once; the others wait in the channel.
const CALLS: usize = 1_024;

/// The calls that wait, each kind in its order.
#[derive(Default)]
pub(super) struct Turns {
    /// What lanes ask for, in order: what a lane says later may rest on what it settled.
    lanes: VecDeque<Command>,
    /// What nothing is stored of yet.
    new: VecDeque<Command>,
    /// Parcels of which a part is stored.
    begun: VecDeque<Command>,
}

/// What is to be done next.
pub(super) enum Next {
    /// What goes into a commit.
    Commit(Vec<Command>),
    /// Nobody asked for anything.
    Rest,
    /// Nobody can ask any more.
    End,
}

impl Turns {
    /// Waits for calls, not longer than `patience`, and takes the next commit's, of
    /// about `rows` rows: as many of either kind, and more of one where there are few of
    /// the other.
    pub(super) fn next(
        &mut self,
        commands: &mut Receiver<Command>,
        runtime: &Runtime,
        patience: Duration,
        rows: usize,
    ) -> Next {
        let mut is_closed = false;
        while self.len() < CALLS {
            match commands.try_recv() {
                Ok(command) => self.add(command),
                Err(TryRecvError::Empty) if self.len() > 0 => break,
                Err(TryRecvError::Empty) => {
                    let waiting = async { tokio::time::timeout(patience, commands.recv()).await };
                    match runtime.block_on(waiting) {
                        Ok(Some(command)) => self.add(command),
                        Ok(None) => return Next::End,
                        Err(_) => return Next::Rest,
                    }
                }
                Err(TryRecvError::Disconnected) => {
                    is_closed = true;
                    break;
                }
            }
        }
        let group = self.take(rows);
        if group.is_empty() && is_closed {
            return Next::End;
        }
        Next::Commit(group)
    }

    /// Since when the call waits that waits longest.
    pub(super) fn oldest(&self) -> Option<Instant> {
        let first = [&self.lanes, &self.new, &self.begun].map(|waiting| waiting.front());
        first.into_iter().flatten().map(|call| call.since).min()
    }

    /// Has a call go on that is not done.
    pub(super) fn go_on(&mut self, command: Command) {
        self.begun.push_back(command);
    }

    fn len(&self) -> usize {
        self.lanes.len() + self.new.len() + self.begun.len()
    }

    fn add(&mut self, command: Command) {
        match command.kind {
            Kind::Settle(..) | Kind::OfLane(_) => self.lanes.push_back(command),
            Kind::Store(_) | Kind::Other(_) => self.new.push_back(command),
        }
    }

    fn take(&mut self, rows: usize) -> Vec<Command> {
        let mut group = Vec::new();
        let mut taken = 0;
        // Those that have something already leave room for the others, and take what
        // these leave.
        let parcels = self.new.len() + self.begun.len();
        let each = (rows / 2 / parcels.max(1)).max(ROWS_PER_TURN.min(rows));
        take(&mut self.new, &mut group, &mut taken, rows / 4, each);
        take(&mut self.begun, &mut group, &mut taken, rows / 2, each);
        take(&mut self.new, &mut group, &mut taken, rows / 2, each);
        take(&mut self.lanes, &mut group, &mut taken, rows, each);
        take(&mut self.begun, &mut group, &mut taken, rows, each);
        take(&mut self.new, &mut group, &mut taken, rows, each);
        group
    }
}

fn take(
    waiting: &mut VecDeque<Command>,
    group: &mut Vec<Command>,
    taken: &mut usize,
    up_to: usize,
    each: usize,
) {
    while *taken < up_to
        && let Some(mut command) = waiting.pop_front()
    {
        if let Kind::Store(store) = &mut command.kind {
            store.chunk = store.parcel.take(each);
            if store.parcel.is_taken_back() && store.chunk.weight == 0 {
                command.fail(QueueError::TakenBack);
                continue;
            }
        }
        *taken += command.weight();
        group.push(command);
    }
}
