//! Events as large as they may be, many in parallel.

use serde_json::json;

use crate::support::calls::{order, with};
use crate::support::meta::{Meta, TOKEN};
use crate::support::relay::{Relay, Setup};

/// So many large orders wait for a token.
const ORDERS: usize = 1_200;

/// The products of each, with long names.
const PRODUCTS: usize = 120;

#[test]
fn a_backlog_of_large_events_is_sent_in_requests_that_fit() {
    let meta = Meta::up();
    let setup = Setup {
        server: "max_batch_bytes = 2000000",
        ..Setup::default()
    };
    let mut relay = Relay::with(&meta, setup);
    relay.stop();
    relay.reconfigure(TOKEN, "EAAB-dead-token-000000");
    let mut parked = relay.again();
    let large = |id: usize| {
        let order = order(&format!("order-{id}"));
        let product = |place: usize| {
            let sku = format!("{place:0>100}");
            json!({"product_id": sku, "price": 4.5, "quantity": 2})
        };
        let products: Vec<_> = (0..PRODUCTS).map(product).collect();
        with(order, "/properties/products", json!(products))
    };
    let orders: Vec<_> = (0..ORDERS).map(large).collect();
    for some in orders.chunks(50) {
        parked.take(some);
    }
    let before = parked.peak_kib();
    parked.stop();
    let refused = meta.stats().refused;
    parked.reconfigure("EAAB-dead-token-000000", TOKEN);
    let relay = parked.again();
    meta.wait_for_count(ORDERS);
    let stats = meta.stats();
    assert_eq!(stats.duplicates, 0);
    // A lane that was parked asks first, with a request that holds no event.
    assert!(
        stats.refused <= refused + 1,
        "a request was refused for its size"
    );
    // Over 20 MB in all; eight requests in flight would hold all of it, twice.
    assert!(
        relay.peak_kib() < before + 60_000,
        "{} KiB, {before} before",
        relay.peak_kib()
    );
}
