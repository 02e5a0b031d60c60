//! Warns where one event may become two equal conversions.

use super::destination::DestinationConfig;
use super::diagnostic::Findings;
use super::section::Section;
use crate::destination::Subscription;

/// Warns of subscriptions of one dataset with one event name whose triggers
/// may take the same event: its second conversion is a repeat of the first,
/// and dropped.
pub(super) fn warn(
    destinations: &[DestinationConfig],
    root: &mut Section<'_>,
    findings: &mut Findings<'_>,
) {
    let all: Vec<(&DestinationConfig, &Subscription)> = destinations
        .iter()
        .flat_map(|config| {
            config
                .destination
                .subscriptions
                .iter()
                .map(move |subscription| (config, subscription))
        })
        .collect();
    for (index, (config, subscription)) in all.iter().enumerate() {
        for (other_config, other) in &all[..index] {
            let same = config.destination.dataset_id == other_config.destination.dataset_id
                && subscription.event_name == other.event_name
                && may_meet(subscription, other);
            if same {
                let span = root.value("destination").map_or(0..0, toml::Spanned::span);
                findings.warning(
                    span,
                    format!(
                        "the subscriptions to {:?} of {:?} and to {:?} of {:?} take the same events of the dataset {} under one name; the second conversion of an event is a repeat and is not sent, unless its event id differs",
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
