//! The actions that would take an event if a destination had them.

use serde::Serialize;

use crate::Spec;
use crate::destination::Destination;
use crate::json::Json;
use crate::trigger::Trigger;

/// An action that takes an event by its own trigger, and to which a destination has no
/// subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ActionNotSubscribed {
    /// The action.
    pub action: &'static str,
    /// Whether it is one of those that are on by default: the destination has
    /// subscriptions of its own, and without `prebuilt_subscriptions` no others.
    pub prebuilt: bool,
}

/// Those of `actions` that take `event` and that `destination` does not have.
pub(super) fn off(
    actions: &[&'static Spec],
    destination: &Destination,
    event: Json<'_>,
) -> Vec<ActionNotSubscribed> {
    let is_on = |slug: &str| {
        let mut subscriptions = destination.subscriptions.iter();
        subscriptions.any(|of| of.action.slug == slug)
    };
    let takes = |action: &&Spec| {
        let trigger = action.default_trigger.map(Trigger::parse);
        matches!(trigger, Some(Ok(trigger)) if trigger.matches(event))
    };
    let actions = actions.iter().copied();
    actions
        .filter(|action| !is_on(action.slug) && takes(action))
        .map(|action| ActionNotSubscribed {
            action: action.slug,
            prebuilt: action.on_by_default,
        })
        .collect()
}
