//! What a transaction changes in memory, to be counted once it is on disk.

use std::collections::HashMap;

use super::super::{Class, LaneKey};

/// What a transaction changes in memory, once it is on disk.
#[derive(Debug, Default)]
pub(super) struct Effects {
    pub(super) new_lanes: HashMap<LaneKey, i64>,
    pub(super) changes: Vec<(i64, Change)>,
    pub(super) buried: u64,
    pub(super) letters_removed: u64,
}

/// What a commit changed for one lane, to be counted once it is on disk.
#[derive(Debug)]
pub(super) enum Change {
    /// A row was appended.
    Appended(Class),
    /// A row is gone.
    Removed(Class, i64),
    /// A row waits for another try.
    Returned(Class, i64),
    /// A buried row waits for another try.
    TakenBack,
}
