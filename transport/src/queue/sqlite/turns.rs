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
pub(super) const ROWS_PER_COMMIT: usize = 2_000;

/// A parcel brings so many rows in its turn, or more where there is room for them.
const ROWS_PER_TURN: usize = 500;

/// So many in its first: one event must not wait for many who bring more.
const ROWS_AT_FIRST: usize = 100;

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
        let room = if self.lanes.is_empty() {
            rows
        } else {
            rows / 2
        };
        let share = room / (self.new.len() + self.begun.len()).max(1);
        let (first, each) = (share.max(ROWS_AT_FIRST), share.max(ROWS_PER_TURN));
        // Those that have something already leave room for the others, and take what
        // these leave.
        take(&mut self.new, &mut group, &mut taken, rows / 4, first);
        // Who brings little waits for little.
        let is_small = |command: &Command| match &command.kind {
            Kind::Store(store) => store.chunk.weight <= ROWS_AT_FIRST && store.parcel.is_empty(),
            _ => false,
        };
        let rows = if group.iter().any(is_small) {
            rows / 2
        } else {
            rows
        };
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

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::super::super::conversion::tests::conversion;
    use super::super::super::{Fate, Parcel, Settlement};
    use super::super::command::Store;
    use super::*;

    const ROWS: usize = ROWS_PER_COMMIT;

    fn command(kind: Kind) -> Command {
        let since = Instant::now();
        Command { since, kind }
    }

    fn parcel(rows: usize) -> Parcel {
        let conversions = (0..rows).map(|_| conversion(None, 7)).collect();
        Parcel::new(conversions, Vec::new())
    }

    fn store(rows: usize) -> Command {
        command(Kind::Store(Store::new(parcel(rows), oneshot::channel().0)))
    }

    fn settle(rows: i64) -> Command {
        let settlement = |seq| Settlement {
            seq,
            fate: Fate::Delivered,
        };
        let settlements = (0..rows).map(settlement).collect();
        command(Kind::Settle(settlements, oneshot::channel().0))
    }

    fn turns(calls: impl IntoIterator<Item = Command>) -> Turns {
        let mut turns = Turns::default();
        calls.into_iter().for_each(|call| turns.add(call));
        turns
    }

    /// The rows of the next commit: those of each parcel, and those that are settled.
    fn commit(turns: &mut Turns) -> (Vec<usize>, usize) {
        let (mut stored, mut settled) = (Vec::new(), 0);
        for command in turns.take(ROWS) {
            match &command.kind {
                Kind::Store(store) => stored.push(store.chunk.conversions.len()),
                _ => settled += command.weight(),
            }
            if let Some(command) = command.done() {
                turns.go_on(command);
            }
        }
        (stored, settled)
    }

    #[test]
    fn neither_kind_waits_for_all_of_the_other() {
        let mut turns = turns((0..10).map(|_| settle(1_000)).chain([store(1)]));
        assert_eq!(commit(&mut turns), (vec![1], 1_000));
        // Clients that bring all they can, all the time, and a lane.
        for _ in 0..20 {
            for _ in 0..4 {
                turns.add(store(10_000));
            }
            turns.add(settle(500));
            let (stored, settled) = commit(&mut turns);
            let stored: usize = stored.iter().sum();
            assert!(settled >= 500 && stored >= ROWS / 4, "{stored}, {settled}");
            assert!(stored + settled <= ROWS + 500, "{stored}, {settled}");
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
    fn what_was_begun_is_ended_though_others_come_all_the_time() {
        let (reply, mut answer) = oneshot::channel();
        let large = command(Kind::Store(Store::new(parcel(10_000), reply)));
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
        let mut turns = turns([command(Kind::Store(Store::new(parcel, reply)))]);
        let (stored, _) = commit(&mut turns);
        assert!(stored[0] <= ROWS / 50, "{stored:?}");
    }

    #[test]
    fn a_parcel_that_was_taken_back_takes_no_turn() {
        let (taken_back, (reply, mut answer)) = (parcel(9_000), oneshot::channel());
        let whole = command(Kind::Store(Store::new(taken_back.clone(), reply)));
        let mut turns = turns([whole, store(1)]);
        taken_back.take_back();
        assert_eq!(commit(&mut turns), (vec![1], 0));
        assert!(matches!(answer.try_recv(), Ok(Err(QueueError::TakenBack))));
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
        let settled = (0..10).map(|_| settle(1_000));
        let mut turns = turns(settled.chain([command(Kind::OfLane(Box::new(Nothing)))]));
        let mut settled = 0;
        while let group = turns.take(ROWS)
            && !group.is_empty()
        {
            for command in group {
                match command.kind {
                    Kind::OfLane(_) => assert_eq!(settled, 10_000),
                    _ => settled += command.weight(),
                }
            }
        }
        assert_eq!(settled, 10_000);
    }
}
