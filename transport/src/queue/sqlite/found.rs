//! What is under an id: a queued event, or the dedup entry of a delivered one.

use capi_core::Fingerprint;

use super::super::Appended;

/// What is queued, or was delivered, under a key.
pub(super) struct Found {
    /// That of its event; what an earlier capi took has none.
    pub(super) fingerprint: Option<Fingerprint>,
}

impl Found {
    /// What an event with `fingerprint` is that comes under the same key.
    pub(super) fn met_by(&self, fingerprint: Option<&Fingerprint>) -> Appended {
        match (&self.fingerprint, fingerprint) {
            (Some(found), Some(new)) if found.differs(new) => Appended::DifferingDuplicate,
            _ => Appended::Duplicate,
        }
    }
}
