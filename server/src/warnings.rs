//! What conversions are sent without, told to the operator: each warning once
//! for a subscription, not once for an event.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::sync::{PoisonError, RwLock};

use capi_core::destination::Subscription;
use capi_core::rejection::Reason;

/// So many different warnings are told. A hostile client can make new ones.
const MOST: usize = 1000;

/// The warnings that were told.
#[derive(Default)]
pub(crate) struct Warnings {
    told: RwLock<HashSet<u64>>,
    hasher: RandomState,
}

impl Warnings {
    /// Logs those of a conversion that were not told before.
    pub(crate) fn tell(&self, destination: &str, subscription: &Subscription, warnings: &[Reason]) {
        for warning in warnings {
            if self.is_new(destination, subscription, warning) {
                tracing::warn!(
                    destination,
                    action = subscription.action.slug,
                    code = warning.code.as_str(),
                    field = &*warning.field,
                    "A conversion is sent with a warning: {}. The next ones like it are not logged.",
                    warning.message
                );
            }
        }
    }

    fn is_new(&self, destination: &str, subscription: &Subscription, warning: &Reason) -> bool {
        // The field without its place in a list.
        let list = warning.field.split('[').next();
        let property = warning.field.rsplit(']').next();
        let key = self.hasher.hash_one((
            destination,
            subscription.action.slug,
            &subscription.event_name,
            warning.code.as_str(),
            list,
            property,
        ));
        let known = |told: &HashSet<u64>| told.contains(&key) || told.len() >= MOST;
        if known(&self.told.read().unwrap_or_else(PoisonError::into_inner)) {
            return false;
        }
        let mut told = self.told.write().unwrap_or_else(PoisonError::into_inner);
        told.insert(key)
    }
}
