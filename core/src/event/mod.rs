//! The Segment-spec event: how it is held, read and completed.

mod arena;
pub(crate) mod json;
mod receive;
mod time;

pub use arena::Arena;
pub use json::{Json, JsonError, Number};
pub use receive::{Arrival, TYPES};
pub use time::time;

/// One event of the Segment spec: a JSON object borrowed from its request.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    root: Json<'a>,
}

impl<'a> Event<'a> {
    /// The event that `root` holds, if it is an object.
    #[must_use]
    pub const fn new(root: Json<'a>) -> Option<Self> {
        match root {
            Json::Object(_) => Some(Self { root }),
            _ => None,
        }
    }

    /// The whole event, as triggers and mappings see it.
    #[must_use]
    pub const fn root(self) -> Json<'a> {
        self.root
    }

    /// The top-level field `key`.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Json<'a>> {
        self.root.get(key)
    }
}
