//! Clients that send as much as they can.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde_json::json;

use crate::support::http::{Request, exchange};
use crate::support::meta::Meta;
use crate::support::poll;
use crate::support::relay::{KEY, Relay};

/// A batch of small events: as many as a request may have, about.
fn batch(number: u64) -> String {
    let event = |place: u64| {
        json!({
            "type": "track", "event": "Product Viewed", "messageId": format!("{number}-{place}"),
            "userId": "u1", "properties": {"currency": "EUR"},
        })
    };
    let events: Vec<_> = (0..2_000).map(event).collect();
    let context = json!({"userAgent": "Mozilla/5.0", "page": {"url": "https://shop.example/"}});
    json!({"batch": events, "context": context}).to_string()
}

/// The writer is as busy as it can be: what is acknowledged is delivered all the same.
#[test]
fn what_comes_in_keeps_nothing_from_being_delivered() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let (stop, sent, taken) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let body = batch(sent.fetch_add(1, Ordering::Relaxed));
                    let request = Request::post("/v1/batch", body).key(KEY).bytes();
                    let answer = exchange(relay.address, &request);
                    if answer.is_some_and(|answer| answer.status == 200) {
                        taken.fetch_add(2_000, Ordering::Relaxed);
                    }
                }
            });
        }
        poll::until("a flood to be acknowledged", || {
            (taken.load(Ordering::Relaxed) >= 40_000).then_some(())
        });
        let delivered = meta.stats().events_received;
        let acknowledged = taken.load(Ordering::Relaxed);
        stop.store(true, Ordering::Relaxed);
        assert!(
            delivered * 10 >= acknowledged * 3,
            "{delivered} of {acknowledged} delivered while more came"
        );
    });
    let acknowledged = usize::try_from(taken.load(Ordering::Relaxed)).unwrap();
    meta.wait_for_count(acknowledged);
    assert_eq!(meta.stats().duplicates, 0);
}
