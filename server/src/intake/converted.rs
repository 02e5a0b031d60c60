//! What became of a request's events.

use capi_core::destination::Subscription;
use capi_core::rejection::Diagnostic;
use capi_transport::{Conversion, LaneKey, RejectedConversion};
use serde::Serialize;

use super::counters::Counts;
use super::origin::Origin;

/// How many reasons an answer lists. A batch of a hundred thousand wrong
/// events must not make an answer, and a heap, many times its size.
const MOST_TOLD: usize = 1000;

/// What became of a request's events.
#[derive(Default)]
pub(crate) struct Converted {
    /// What is to be queued.
    pub(crate) conversions: Vec<Conversion>,
    /// Which subscription made each.
    pub(crate) origins: Vec<Origin>,
    /// Their lanes, each once.
    pub(crate) lanes: Vec<LaneKey>,
    /// What is to be kept as dead letters.
    pub(crate) dead_lettered: Vec<RejectedConversion>,
    /// What is rejected: the first thousand reasons.
    pub(crate) rejected: Vec<RejectionEntry>,
    /// How many reasons there are beside those.
    pub(crate) unlisted: usize,
    /// The counts of it all, but for what the queue says: what is queued and what is
    /// a duplicate.
    pub(crate) counts: Counts,
    /// How many events lie in the future.
    pub(crate) ahead: u64,
    /// How much of it, in bytes of memory, is not held yet.
    made: usize,
}

/// One reason why an event, or a conversion of it, is not sent.
#[derive(Debug, Serialize)]
pub(crate) struct RejectionEntry {
    /// The event's place in the batch, from 0.
    pub(crate) index: usize,
    /// The destination; without one, the event itself is unusable.
    pub(crate) destination: Option<String>,
    /// The action's slug.
    pub(crate) action: Option<&'static str>,
    /// The code, the field and the sentence.
    #[serde(flatten)]
    pub(crate) reason: Diagnostic,
}

impl RejectionEntry {
    /// How much memory it takes, once more as text in the answer, about, in bytes.
    fn memory(&self) -> usize {
        size_of::<Self>() + 2 * (self.reason.message.len() + self.reason.field.len())
    }
}

impl Converted {
    /// Tells a reason, where there is room for more.
    pub(super) fn report(&mut self, rejected: impl FnOnce() -> RejectionEntry) {
        if self.rejected.len() < MOST_TOLD {
            let rejected = rejected();
            self.made += rejected.memory();
            self.rejected.push(rejected);
        } else {
            self.unlisted += 1;
        }
    }

    /// Has a conversion queued.
    pub(super) fn send(&mut self, subscription: &Subscription, conversion: Conversion) {
        self.made += conversion.memory() + size_of::<Origin>();
        if !self.lanes.contains(conversion.lane()) {
            self.lanes.push(conversion.lane().clone());
        }
        let destination = &conversion.lane().destination;
        self.origins.push(Origin::new(destination, subscription));
        self.conversions.push(conversion);
    }

    /// Has a rejected conversion kept.
    pub(super) fn dead_letter(&mut self, rejected: RejectedConversion) {
        self.made += rejected.memory();
        self.dead_lettered.push(rejected);
    }

    /// How much has been added since this was asked last, in bytes of memory.
    pub(super) const fn take_made(&mut self) -> usize {
        std::mem::replace(&mut self.made, 0)
    }
}
