//! What conversions are sent without, and why others are rejected, told to the operator:
//! each once for a subscription, not once for an event. A client's library need not tell
//! what the answer says.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::sync::{PoisonError, RwLock};

use capi_core::destination::Subscription;
use capi_core::rejection::Reason;

/// So many different ones are told. A hostile client can make new ones.
const MOST: usize = 1000;

/// The warnings and rejections that were told.
#[derive(Default)]
pub(crate) struct Warnings {
    told: RwLock<HashSet<u64>>,
    hasher: RandomState,
}

impl Warnings {
    /// Logs those of a conversion that were not told before.
    pub(crate) fn tell(&self, destination: &str, subscription: &Subscription, warnings: &[Reason]) {
        for warning in warnings {
            if self.is_new(destination, subscription, warning, false) {
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

    /// Logs the reasons of a rejection that were not told before.
    pub(crate) fn tell_rejected(
        &self,
        destination: &str,
        subscription: &Subscription,
        reasons: &[Reason],
    ) {
        for reason in reasons {
            if self.is_new(destination, subscription, reason, true) {
                tracing::warn!(
                    destination,
                    action = subscription.action.slug,
                    code = reason.code.as_str(),
                    field = &*reason.field,
                    "A conversion is rejected: {}. `capi dead list` shows it. The next ones like it \
                     are not logged.",
                    reason.message
                );
            }
        }
    }

    fn is_new(
        &self,
        destination: &str,
        subscription: &Subscription,
        reason: &Reason,
        rejects: bool,
    ) -> bool {
        // The field without its place in a list.
        let list = reason.field.split('[').next();
        let property = reason.field.rsplit(']').next();
        let key = self.hasher.hash_one((
            destination,
            subscription.action.slug,
            &subscription.event_name,
            reason.code.as_str(),
            rejects,
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
