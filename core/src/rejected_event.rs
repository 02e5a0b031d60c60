//! Meta's event as far as it could be made of a conversion that may not be sent.

use std::fmt;

use crate::ActionSource;

/// A rejected conversion for whoever is to look at it and repair it: what was
/// mapped, where Meta would have it.
///
/// Of the values that are wrong, it keeps those of `custom_data` and of the
/// event's own first keys (name, time, id, URL, source) that are one short word or
/// number: at most 24 ASCII letters, digits, `_`, `-` and `.`, with fewer than
/// seven digits, and nothing that was mapped as an identifier. Any other may be
/// personal data at the wrong place and is left out.
///
/// As a [`ServerEvent`](crate::ServerEvent) it is made only of user data that
/// went through hashing and of free text that went through scrubbing, so that none
/// of the eleven identifiers is in it raw.
///
/// ```
/// # mod shop { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/shop.rs")); }
/// // `shop` has a destination that takes completed orders, and such an order.
/// # use capi_core::event::Arena;
/// use capi_core::event::Json;
/// use capi_core::pipeline::{convert, pipeline, route};
///
/// # let now: jiff::Timestamp = "2026-11-28T12:00:05Z".parse()?;
/// # let arena = Arena::new();
/// # let destinations = [shop::destination()?];
/// // An order whose `total` is `"lots"`.
/// let event = shop::order(&arena, r#""lots""#)?;
/// let mut routed = route(&destinations, event, None, now, &arena);
/// let routed = routed.next().ok_or("not taken")?;
/// let rejected = convert(&mut pipeline(), routed).unwrap_err().event;
/// assert_eq!(rejected.event_name(), Some("Purchase"));
/// assert_eq!(rejected.event_time(), Some(1_795_867_200));
/// // What is wrong is where Meta would have it.
/// let json = Json::parse(&arena, rejected.json())?;
/// assert_eq!(json.at(&["custom_data", "value"]), Some(Json::Str("lots")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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

    /// The test code that the event brings along. It belongs to the request, so
    /// that it is here and not in [`Self::json`].
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
