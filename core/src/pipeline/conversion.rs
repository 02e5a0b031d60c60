//! The unit of work behind routing: one event, one subscription.

use jiff::Timestamp;

use crate::destination::{Destination, Subscription};
use crate::event::{Arena, Event, Json};
use crate::rejection::Reason;

/// An event that a subscription takes, with all that the steps may ask of it.
///
/// It is `Copy` and borrows everything: an event that fans out to ten
/// subscriptions is not cloned once.
#[derive(Clone, Copy)]
pub struct Routed<'a> {
    /// The event.
    pub event: Event<'a>,
    /// The destination that gets it.
    pub destination: &'a Destination,
    /// The subscription of that destination whose trigger matched.
    pub subscription: &'a Subscription,
    /// What time it is.
    pub now: Timestamp,
    /// Where the steps allocate.
    pub arena: &'a Arena,
}

/// A conversion whose mapping was resolved: a draft of Meta's event in the
/// action's own field keys, not yet checked.
pub struct Mapped<'a> {
    /// What was mapped.
    pub routed: Routed<'a>,
    /// An object of the action's fields.
    pub(crate) draft: Json<'a>,
    /// What was left out so far, and why.
    pub(crate) warnings: Vec<Reason>,
}
