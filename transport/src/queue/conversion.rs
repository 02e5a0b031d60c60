//! What is queued.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use capi_core::{ActionSource, Fingerprint, ServerEvent, ServerEventParts};
use sha2::{Digest, Sha256};

/// Where a conversion queues: conversions of one lane may share a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LaneKey {
    /// The destination's name.
    pub destination: Arc<str>,
    /// The test code, which Meta takes per request. Never empty.
    pub test_event_code: Option<Arc<str>>,
}

impl LaneKey {
    /// The lane of a destination; an empty test code is none.
    #[must_use]
    pub fn new(destination: &str, test_event_code: Option<&str>) -> Self {
        Self {
            destination: destination.into(),
            test_event_code: test_event_code
                .filter(|code| !code.is_empty())
                .map(Into::into),
        }
    }
}

impl fmt::Display for LaneKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.destination)?;
        match &self.test_event_code {
            Some(code) => write!(f, " (test code {code})"),
            None => Ok(()),
        }
    }
}

/// Conversions of different age limits do not share a request: one that is too
/// old refuses the whole of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// May be 7 days old.
    Standard,
    /// `physical_store`: may be 62 days old.
    PhysicalStore,
}

impl Class {
    /// That of an event from `source`.
    #[must_use]
    pub const fn of(source: ActionSource) -> Self {
        match source {
            ActionSource::PhysicalStore => Self::PhysicalStore,
            _ => Self::Standard,
        }
    }

    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Standard, Self::PhysicalStore];

    /// How old an event of the class may be when Meta gets it, in days.
    ///
    /// Source: Meta, Server event parameters; Offline events.
    #[must_use]
    pub const fn days_allowed(self) -> i64 {
        match self {
            Self::Standard => ActionSource::Website.days_allowed(),
            Self::PhysicalStore => ActionSource::PhysicalStore.days_allowed(),
        }
    }
}

/// Names a conversion by what Meta deduplicates on: the first half of
/// SHA-256 over dataset, event name and event id, with zero bytes between.
///
/// Source: Meta, Deduplicate Pixel and server events.
pub(crate) type DedupKey = [u8; 16];

/// One conversion on its way into the queue.
#[derive(Clone, PartialEq, Eq)]
pub struct Conversion {
    pub(crate) lane: LaneKey,
    pub(crate) class: Class,
    pub(crate) dataset_id: Arc<str>,
    pub(crate) action: Option<Cow<'static, str>>,
    pub(crate) source: Option<Arc<str>>,
    pub(crate) event_name: Box<str>,
    pub(crate) event_id: Option<Box<str>>,
    pub(crate) event_time: i64,
    pub(crate) key: Option<DedupKey>,
    pub(crate) fingerprint: Option<Fingerprint>,
    /// Where it is not the event's own id.
    pub(crate) message_id: Option<Box<str>>,
    pub(crate) payload: Bytes,
}

impl Conversion {
    /// Takes an event as core's pipeline made it. No other way makes
    /// a conversion, so nothing that was not hashed can be queued.
    ///
    /// `action` is the slug of the action that made it; empty where it is not known.
    ///
    /// Whether an event may ask for a lane of its own, by a test code that it
    /// brings along, is for the caller to know.
    #[must_use]
    pub fn new(
        lane: LaneKey,
        dataset_id: impl Into<Arc<str>>,
        action: impl Into<Cow<'static, str>>,
        event: ServerEvent,
    ) -> Self {
        Self::of(lane, dataset_id.into(), action.into(), event.into_parts())
    }

    /// Of the parts of an event, which a test makes up.
    pub(crate) fn of(
        lane: LaneKey,
        dataset_id: Arc<str>,
        action: Cow<'static, str>,
        parts: ServerEventParts,
    ) -> Self {
        let ServerEventParts {
            event_name,
            event_id,
            event_time,
            action_source,
            message_id,
            fingerprint,
            json,
            ..
        } = parts;
        let key = event_id
            .as_ref()
            .map(|id| dedup_key(&dataset_id, &event_name, id));
        Self {
            lane,
            class: Class::of(action_source),
            dataset_id,
            action: Some(action).filter(|slug| !slug.is_empty()),
            source: None,
            event_name,
            event_id,
            event_time,
            key,
            fingerprint,
            message_id,
            // Without the room that was left for a larger one.
            payload: json.into_boxed_slice().into(),
        }
    }

