//! A queue that cannot be written: another program keeps its file locked.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rusqlite::Connection;
use serde_json::json;

use super::{call, retry_after};
use crate::support::calls::order;
use crate::support::http::{Request, answer, connect};
use crate::support::meta::Meta;
use crate::support::poll;
use crate::support::relay::{KEY, Relay};

/// Clients whose patience is short, and that come again.
const CLIENTS: usize = 4;
const ROUNDS: usize = 200;

#[test]
fn a_locked_file_is_told_of_and_costs_no_memory_and_passes() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    relay.take(&[order("before")]);
    meta.wait_for_id("before");
    let before = relay.peak_kib();
    let lock = Connection::open(relay.data_dir().join("queue.sqlite")).unwrap();
    lock.execute_batch("BEGIN EXCLUSIVE").unwrap();

    let orders: Vec<_> = (0..400).map(|id| order(&format!("lost-{id}"))).collect();
    let batch = json!({ "batch": orders }).to_string();
    let request = Request::post("/v1/batch", batch.clone()).key(KEY).bytes();
    let is_locked = AtomicBool::new(true);
    thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                for _ in 0..ROUNDS {
                    let mut stream = connect(relay.address).unwrap();
                    let patience = Duration::from_millis(100);
                    stream.set_read_timeout(Some(patience)).unwrap();
                    stream.write_all(&request).ok();
                    if let Some(answer) = answer(&mut stream) {
                        let is_refusal = answer.status == 503 && retry_after(&answer) > 0;
                        assert!(is_refusal || !is_locked.load(Ordering::SeqCst));
                    }
                }
            });
        }
    });
    let ready = Request::new("GET", "/health/ready");
    let why = poll::until("the server not to be ready", || {
        let answer = relay.send(&ready);
        (answer.status == 503).then_some(answer.body)
    });
    assert!(why.contains("lock"), "{why}");
    let refused = relay.send(&call(&order("refused")));
    assert_eq!(refused.status, 503, "{refused:?}");
    assert_eq!(refused.json()["code"], "queue_unavailable");
    assert!(refused.body.contains("lock"), "{refused:?}");
    assert_eq!(relay.send(&Request::new("GET", "/health/live")).status, 200);
    let sent_kib = (CLIENTS * ROUNDS * batch.len() / 1024) as u64;
    let grown = relay.peak_kib() - before;
    assert!(grown < sent_kib / 3, "{grown} KiB of {sent_kib}");

    is_locked.store(false, Ordering::SeqCst);
    lock.execute_batch("ROLLBACK").unwrap();
    poll::until("the server to be ready", || {
        (relay.send(&ready).status == 200).then_some(())
    });
    relay.take(&[order("afterwards")]);
    meta.wait_for_id("afterwards");
    let reported = relay.log().matches("Events are refused").count();
    assert!((1..10).contains(&reported), "{}", relay.log());
}
