//! What is asked of the writer, with where to send the answer.

use std::sync::Arc;

use tokio::sync::oneshot;

use super::super::{
    Appended, Conversion, DeadFilter, Halt, LaneKey, QueueError, RejectedConversion, Replaced,
    Retried, Settlement,
};
use super::dead::{self, Pass, Wanted, Window};

/// Work for the writer.
pub(super) enum Command {
    Append(Vec<Conversion>, Reply<Vec<Appended>>),
    Bury(Vec<RejectedConversion>, Reply<()>),
    Settle(Arc<[Settlement]>, Reply<()>),
    Release(LaneKey, Reply<()>),
    /// The clock was put back by so many milliseconds.
    Rebase(LaneKey, i64, Reply<()>),
    /// Why a lane does not send.
    KeepHalt(LaneKey, Option<Halt>, Reply<()>),
    /// All destinations, each with the dataset that it has.
    Adopt(Vec<(String, String)>, Reply<()>),
    /// A pass over dead letters: those of the filter in a window of numbers.
    Retry(Wanted, Window, Reply<Pass<Retried>>),
    Purge(DeadFilter, Window, Reply<Pass<u64>>),
    /// Repaired conversions in the place of the letters with these numbers.
    Replace(Vec<(i64, Conversion)>, Reply<Vec<Replaced>>),
    /// Makes the disk look full.
    #[cfg(test)]
    LimitPages(i64, Reply<()>),
}

pub(super) type Reply<T> = oneshot::Sender<Result<T, QueueError>>;

impl Command {
    pub(super) fn rows(&self) -> usize {
        match self {
            Self::Append(conversions, _) => conversions.len(),
            Self::Bury(rejected, _) => rejected.len(),
            Self::Replace(repaired, _) => repaired.len(),
            Self::Settle(settlements, _) => settlements.len(),
            Self::Release(..) | Self::Rebase(..) | Self::KeepHalt(..) | Self::Adopt(..) => 0,
            Self::Retry(..) | Self::Purge(..) => dead::AT_ONCE,
            #[cfg(test)]
            Self::LimitPages(..) => 0,
        }
    }

    pub(super) fn fail(self, error: &QueueError) {
        // A caller that is gone does not want to know.
        match self {
            Self::Append(_, reply) => drop(reply.send(Err(error.clone()))),
            Self::Replace(_, reply) => drop(reply.send(Err(error.clone()))),
            Self::Bury(_, reply)
            | Self::Settle(_, reply)
            | Self::Release(_, reply)
            | Self::Rebase(_, _, reply)
            | Self::KeepHalt(_, _, reply)
            | Self::Adopt(_, reply) => {
                drop(reply.send(Err(error.clone())));
            }
            Self::Retry(_, _, reply) => drop(reply.send(Err(error.clone()))),
            Self::Purge(_, _, reply) => drop(reply.send(Err(error.clone()))),
            #[cfg(test)]
            Self::LimitPages(_, reply) => drop(reply.send(Err(error.clone()))),
        }
    }
}
