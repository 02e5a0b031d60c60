//! What keeps a server from working as it should, in sentences for an operator.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The conditions that hold now. A handle: its copies tell of the same ones.
///
/// ```
/// use capi_server::admin::Conditions;
///
/// let conditions = Conditions::default();
/// let found_out = conditions.clone();
/// found_out.begin("disk", "the queue cannot be written: the disk is full; make room");
/// assert_eq!(
///     conditions.list(),
///     ["the queue cannot be written: the disk is full; make room"]
/// );
/// found_out.end("disk");
/// assert!(conditions.list().is_empty());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Conditions(Arc<Mutex<BTreeMap<&'static str, String>>>);

impl Conditions {
    /// Says that the condition `key` holds, and what it is: what is wrong, and what to do.
    /// One that holds already gets this sentence.
    pub fn begin(&self, key: &'static str, sentence: impl Into<String>) {
        self.held().insert(key, sentence.into());
    }

    /// Says that the condition `key` does not hold any more.
    pub fn end(&self, key: &'static str) {
        self.held().remove(key);
    }

    /// The sentences of those that hold, in the order of their keys.
    #[must_use]
    pub fn list(&self) -> Vec<String> {
        self.held().values().cloned().collect()
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<&'static str, String>> {
        // A map has no half a change in it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
