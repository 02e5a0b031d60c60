//! Conversions that one subscription made of one source's events: a fault of a mapping
//! concerns all of them.

use std::sync::Arc;

use super::Class;
use crate::ApiError;

/// What conversions have in common that a fault of the configuration spoils together.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Group {
    /// The slug of the action that made them, where it is known.
    pub action: Option<Box<str>>,
    /// Meta's name of the event.
    pub event_name: Box<str>,
    /// The source whose write key came with them, where it is known.
    pub source: Option<Box<str>>,
}

/// A group of one lane that waits because Meta refused all that it saw of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// Its number within the lane, from 1.
    pub id: i64,
    /// The class of its rows.
    pub class: Class,
    /// Which conversions.
    pub group: Arc<Group>,
    /// What Meta said of them.
    pub refusal: ApiError,
    /// Since when, in Unix milliseconds.
    pub since_ms: i64,
    /// How many rows wait in it.
    pub rows: u64,
}

/// Up to which row a lane has sent or may have: written down before the first of them
/// leaves, so that after a crash nobody takes for unsent what may have arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The last row.
    pub up_to: i64,
    /// Since when, in Unix milliseconds.
    pub since_ms: i64,
}

impl Window {
    /// A window over two.
    pub(crate) fn covering(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        let (Some(a), Some(b)) = (one, other) else {
            return one.or(other);
        };
        Some(Self {
            up_to: a.up_to.max(b.up_to),
            since_ms: a.since_ms.min(b.since_ms),
        })
    }
}
