//! Test codes that events bring along.

use serde_json::json;

use super::call;
use crate::support::calls::{order, with};
use crate::support::meta::Meta;
use crate::support::relay::{Relay, Setup};

const SETUP: Setup<'static> = Setup {
    server: "",
    destination: "max_test_codes = 3\ntest_event_code = \"USUAL\"",
    tables: "[[destination.subscription]]
action = \"purchase\"
mapping = { test_event_code = { \"@path\" = \"$.properties.code\" } }",
    log: None,
    shell: None,
};

#[test]
fn there_may_be_a_few_and_no_more() {
    let meta = Meta::up();
    let relay = Relay::with(&meta, SETUP);
    let send = |id: &str, code: &str| {
        let order = with(order(id), "/properties/code", json!(code));
        relay.send(&call(&order)).json()
    };
    // Those in use, the configured one and none at all go on.
    for round in 0..3 {
        for code in ["A", "B", "C", "USUAL", ""] {
            let taken = send(&format!("{code}-{round}"), code);
            assert_eq!(taken, json!({"success": true}), "{code}");
        }
        for code in 0..20 {
            let refused = send(&format!("more-{code}-{round}"), &format!("D{code}"));
            let rejected = &refused["rejected"][0];
            assert_eq!(rejected["code"], "too_many_test_codes", "{refused}");
        }
    }
    assert_eq!(meta.wait_for(15).len(), 15);
}
