//! Conversions of one event that are the same to Meta.

use std::collections::HashSet;

use super::DestinationReport;

/// Marks each conversion that would be sent and has the name, the id and the dataset
/// of one before it: it would be dropped as a duplicate.
pub(super) fn mark(destinations: &mut [DestinationReport<'_>]) {
    let mut seen = HashSet::new();
    for destination in destinations {
        let subscriptions = destination.subscriptions.iter_mut();
        for conversion in subscriptions.filter_map(|of| of.conversion.as_mut()) {
            if let (true, Some(identity)) = (conversion.is_sent, &conversion.identity) {
                conversion.is_duplicate = !seen.insert((destination.dataset_id, identity.clone()));
            }
        }
    }
}
