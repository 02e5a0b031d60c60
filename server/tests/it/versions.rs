//! A version of the Graph API that has ended.

use crate::support::calls::order;
use crate::support::meta::Meta;
use crate::support::relay::{Relay, Setup};

#[test]
fn it_is_told_at_the_start_and_parks_the_lane_at_once() {
    let meta = Meta::up();
    let setup = Setup {
        destination: "api_version = \"v24.0\"",
        ..Setup::default()
    };
    let mut relay = Relay::with(&meta, setup);
    relay.take(&[order("a"), order("b")]);
    let parked = "Raise `api_version` of the destination";
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while !relay.log().contains(parked) {
        assert!(std::time::Instant::now() < deadline, "{}", relay.log());
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    relay.stop();
    let log = relay.log();
    assert!(
        log.contains("version v24.0 of the Graph API ended"),
        "{log}"
    );
    assert!(log.contains("code=2635"), "{log}");
    assert!(log.contains("left=2"), "nothing is lost: {log}");
    assert!(meta.events().is_empty());
}
