//! A queue that holds as much as it may.

use serde_json::json;

use crate::support::calls::order;
use crate::support::http::Request;
use crate::support::meta::Meta;
use crate::support::poll;
use crate::support::relay::{KEY, Relay, Setup};

#[test]
fn clients_are_told_to_come_again_and_nothing_acknowledged_is_lost() {
    let meta = Meta::up();
    // Nothing leaves meanwhile.
    meta.faults(&json!([{"answer": {"status": 503}}]));
    let setup = Setup {
        server: "max_queue_bytes = 1048576",
        ..Setup::default()
    };
    let relay = Relay::with(&meta, setup);
    let mut taken = Vec::new();
    let refused = loop {
        let batch = taken.len()..taken.len() + 100;
        let ids: Vec<String> = batch.map(|place| format!("id-{place}")).collect();
        let calls: Vec<_> = ids.iter().map(|id| order(id)).collect();
        let body = json!({"batch": calls}).to_string();
        let response = relay.send(&Request::post("/v1/batch", body).key(KEY));
        if response.status != 200 {
            break response;
        }
        taken.extend(ids);
        assert!(taken.len() < 10_000, "no limit holds");
    };
    assert_eq!(refused.status, 503);
    let wait = refused.header("retry-after").map(str::parse::<u64>);
    assert!(matches!(wait, Some(Ok(1..=60))), "{refused:?}");
    // Its log is read beside the test and may come after the answer.
    poll::until("the reason in the log", || {
        relay.log().contains("max_queue_bytes").then_some(())
    });
    // Meta is back: what was taken leaves, and there is room again.
    meta.faults(&json!([]));
    let arrived = meta.wait_for(taken.len());
    assert_eq!(arrived.len(), taken.len());
    relay.take(&[order("afterwards")]);
    meta.wait_for_id("afterwards");
}
