//! A clock that is wrong: the server's, or that of many clients.

use serde_json::json;

use crate::support::calls::{at, order, with};
use crate::support::meta::Meta;
use crate::support::relay::Relay;

#[test]
fn many_events_of_the_future_are_told_of() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let ahead = |id: String| with(order(&id), "/timestamp", json!(at(2 * 60 * 60)));
    let events: Vec<_> = (0..30).map(|id| ahead(format!("ahead-{id}"))).collect();
    relay.batch(&events);
    relay.wait_for_log("30 lie in the future");
}
