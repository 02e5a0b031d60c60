//! Which subscription made a conversion.

use std::sync::Arc;

use capi_core::destination::Subscription;

/// The subscription that made a conversion, as far as counts and the log name it.
pub(crate) struct Origin {
    /// The destination's name.
    pub(crate) destination: Arc<str>,
    /// The action's slug.
    pub(crate) action: &'static str,
    /// [`Subscription::event_name`].
    pub(crate) event_name: Arc<str>,
}

impl Origin {
    /// That of a conversion which `subscription` of `destination` made.
    pub(super) fn new(destination: &Arc<str>, subscription: &Subscription) -> Self {
        Self {
            destination: Arc::clone(destination),
            action: subscription.action.slug,
            event_name: Arc::clone(&subscription.event_name),
        }
    }
}
