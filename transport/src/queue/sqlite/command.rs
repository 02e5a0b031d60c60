//! What is asked of the writer, with where to send the answer.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::oneshot;

use super::super::{Ack, Appended, Parcel, QueueError};
use super::work::Work;
use super::{acknowledge, dead, duplicate};
use crate::queue::parcel::Chunk;

pub(super) type Reply<T> = oneshot::Sender<Result<T, QueueError>>;

/// Work for the writer, and since when it waits for its turn.
pub(super) struct Command {
    pub(super) since: Instant,
    pub(super) kind: CommandKind,
}

/// What is asked for.
pub(super) enum CommandKind {
    Store(Store),
    Settle(Arc<[Ack]>, Reply<()>),
    /// Whatever else, about a lane: not before what is acknowledged before it.
    OfLane(Box<dyn Call>),
    /// Whatever else.
    Other(Box<dyn Call>),
}

/// Something that is done as a whole.
pub(super) trait Call: Send {
    /// Does it in the transaction: once more where that was rolled back.
    fn run(&mut self, work: &mut Work<'_>) -> Result<(), QueueError>;

    /// Answers, once it is on disk, or is not.
    fn answer(self: Box<Self>, outcome: Result<(), QueueError>);

    /// How many rows it concerns, about.
    fn weight(&self) -> usize;
}

/// A function as a call.
pub(super) struct Asked<T, F> {
    pub(super) run: F,
    pub(super) found: Option<T>,
    pub(super) weight: usize,
    pub(super) reply: Reply<T>,
}

impl<T, F> Call for Asked<T, F>
where
    T: Send,
    F: FnMut(&mut Work<'_>) -> Result<T, QueueError> + Send,
{
    fn run(&mut self, work: &mut Work<'_>) -> Result<(), QueueError> {
        self.found = Some((self.run)(work)?);
        Ok(())
    }

    fn answer(self: Box<Self>, outcome: Result<(), QueueError>) {
        let Self { found, reply, .. } = *self;
        let found = outcome.and_then(|()| found.ok_or(QueueError::Closed));
        // A caller that is gone does not want to know.
        drop(reply.send(found));
    }

    fn weight(&self) -> usize {
        self.weight
    }
}

/// A parcel that is stored chunk by chunk: each caller waits for about as much as it
/// brought.
pub(super) struct Store {
    pub(super) parcel: Parcel,
    /// What goes into the next commit.
    pub(super) chunk: Chunk,
    /// The answers of the chunks before, and behind them of this one.
    appended: Vec<Appended>,
    /// How many are of the chunks before.
    stored: usize,
    reply: Reply<Vec<Appended>>,
}

impl Store {
    pub(super) fn new(parcel: Parcel, reply: Reply<Vec<Appended>>) -> Self {
        Self {
            parcel,
            chunk: Chunk::default(),
            appended: Vec::new(),
            stored: 0,
            reply,
        }
    }

    fn run(&mut self, work: &mut Work<'_>) -> Result<(), QueueError> {
        self.appended.truncate(self.stored);
        for conversion in &self.chunk.conversions {
            let mut appended = super::append::append(work, conversion)?;
            if appended == Appended::DifferingDuplicate && !duplicate::keep(work, conversion)? {
                appended = Appended::Duplicate;
            }
            self.appended.push(appended);
        }
        for rejected in &self.chunk.rejected {
            dead::dead_letter(work, rejected)?;
        }
        Ok(())
    }

    /// Gives itself back where there is more to store.
    fn stored(mut self) -> Option<Self> {
        self.chunk = Chunk::default();
        self.stored = self.appended.len();
        if !self.parcel.is_empty() {
            return Some(self);
        }
        let answer = if self.parcel.is_taken_back() {
            Err(QueueError::Requeued)
        } else {
            Ok(self.appended)
        };
        drop(self.reply.send(answer));
        None
    }
}

impl Command {
    /// How many rows it concerns in the next commit, about.
    pub(super) fn weight(&self) -> usize {
        match &self.kind {
            CommandKind::Store(store) => store.chunk.weight,
            CommandKind::Settle(acks, _) => acks.len(),
            CommandKind::OfLane(call) | CommandKind::Other(call) => call.weight(),
        }
    }

    pub(super) fn is_append(&self) -> bool {
        matches!(self.kind, CommandKind::Store(_))
    }

    pub(super) fn run(&mut self, work: &mut Work<'_>) -> Result<(), QueueError> {
        match &mut self.kind {
            CommandKind::Store(store) => store.run(work),
            CommandKind::Settle(acks, _) => acknowledge::run(work, acks),
            CommandKind::OfLane(call) | CommandKind::Other(call) => call.run(work),
        }
    }

    /// Answers what is on disk, or gives it back where there is more to do.
    pub(super) fn done(self) -> Option<Self> {
        match self.kind {
            CommandKind::Store(store) => store.stored().map(|store| Self {
                since: Instant::now(),
                kind: CommandKind::Store(store),
            }),
            CommandKind::Settle(_, reply) => {
                drop(reply.send(Ok(())));
                None
            }
            CommandKind::OfLane(call) | CommandKind::Other(call) => {
                call.answer(Ok(()));
                None
            }
        }
    }

    pub(super) fn fail(self, error: QueueError) {
        match self.kind {
            CommandKind::Store(store) => {
                store.parcel.take_back();
                drop(store.reply.send(Err(error)));
            }
            CommandKind::Settle(_, reply) => drop(reply.send(Err(error))),
            CommandKind::OfLane(call) | CommandKind::Other(call) => call.answer(Err(error)),
        }
    }
}
