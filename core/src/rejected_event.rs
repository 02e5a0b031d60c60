//! Meta's event as far as it could be made of a conversion that may not be sent.

use std::fmt;

use crate::ActionSource;

/// A rejected conversion for whoever is to look at it and repair it: what was
/// mapped, where Meta would have it, with what is wrong still wrong.
///
/// As a [`ServerEvent`](crate::ServerEvent) it is made only of user data that
/// went through hashing and of free text that went through scrubbing, so that none
/// of the eleven identifiers stands in it raw.
#[derive(Clone, PartialEq, Eq)]
pub struct RejectedEvent {
    pub(crate) event_name: Option<Box<str>>,
    pub(crate) event_id: Option<Box<str>>,
    pub(crate) event_time: Option<i64>,
    pub(crate) action_source: Option<ActionSource>,
    pub(crate) test_event_code: Option<Box<str>>,
    pub(crate) json: Vec<u8>,
}

impl RejectedEvent {
    /// The event's name, if it has one.
    #[must_use]
    pub fn event_name(&self) -> Option<&str> {
        self.event_name.as_deref()
    }

    /// The id that the browser's copy of the event carries too.
    #[must_use]
    pub fn event_id(&self) -> Option<&str> {
        self.event_id.as_deref()
    }

    /// When it happened, in Unix seconds, if that is known.
    #[must_use]
    pub const fn event_time(&self) -> Option<i64> {
        self.event_time
    }

    /// Where it happened, if that is known.
    #[must_use]
    pub const fn action_source(&self) -> Option<ActionSource> {
        self.action_source
    }

    /// The test code that the event brings along.
    #[must_use]
    pub fn test_event_code(&self) -> Option<&str> {
        self.test_event_code.as_deref()
    }

    /// The event as one JSON object.
    #[must_use]
    pub fn json(&self) -> &[u8] {
        &self.json
    }

    /// The event as one JSON object, for whoever keeps it.
    #[must_use]
    pub fn into_json(self) -> Vec<u8> {
        self.json
    }
}

/// Without the event itself: it holds a person's hashes and address.
impl fmt::Debug for RejectedEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RejectedEvent")
            .field("event_name", &self.event_name)
            .field("event_id", &self.event_id)
            .field("event_time", &self.event_time)
            .finish_non_exhaustive()
    }
}
