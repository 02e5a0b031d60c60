//! Whose turn it is: what waits for the writer, and what goes into a commit.
//!
//! What lanes acknowledge and what clients append share each commit. A lane that
//! empties a backlog acknowledges as fast as it can, and a client must not wait for
//! all of that; nor may a flood of appends keep what is delivered from being
//! acknowledged. And a client that brings one event must not wait for all of those
//! who bring ten thousand: each has a chunk in turn.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::sync::mpsc::Receiver;
use tokio::sync::mpsc::error::TryRecvError;

use super::command::{Command, CommandKind};
use crate::QueueError;

/// A commit takes no more once it has this many rows: everybody in it waits
/// for all of it.
pub(super) const ROWS_PER_COMMIT: usize = 2_000;

/// A parcel brings so many rows in its turn, or more where there is room for them.
const ROWS_PER_TURN: usize = 500;

/// So many in its first: one event must not wait for many who bring more.
const ROWS_AT_FIRST: usize = 100;

/// A parcel of so many rows is small: somebody waits for the answer to one event.
const SMALL: usize = 10;

/// A parcel of more than so many rows is bulk.
const BULK: usize = 500;

/// Where one came, others are expected for so long.
const LOOK_BACK: Duration = Duration::from_secs(1);

/// So many calls are looked through together; the others wait in the channel.
const CALLS: usize = 1_024;

