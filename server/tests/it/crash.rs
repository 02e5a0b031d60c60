//! Thirty SIGKILLs under load: whatever was acknowledged arrives.
//!
//! When each comes is of a seed that a run tells; `CAPI_CRASH_SEED=n` takes it again.

use std::collections::{BTreeSet, HashSet};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::calls::order;
use crate::support::http::{Request, exchange};
use crate::support::meta::Meta;
use crate::support::poll;
use crate::support::relay::{KEY, Relay};

const KILLS: usize = 30;
const SENDERS: usize = 3;
const EVENTS_A_BATCH: usize = 20;

/// A sender's rest between two batches: so that the sandbox need not hold
/// hundreds of thousands of events.
const REST: Duration = Duration::from_millis(20);

/// How long a server works before it is killed, in milliseconds.
const LIVES_MS: std::ops::Range<u64> = 400..1_000;

/// What the senders share with the test.
#[derive(Default)]
struct Load {
    address: Mutex<Option<SocketAddr>>,
    enough: AtomicBool,
    acknowledged: Mutex<BTreeSet<String>>,
    sent: AtomicUsize,
}

impl Load {
    fn start(self: &Arc<Self>, sender: usize) -> JoinHandle<()> {
        let load = Arc::clone(self);
        std::thread::spawn(move || {
            for batch in 0.. {
                if load.enough.load(Ordering::Relaxed) {
                    return;
                }
                load.send(&format!("s{sender}-b{batch}"));
                std::thread::sleep(REST);
            }
        })
    }

    /// One batch, once. Without an answer nobody knows what became of it.
    fn send(&self, prefix: &str) {
        let ids: Vec<_> = (0..EVENTS_A_BATCH)
            .map(|n| format!("{prefix}-e{n}"))
            .collect();
        let calls: Vec<_> = ids.iter().map(|id| order(id)).collect();
        let body = json!({ "batch": calls }).to_string();
        let Some(address) = *self.address.lock().unwrap() else {
            return;
        };
        self.sent.fetch_add(EVENTS_A_BATCH, Ordering::Relaxed);
        let answer = exchange(address, &Request::post("/v1/batch", body).key(KEY).bytes());
        if answer.is_some_and(|answer| answer.status == 200) {
            self.acknowledged.lock().unwrap().extend(ids);
        }
    }

    fn acknowledged(&self) -> usize {
        self.acknowledged.lock().unwrap().len()
    }
}

#[test]
fn thirty_kills_under_load_lose_nothing_that_was_acknowledged() {
    let given = std::env::var("CAPI_CRASH_SEED").ok();
    let seed = given.map_or_else(|| fastrand::u64(..), |seed| seed.parse().unwrap());
    println!("CAPI_CRASH_SEED={seed} kills at the same moments again");
    let mut random = fastrand::Rng::with_seed(seed);
    let meta = Meta::up();
    // Requests to Meta are under way when the kills come.
    meta.faults(&json!([{"for_ms": 600_000, "answer": {"delay_ms": 10}}]));
    let load = Arc::new(Load::default());
    let mut relay = Relay::start(&meta);
    let mut starts = Vec::new();
    let senders: Vec<_> = (0..SENDERS).map(|sender| load.start(sender)).collect();

    for _ in 0..KILLS {
        *load.address.lock().unwrap() = Some(relay.address);
        // Each kill comes at another moment, always while batches come in and
        // go out, and after some have been acknowledged.
        let acknowledged = load.acknowledged() + EVENTS_A_BATCH;
        let delivered = meta.stats().accepted + 1;
        std::thread::sleep(Duration::from_millis(random.u64(LIVES_MS)));
        poll::until("batches to come in and go out", || {
            let enough = load.acknowledged() >= acknowledged && meta.stats().accepted >= delivered;
            enough.then_some(())
        });
        let begin = Instant::now();
        relay.kill();
        *load.address.lock().unwrap() = None;
        relay = relay.again();
        starts.push(begin.elapsed());
    }
    *load.address.lock().unwrap() = Some(relay.address);
    load.enough.store(true, Ordering::Relaxed);
    for sender in senders {
        sender.join().unwrap();
    }

    let acknowledged = load.acknowledged.lock().unwrap().clone();
    starts.sort();
    let arrived = poll::until("everything acknowledged at the sandbox", || {
        let arrived: HashSet<String> = meta
            .events()
            .iter()
            .map(|event| event["event_id"].as_str().unwrap().to_owned())
            .collect();
        acknowledged
            .iter()
            .all(|id| arrived.contains(id))
            .then_some(arrived)
    });
    assert!(relay.stop().success());
    assert!(arrived.len() <= load.sent.load(Ordering::Relaxed));
    // At least once: a kill between Meta's answer and its record sends again.
    let duplicates = meta.stats().duplicates;
    println!(
        "{} acknowledged, {} arrived, {duplicates} duplicates; ready {:?} after a kill",
        acknowledged.len(),
        arrived.len(),
        starts[KILLS / 2]
    );
    assert_eq!(meta.stats().refused, 0);
}
