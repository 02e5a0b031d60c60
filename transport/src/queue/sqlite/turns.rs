//! Whose turn it is: what waits for the writer, and what goes into a commit.
//!
//! What lanes settle and what clients append share each commit. A lane that
//! empties a backlog settles as fast as it can, and a client must not wait for
//! all of that; nor may a flood of appends keep what is delivered from being
//! settled.

use std::collections::VecDeque;

use tokio::sync::mpsc::Receiver;

use super::command::Command;

/// A commit takes no more once it has this many rows: everybody in it waits
/// for all of it.
const ROWS_PER_COMMIT: usize = 4_000;

/// So many calls are looked through at once; the others wait in the channel.
const CALLS: usize = 1_024;

/// The calls that wait, each kind in its order.
#[derive(Default)]
pub(super) struct Turns {
    settling: VecDeque<Command>,
    others: VecDeque<Command>,
}

impl Turns {
    /// Waits for calls, and puts the next commit's into `group`: as many rows of
    /// either kind, and more of one where there are few of the other. Gives how
    /// many rows they are; `None` when nobody can call any more.
    pub(super) fn next(
        &mut self,
        commands: &mut Receiver<Command>,
        group: &mut Vec<Command>,
    ) -> Option<usize> {
        if self.len() == 0 {
            self.add(commands.blocking_recv()?);
        }
        while self.len() < CALLS
            && let Ok(command) = commands.try_recv()
        {
            self.add(command);
        }
        let mut rows = 0;
        while rows < ROWS_PER_COMMIT / 2
            && let Some(command) = self.others.pop_front()
        {
            rows += command.rows();
            group.push(command);
        }
        for kind in [&mut self.settling, &mut self.others] {
            while rows < ROWS_PER_COMMIT
                && let Some(command) = kind.pop_front()
            {
                rows += command.rows();
                group.push(command);
            }
        }
        Some(rows)
    }

    fn len(&self) -> usize {
        self.settling.len() + self.others.len()
    }

    fn add(&mut self, command: Command) {
        match command {
            Command::Settle(..) => self.settling.push_back(command),
            other => self.others.push_back(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::{mpsc, oneshot};

    use super::super::super::conversion::tests::conversion;
    use super::super::super::{Fate, Settlement};
    use super::*;

    fn append(rows: usize) -> Command {
        let conversions = (0..rows).map(|_| conversion(None, 7)).collect();
        Command::Append(conversions, oneshot::channel().0)
    }

    fn settle(rows: i64) -> Command {
        let settlement = |seq| Settlement {
            seq,
            fate: Fate::Delivered,
        };
        Command::Settle((0..rows).map(settlement).collect(), oneshot::channel().0)
    }

    /// The rows that each commit has of either kind, appends first.
    fn commits(calls: Vec<Command>) -> Vec<(usize, usize)> {
        let (sender, mut receiver) = mpsc::channel(10_000);
        for call in calls {
            sender.try_send(call).ok().unwrap();
        }
        drop(sender);
        let (mut turns, mut group, mut commits) = (Turns::default(), Vec::new(), Vec::new());
        while let Some(rows) = turns.next(&mut receiver, &mut group) {
            let mut of = (0, 0);
            for command in group.drain(..) {
                match &command {
                    Command::Settle(..) => of.1 += command.rows(),
                    _ => of.0 += command.rows(),
                }
            }
            assert_eq!(rows, of.0 + of.1);
            commits.push(of);
        }
        commits
    }

    #[test]
    fn neither_kind_waits_for_all_of_the_other() {
        let mut calls: Vec<_> = (0..10).map(|_| settle(1000)).collect();
        calls.push(append(1));
        assert_eq!(commits(calls)[0], (1, 4000), "the append is in the first");
        let mut calls: Vec<_> = (0..100).map(|_| append(100)).collect();
        calls.extend((0..3).map(|_| settle(1000)));
        assert_eq!(
            commits(calls),
            [(2000, 2000), (3000, 1000), (4000, 0), (1000, 0)]
        );
    }

    #[test]
    fn what_is_alone_fills_a_commit() {
        let calls = (0..9).map(|_| append(500)).collect();
        assert_eq!(commits(calls), [(4000, 0), (500, 0)]);
        assert_eq!(commits(vec![append(9000), append(1)]), [(9000, 0), (1, 0)]);
    }
}
