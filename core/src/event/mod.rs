//! The Segment-spec event: how it is held, read and completed.
//!
//! ```
//! use capi_core::event::{Arena, Arrival, Event, Json};
//!
//! let arena = Arena::new();
//! let root = Json::parse(&arena, br#"{"event":"Signed Up","userId":"u-1"}"#)?;
//! let arrival = Arrival {
//!     kind: Some("track"),
//!     client_ip: Some("203.0.113.7"),
//!     ..Arrival::at("2026-11-28T12:00:10Z".parse()?)
//! };
//! let event = Event::receive(root, &arrival, &arena, &mut || "new-id".into())
//!     .map_err(|reason| reason.message)?;
//!
//! assert_eq!(event.get("type").and_then(Json::as_str), Some("track"));
//! let ip = event.root().at(&["context", "ip"]);
//! assert_eq!(ip.and_then(Json::as_str), Some("203.0.113.7"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod id;
mod receive;
mod time;

pub use crate::json::{Arena, Json, JsonError, Number};
pub(crate) use id::{is_id, is_no_value};
pub use receive::{Arrival, TYPES};
pub use time::time;

/// One event of the Segment spec: a JSON object borrowed from its request.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    root: Json<'a>,
}

impl<'a> Event<'a> {
    /// The event that `root` holds, if it is an object. Nothing of it is checked
    /// or completed: one that has just arrived is for [`Event::receive`].
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
