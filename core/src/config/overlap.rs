//! Warns where one event may become two equal conversions.

use std::ops::Range;

use super::destination::{DestinationConfig, Places};
use super::diagnostic::ConfigDiagnostics;
use crate::destination::Subscription;

/// Warns of subscriptions of one dataset with one event name whose triggers
/// may take the same event: its second conversion is a duplicate of the first,
/// and dropped.
pub(super) fn warn(
    destinations: &[(DestinationConfig, Places)],
    findings: &mut ConfigDiagnostics<'_>,
) {
    let all: Vec<(&DestinationConfig, &Subscription, &Range<usize>)> = destinations
        .iter()
        .flat_map(|(config, places)| {
            let subscriptions = config.destination.subscriptions.iter().zip(places);
            subscriptions.map(move |(subscription, place)| (config, subscription, place))
        })
        .collect();
    for (index, (config, subscription, place)) in all.iter().enumerate() {
        for (other_config, other, _) in &all[..index] {
            let same = config.destination.dataset_id == other_config.destination.dataset_id
                && subscription.event_name == other.event_name
                && may_meet(subscription, other);
            if same {
                findings.warning(
                    (*place).clone(),
                    format!(
                        "the subscriptions to {:?} of {:?} and to {:?} of {:?} take the same events of the dataset {} under one name; the second conversion of an event is a duplicate and is not sent, unless its event id differs",
                        other.action.slug,
                        other_config.destination.name,
                        subscription.action.slug,
                        config.destination.name,
                        config.destination.dataset_id,
                    ),
                );
            }
        }
    }
}

/// Whether one event may match both triggers, as far as what they say of its
/// type and name tells.
fn may_meet(one: &Subscription, other: &Subscription) -> bool {
    match (one.trigger.anchors(), other.trigger.anchors()) {
        (Some(ones), Some(others)) => ones
            .iter()
            .any(|anchor| others.iter().any(|other| anchor.and(*other).is_some())),
        _ => true,
    }
}