    /// The same, of the source with this name: the one whose write key came with it.
    #[must_use]
    pub fn from_source(mut self, source: Option<Arc<str>>) -> Self {
        self.source = source;
        self
    }

    /// How much memory it takes, about, in bytes.
    #[must_use]
    pub fn memory(&self) -> usize {
        let ids = [&self.event_id, &self.message_id];
        let ids = ids.into_iter().flatten().map(|id| id.len());
        size_of::<Self>() + self.payload.len() + self.event_name.len() + ids.sum::<usize>()
    }

    /// The lane that it will queue in.
    #[must_use]
    pub const fn lane(&self) -> &LaneKey {
        &self.lane
    }
}

/// Without the payload: it holds a person's hashes and address.
impl fmt::Debug for Conversion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conversion")
            .field("lane", &self.lane)
            .field("class", &self.class)
            .field("dataset_id", &self.dataset_id)
            .field("event_name", &self.event_name)
            .field("event_id", &self.event_id)
            .field("event_time", &self.event_time)
            .finish_non_exhaustive()
    }
}

/// What became of one appended conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// It is queued.
    Queued,
    /// One with its dataset, name and id is queued already, or was delivered
    /// within the last 48 hours. It was not queued again.
    Duplicate,
    /// As [`Self::Duplicate`], but what it says differs from that one, as a
    /// [`Fingerprint`] tells: it is a dead letter now.
    DifferingDuplicate,
}

pub(super) fn dedup_key(dataset_id: &str, event_name: &str, event_id: &str) -> DedupKey {
    let mut hash = Sha256::new();
    for part in [dataset_id, "\0", event_name, "\0", event_id] {
        hash.update(part.as_bytes());
    }
    let mut key = DedupKey::default();
    let digest = hash.finalize();
    key.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    key
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A conversion of `shop` with the given id, that happened at `event_time`.
    pub(crate) fn conversion(id: Option<&str>, event_time: i64) -> Conversion {
        conversion_in(
            LaneKey::new("shop", None),
            ActionSource::Website,
            id,
            event_time,
        )
    }

    pub(crate) fn conversion_in(
        lane: LaneKey,
        action_source: ActionSource,
        event_id: Option<&str>,
        event_time: i64,
    ) -> Conversion {
        let json = format!(r#"{{"event_id":"{}"}}"#, event_id.unwrap_or_default());
        let parts = ServerEventParts {
            event_name: "Purchase".into(),
            event_id: event_id.map(Into::into),
            event_time,
            action_source,
            test_event_code: None,
            message_id: None,
            fingerprint: None,
            json: json.into_bytes(),
        };
        Conversion::of(lane, "1".into(), "".into(), parts)
    }

    #[test]
    fn the_key_keeps_its_parts_apart() {
        // Computed with sha256sum: printf '1\0Purchase\0a' | sha256sum | cut -c1-32
        let key = dedup_key("1", "Purchase", "a");
        assert_ne!(key, dedup_key("1", "Purchas", "ea"));
        assert_ne!(key, dedup_key("1P", "urchase", "a"));
        let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "6cea7123212b13db578b7ff8f8d62a55");
    }

    #[test]
    fn debug_output_holds_no_payload() {
        let mut conversion = conversion(Some("a"), 0);
        conversion.payload = Bytes::from_static(b"payload-bytes");
        assert!(!format!("{conversion:?}").contains("payload"));
    }

    #[test]
    fn an_empty_test_code_is_none() {
        assert_eq!(LaneKey::new("shop", Some("")), LaneKey::new("shop", None));
    }
}
