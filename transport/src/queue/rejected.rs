//! What is not queued but kept: a conversion that our own checks rejected.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use capi_core::rejection::{Diagnostic, Rejection};

use super::conversion::{Class, DedupKey, LaneKey, dedup_key};

/// A conversion on its way to the dead letters without having been queued.
#[derive(Clone, PartialEq, Eq)]
pub struct RejectedConversion {
    pub(crate) lane: LaneKey,
    pub(crate) class: Class,
    pub(crate) dataset_id: Arc<str>,
    pub(crate) action: Cow<'static, str>,
    pub(crate) source: Option<Arc<str>>,
    pub(crate) event_name: Option<Box<str>>,
    pub(crate) event_id: Option<Box<str>>,
    pub(crate) event_time: Option<i64>,
    pub(crate) key: Option<DedupKey>,
    pub(crate) reasons: Vec<Diagnostic>,
    pub(crate) payload: Bytes,
}

impl RejectedConversion {
    /// Takes a rejection as core's pipeline made it: hashed, as a
    /// [`Conversion`](super::Conversion).
    #[must_use]
    pub fn new(
        lane: LaneKey,
        dataset_id: impl Into<Arc<str>>,
        action: impl Into<Cow<'static, str>>,
        rejection: Rejection,
    ) -> Self {
        let dataset_id = dataset_id.into();
        let Rejection { reasons, event, .. } = rejection;
        let named = event.event_name().zip(event.event_id());
        let key = named.map(|(name, id)| dedup_key(&dataset_id, name, id));
        Self {
            lane,
            class: event.action_source().map_or(Class::Standard, Class::of),
            dataset_id,
            action: action.into(),
            source: None,
            event_name: event.event_name().map(Into::into),
            event_id: event.event_id().map(Into::into),
            event_time: event.event_time(),
            key,
            reasons,
            payload: event.into_json().into_boxed_slice().into(),
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
        let reasons = self.reasons.iter();
        let reasons = reasons.map(|reason| size_of::<Diagnostic>() + reason.message.len());
        size_of::<Self>() + self.payload.len() + reasons.sum::<usize>()
    }
}

/// Without the payload: it holds a person's hashes and address.
impl fmt::Debug for RejectedConversion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RejectedConversion")
            .field("lane", &self.lane)
            .field("event_name", &self.event_name)
            .field("event_id", &self.event_id)
            .field("reasons", &self.reasons)
            .finish_non_exhaustive()
    }
}
