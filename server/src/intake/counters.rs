//! What came in and what became of it, counted since the start.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use capi_core::rejection::Code;
use capi_transport::Appended;

use super::origin::Origin;

/// Counts of events and conversions, for whoever watches the server.
#[derive(Debug, Default)]
pub(crate) struct IntakeCounters(Mutex<Counts>);

/// The counts at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Events that came in, usable or not.
    pub(crate) received: u64,
    /// Events that no trigger matched.
    pub(crate) unmatched: u64,
    /// Those of them whose name nearly is one that a trigger asks for.
    pub(crate) nearly: u64,
    /// Conversions that were queued, by the action's slug.
    pub(crate) queued: BTreeMap<&'static str, u64>,
    /// Conversions and events that were rejected, by the code of the first reason.
    pub(crate) rejected: BTreeMap<&'static str, u64>,
    /// Warnings of conversions that were made, by their code.
    pub(crate) warned: BTreeMap<&'static str, u64>,
    /// Conversions that had been taken before, those that differ from what was taken
    /// among them.
    pub(crate) duplicates: u64,
    /// Those of them that differ.
    pub(crate) differing: u64,
}

impl Counts {
    /// Counts what the queue took, conversions of these origins in order. Says whether
    /// any is new.
    pub(crate) fn appended(&mut self, origins: &[Origin], appended: &[Appended]) -> bool {
        let mut is_any_new = false;
        for (origin, appended) in origins.iter().zip(appended) {
            match appended {
                Appended::Queued => {
                    *self.queued.entry(origin.action).or_default() += 1;
                    is_any_new = true;
                }
                Appended::Duplicate => self.duplicates += 1,
                Appended::DifferingDuplicate => {
                    self.duplicates += 1;
                    self.differing += 1;
                }
            }
        }
        is_any_new
    }

    /// Counts a warning.
    pub(crate) fn warn(&mut self, code: Code) {
        *self.warned.entry(code.as_str()).or_default() += 1;
    }

    /// Counts a rejection.
    pub(crate) fn reject(&mut self, code: Code) {
        *self.rejected.entry(code.as_str()).or_default() += 1;
    }
}

impl IntakeCounters {
    /// Adds what one request brought.
    pub(crate) fn add(&self, counts: &Counts) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.received += counts.received;
        all.unmatched += counts.unmatched;
        all.nearly += counts.nearly;
        all.duplicates += counts.duplicates;
        all.differing += counts.differing;
        for (slug, count) in &counts.queued {
            *all.queued.entry(slug).or_default() += count;
        }
        for (code, count) in &counts.warned {
            *all.warned.entry(code).or_default() += count;
        }
        for (code, count) in &counts.rejected {
            *all.rejected.entry(code).or_default() += count;
        }
    }

    /// The counts so far.
    #[must_use]
    pub(crate) fn snapshot(&self) -> Counts {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