/// The calls that wait, each kind in its order.
#[derive(Default)]
pub(super) struct CommitScheduler {
    /// What lanes ask for, in order: what a lane says later may rest on what it acknowledged.
    lanes: VecDeque<Command>,
    /// What nothing is stored of yet.
    new: VecDeque<Command>,
    /// Parcels of which a part is stored.
    begun: VecDeque<Command>,
    /// When a small parcel came last, and a large one.
    small: Option<Instant>,
    bulk: Option<Instant>,
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

impl CommitScheduler {
    /// Waits for calls, not longer than `patience`, and takes the next commit's, of
    /// about `rows` rows: as many of either kind, and more of one where there are few of
    /// the other. Where small parcels come beside bulk, it has `beside_small`: each of them
    /// waits for the commit that is under way, and for its own.
    pub(super) fn next(
        &mut self,
        commands: &mut Receiver<Command>,
        runtime: &Runtime,
        patience: Duration,
        (rows, beside_small): (usize, usize),
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
        let rows = if self.has_small_beside_bulk(Instant::now()) {
            rows.min(beside_small)
        } else {
            rows
        };
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

    /// Whether small parcels come, and bulk beside them.
    fn has_small_beside_bulk(&self, now: Instant) -> bool {
        let is_recent = |at: Option<Instant>| {
            at.is_some_and(|at| now.saturating_duration_since(at) < LOOK_BACK)
        };
        let acknowledged = || self.lanes.iter().map(Command::weight).sum::<usize>();
        is_recent(self.small)
            && (!self.begun.is_empty() || is_recent(self.bulk) || acknowledged() > BULK)
    }

    fn len(&self) -> usize {
        self.lanes.len() + self.new.len() + self.begun.len()
    }

    fn add(&mut self, command: Command) {
        if let CommandKind::Store(store) = &command.kind {
            match store.parcel.rows() {
                ..=SMALL => self.small = Some(command.since),
                rows if rows > BULK => self.bulk = Some(command.since),
                _ => {}
            }
        }
        match command.kind {
            CommandKind::Settle(..) | CommandKind::OfLane(_) => self.lanes.push_back(command),
            CommandKind::Store(_) | CommandKind::Other(_) => self.new.push_back(command),
        }
    }

    fn take(&mut self, rows: usize) -> Vec<Command> {
        let mut group = Vec::new();
        let mut taken = 0;
        let room = if self.lanes.is_empty() {
            rows
        } else {
            rows / 2
        };
        let share = room / (self.new.len() + self.begun.len()).max(1);
        let half = rows.div_ceil(2);
        let first = share.max(ROWS_AT_FIRST.min(half));
        let each = share.max(ROWS_PER_TURN.min(half));
        // Those that have something already leave room for the others, and take what
        // these leave.
        take(&mut self.new, &mut group, &mut taken, rows / 4, first);
        take(&mut self.begun, &mut group, &mut taken, rows / 2, each);
        take(&mut self.new, &mut group, &mut taken, rows / 2, first);
        take(&mut self.lanes, &mut group, &mut taken, rows, 0);
        take(&mut self.begun, &mut group, &mut taken, rows, each);
        take(&mut self.new, &mut group, &mut taken, rows, first);
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
        if let CommandKind::Store(store) = &mut command.kind {
            store.chunk = store.parcel.take(each);
            if store.parcel.is_taken_back() && store.chunk.weight == 0 {
                command.fail(QueueError::Requeued);
                continue;
            }
        }
        *taken += command.weight();
        group.push(command);
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::super::super::conversion::tests::conversion;
    use super::super::super::{Ack, Disposition, Parcel};
    use super::super::command::Store;
    use super::*;

    const ROWS: usize = ROWS_PER_COMMIT;

    fn command(kind: CommandKind) -> Command {
        let since = Instant::now();
        Command { since, kind }
    }

    fn parcel(rows: usize) -> Parcel {
        let conversions = (0..rows).map(|_| conversion(None, 7)).collect();
        Parcel::new(conversions, Vec::new())
    }

    fn store(rows: usize) -> Command {
        command(CommandKind::Store(Store::new(
            parcel(rows),
            oneshot::channel().0,
        )))
    }

    fn acknowledge(rows: i64) -> Command {
        let ack = |seq| Ack {
            seq,
            disposition: Disposition::Delivered,
        };
        let acks = (0..rows).map(ack).collect();
        command(CommandKind::Settle(acks, oneshot::channel().0))
    }

    fn turns(calls: impl IntoIterator<Item = Command>) -> CommitScheduler {
        let mut turns = CommitScheduler::default();
        calls.into_iter().for_each(|call| turns.add(call));
        turns
    }

    /// The rows of the next commit: those of each parcel, and those that are acknowledged.
    fn commit(turns: &mut CommitScheduler) -> (Vec<usize>, usize) {
        let (mut stored, mut acknowledged) = (Vec::new(), 0);
        for command in turns.take(ROWS) {
            match &command.kind {
                CommandKind::Store(store) => stored.push(store.chunk.conversions.len()),
                _ => acknowledged += command.weight(),
            }
            if let Some(command) = command.done() {
                turns.go_on(command);
            }
        }
        (stored, acknowledged)
    }

    #[test]
    fn neither_kind_waits_for_all_of_the_other() {
        let mut turns = turns((0..10).map(|_| acknowledge(1_000)).chain([store(1)]));
        assert_eq!(commit(&mut turns), (vec![1], 2_000));
        // Clients that bring all they can, all the time, and a lane.
        for _ in 0..20 {
            for _ in 0..4 {
                turns.add(store(10_000));
            }
            turns.add(acknowledge(500));
            let (stored, acknowledged) = commit(&mut turns);
            let stored: usize = stored.iter().sum();
            assert!(
                acknowledged >= 500 && stored >= ROWS / 4,
                "{stored}, {acknowledged}"
            );
            assert!(
                stored + acknowledged <= ROWS + 500,
                "{stored}, {acknowledged}"
            );
        }
    }

    #[test]
    fn one_event_is_in_the_next_commit_whatever_others_bring() {
        let mut turns = turns((0..8).map(|_| store(10_000)));
        for _ in 0..30 {
            turns.add(store(10_000));
            turns.add(store(1));
            let (stored, _) = commit(&mut turns);
            assert!(stored.contains(&1), "{stored:?}");
        }
    }

    #[test]
    fn beside_single_events_commits_are_short_and_still_shared() {
        let mut mixed = turns([store(10_000), acknowledge(50), acknowledge(50), store(1)]);
        let now = Instant::now();
        assert!(mixed.has_small_beside_bulk(now));
        let group = mixed.take(60);
        let acknowledged = group
            .iter()
            .filter(|one| matches!(one.kind, CommandKind::Settle(..)));
        assert_eq!(acknowledged.count(), 1, "a lane has its share");
        let rows: usize = group.iter().map(Command::weight).sum();
        assert!(rows <= 60 + 50, "{rows}");
        // Single events alone, and bulk alone, fill a commit.
        assert!(!mixed.has_small_beside_bulk(now + 2 * LOOK_BACK));
        let singles = turns((0..900).map(|_| store(1)));
        assert!(!singles.has_small_beside_bulk(now));
    }

    #[test]
    fn what_was_begun_is_ended_though_others_come_all_the_time() {
        let (reply, mut answer) = oneshot::channel();
        let large = command(CommandKind::Store(Store::new(parcel(10_000), reply)));
        let mut turns = turns([large]);
        let mut commits = 0;
        while answer.try_recv().is_err() {
            // As many clients as ever, each with its next one.
            while turns.len() < 20 {
                turns.add(store(800));
            }
            commit(&mut turns);
            commits += 1;
            assert!(commits < 500, "it never ends");
        }
    }

    #[test]
    fn what_is_alone_fills_a_commit() {
        let mut turns = turns([store(9_000)]);
        let mut stored = 0;
        let mut commits = 0;
        while turns.len() > 0 {
            stored += commit(&mut turns).0.iter().sum::<usize>();
            commits += 1;
        }
        assert_eq!(stored, 9_000);
        assert!(commits <= 6, "{commits}");
    }

    #[test]
    fn large_rows_count_for_more() {
        let mut large = conversion(None, 7);
        large.payload = vec![b'x'; 100 << 10].into();
        let parcel = Parcel::new(vec![large; 1_000], Vec::new());
        let (reply, _answer) = oneshot::channel();
        let mut turns = turns([command(CommandKind::Store(Store::new(parcel, reply)))]);
        let (stored, _) = commit(&mut turns);
        assert!(stored[0] <= ROWS / 50, "{stored:?}");
    }

    #[test]
    fn a_parcel_that_was_taken_back_takes_no_turn() {
        let (requeued, (reply, mut answer)) = (parcel(9_000), oneshot::channel());
        let whole = command(CommandKind::Store(Store::new(requeued.clone(), reply)));
        let mut turns = turns([whole, store(1)]);
        requeued.take_back();
        assert_eq!(commit(&mut turns), (vec![1], 0));
        assert!(matches!(answer.try_recv(), Ok(Err(QueueError::Requeued))));
    }

    #[test]
    fn what_a_lane_asks_for_keeps_its_order() {
        struct Nothing;
        impl super::super::command::Call for Nothing {
            fn run(&mut self, _: &mut super::super::work::Work<'_>) -> Result<(), QueueError> {
                Ok(())
            }
            fn answer(self: Box<Self>, _: Result<(), QueueError>) {}
            fn weight(&self) -> usize {
                0
            }
        }
        let acknowledged = (0..10).map(|_| acknowledge(1_000));
        let mut turns =
            turns(acknowledged.chain([command(CommandKind::OfLane(Box::new(Nothing)))]));
        let mut acknowledged = 0;
        while let group = turns.take(ROWS)
            && !group.is_empty()
        {
            for command in group {
                match command.kind {
                    CommandKind::OfLane(_) => assert_eq!(acknowledged, 10_000),
                    _ => acknowledged += command.weight(),
                }
            }
        }
        assert_eq!(acknowledged, 10_000);
    }
}
