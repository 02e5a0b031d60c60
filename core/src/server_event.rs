//! Meta's event, as it is sent.

use std::fmt;

use crate::{ActionSource, Fingerprint};

/// One item of `data`, encoded, with what delivery must know of it.
///
/// Only admission makes one, from user data that went through hashing and free
/// text that went through scrubbing: so none of the eleven identifiers can reach
/// a queue, a disk, a log or the network raw. It owns its bytes and outlives the request.
///
/// Source: Meta, Server event parameters.
///
/// ```
/// # mod shop { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/shop.rs")); }
/// // `shop` has a destination that takes completed orders, and such an order.
/// # use capi_core::event::Arena;
/// use capi_core::pipeline::{convert, pipeline, route};
/// use capi_core::ActionSource;
///
/// # let now: jiff::Timestamp = "2026-11-28T12:00:05Z".parse()?;
/// # let arena = Arena::new();
/// # let destinations = [shop::destination()?];
/// let event = shop::order(&arena, "25.5")?;
/// let mut routed = route(&destinations, event, None, now, &arena);
/// let routed = routed.next().ok_or("not taken")?;
/// let event = convert(&mut pipeline(), routed)?.event;
/// assert_eq!(event.event_name(), "Purchase");
/// assert_eq!(event.event_id(), Some("order-17"));
/// assert_eq!(event.event_time(), 1_795_867_200);
/// assert_eq!(event.action_source(), ActionSource::Website);
/// // The body of a request: the items of `data`, with commas between them.
/// let body = [br#"{"data":["#, event.json(), b"]}"].concat();
/// assert!(capi_core::event::Json::parse(&arena, &body).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ServerEvent {
    pub(crate) event_name: Box<str>,
    pub(crate) event_id: Option<Box<str>>,
    pub(crate) event_time: i64,
    pub(crate) action_source: ActionSource,
    pub(crate) test_event_code: Option<Box<str>>,
    pub(crate) message_id: Option<Box<str>>,
    pub(crate) fingerprint: Option<Fingerprint>,
    pub(crate) json: Vec<u8>,
}

impl ServerEvent {
    /// The event's name, a standard one or the user's own.
    #[must_use]
    pub fn event_name(&self) -> &str {
        &self.event_name
    }

    /// The id that the browser's copy of the event carries too; without one,
    /// neither Meta nor capi can recognize a duplicate.
    #[must_use]
    pub fn event_id(&self) -> Option<&str> {
        self.event_id.as_deref()
    }

    /// When it happened, in Unix seconds.
    #[must_use]
    pub const fn event_time(&self) -> i64 {
        self.event_time
    }

    /// Where it happened.
    #[must_use]
    pub const fn action_source(&self) -> ActionSource {
        self.action_source
    }

    /// The test code that the event brings along. It belongs to the request,
    /// not to the event, so that it is here and not in [`Self::json`].
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

    /// All of it, for whoever keeps it.
    #[must_use]
    pub fn into_parts(self) -> ServerEventParts {
        let Self {
            event_name,
            event_id,
            event_time,
            action_source,
            test_event_code,
            message_id,
            fingerprint,
            json,
        } = self;
        ServerEventParts {
            event_name,
            event_id,
            event_time,
            action_source,
            test_event_code,
            message_id,
            fingerprint,
            json,
        }
    }
}

/// What a [`ServerEvent`] was made of. Nothing makes an event of it again.
#[derive(Clone, PartialEq, Eq)]
pub struct ServerEventParts {
    /// The event's name.
    pub event_name: Box<str>,
    /// The id that the browser's copy of the event carries too.
    pub event_id: Option<Box<str>>,
    /// When it happened, in Unix seconds.
    pub event_time: i64,
    /// Where it happened.
    pub action_source: ActionSource,
    /// The test code that the event brings along.
    pub test_event_code: Option<Box<str>>,
    /// The id of the message that it was made of, where that is not its own id.
    pub message_id: Option<Box<str>>,
    /// What tells it from another event with its id.
    pub fingerprint: Option<Fingerprint>,
    /// The event as one JSON object.
    pub json: Vec<u8>,
}

/// Without the event itself: it holds a person's hashes and address.
impl fmt::Debug for ServerEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerEvent")
            .field("event_name", &self.event_name)
            .field("event_id", &self.event_id)
            .field("event_time", &self.event_time)
            .finish_non_exhaustive()
    }
}
