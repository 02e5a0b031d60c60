//! What a transaction changes in memory, to be counted once it is on disk.

use std::collections::{HashMap, HashSet};

use super::super::{Class, LaneBlock, LaneKey, SetAside, Window};

/// What a transaction changes in memory, once it is on disk.
#[derive(Debug, Default)]
pub(super) struct Effects {
    /// The lanes that it made, and those that it ended.
    pub(super) named: HashMap<LaneKey, Option<i64>>,
    /// By lane, in order.
    pub(super) changes: Vec<(i64, Change)>,
    pub(super) dead_lettered: u64,
    pub(super) letters_removed: u64,
    /// All destinations, where they were told.
    pub(super) destinations: Option<HashSet<String>>,
}

/// What changed for one lane. A row's `due_at` says its place. There is one for
/// each row, so it is small.
#[derive(Debug)]
pub(super) enum Change {
    /// The lane was made.
    Made(LaneKey),
    /// It ended.
    Ended,
    /// A row came.
    Came { class: Class, due_at: i64 },
    /// A row is gone.
    Left { class: Class, seq: i64, due_at: i64 },
    /// A row waits elsewhere, and is leased no more.
    Moved {
        class: Class,
        seq: i64,
        from: i64,
        to: i64,
    },
    /// What keeps it from sending.
    Halted(Option<Box<LaneBlock>>),
    /// Its leases are forgotten.
    Released,
    /// What of it is sent, and what may have been before that.
    Sends {
        class: Class,
        window: Option<Window>,
        before: Option<Window>,
    },
    /// A group is set aside.
    SetAside(Box<SetAside>),
    /// A group is forgotten.
    Freed(i64),
}
