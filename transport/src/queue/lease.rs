//! Rows on loan to a lane.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use super::{Class, Group, LaneKey};

/// Fresh rows and rows that wait for another try do not mix: neither holds the
/// other back, and a row that always fails takes no fresh ones with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LeaseKind {
    /// Never tried.
    Fresh,
    /// Tried, and to be tried again.
    Retry,
}

/// What a lane asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaseRequest {
    /// The lane.
    pub lane: LaneKey,
    /// Of which class.
    pub class: Class,
    /// Of which kind.
    pub kind: LeaseKind,
    /// How many at most.
    pub max: usize,
    /// How many bytes of payload at most, but for the first row.
    pub max_bytes: usize,
    /// The time, in Unix milliseconds: only what is due by then.
    pub now_ms: i64,
}

/// What a lane got.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lease {
    /// The rows, in the order of their turn.
    pub rows: Vec<Leased>,
    /// When the next row of this kind is due that is not due yet, in Unix
    /// milliseconds. Fresh rows are always due.
    pub next_due_ms: Option<i64>,
    /// Rows that cannot be read, by this version at least. They are leased too.
    pub unreadable: Vec<i64>,
}

/// A row on loan.
#[derive(Clone, PartialEq, Eq)]
pub struct Leased {
    /// The row's number, in the order of appending.
    pub seq: i64,
    /// When the event happened, in Unix seconds.
    pub event_time: i64,
    /// When it was appended, in Unix milliseconds.
    pub appended_ms: i64,
    /// How many requests carried it so far.
    pub attempts: u32,
    /// When the first of them left, in Unix milliseconds; where it is not known whether
    /// one arrived, the first of those.
    pub first_attempt_ms: Option<i64>,
    /// Whether one of them may have arrived without anybody knowing.
    pub outcome_unknown: bool,
    /// Which conversions it belongs to.
    pub group: Arc<Group>,
    /// The event as one JSON object.
    pub payload: Bytes,
}

/// Without the payload: it holds a person's hashes and address.
impl fmt::Debug for Leased {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Leased")
            .field("seq", &self.seq)
            .field("event_time", &self.event_time)
            .field("attempts", &self.attempts)
            .field("outcome_unknown", &self.outcome_unknown)
            .finish_non_exhaustive()
    }
}
