//! Versions of the Graph API that end, told in the log: at the start, and each day.

use std::time::Duration;

use capi_core::graph_version;
use jiff::Timestamp;
use tokio::time::{MissedTickBehavior, interval};

/// How often it is looked at them.
const LOOK: Duration = Duration::from_secs(24 * 60 * 60);

/// Warns of the versions of these destinations, each with its name, as long as it is
/// awaited.
pub(super) async fn watch(versions: Vec<(String, String)>) {
    let mut days = interval(LOOK);
    days.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        days.tick().await;
        let now = Timestamp::now();
        for (destination, version) in &versions {
            if let Some(warning) = graph_version::warning(version, now) {
                tracing::warn!(
                    destination,
                    "Of the destination {destination:?}: {warning}."
                );
            }
        }
    }
}
