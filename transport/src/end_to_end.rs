//! Queue, lanes and client together, against the sandbox. Waits are real here:
//! they end when what is waited for has come, never after a set time.

mod measure;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use capi_core::{ActionSource, ServerEventParts};
use capi_sandbox::{FaultRule, Options, Sandbox};
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::{
    Appended, Clock, Conversion, Delivery, DeliveryOptions, GraphTarget, LaneKey, LaneState,
    LaneStats, Queue as _, SqliteOptions, SqliteQueue, StartError, Stopped, SystemClock,
};

const HASH: &str = "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f";

/// Long enough for anything that comes at all.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The system's clock, put forward by as much as a test likes.
#[derive(Default)]
struct Ahead(AtomicI64);

impl Clock for Ahead {
    fn now_ms(&self) -> i64 {
        SystemClock.now_ms() + self.0.load(Ordering::Relaxed)
    }
}

struct World {
    sandbox: Sandbox,
    queue: Arc<SqliteQueue>,
    url: String,
    clock: Arc<Ahead>,
    _folder: TempDir,
}

impl World {
    async fn new() -> Self {
        Self::with(Options::default()).await
    }

    async fn with(options: Options) -> Self {
        let sandbox = Sandbox::new(options);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(sandbox.clone().serve(listener, std::future::pending()));
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(Ahead::default());
        let options = SqliteOptions::new(folder.path()).clock(clock.clone());
        let queue = Arc::new(SqliteQueue::open(options).unwrap());
        Self {
            sandbox,
            queue,
            url,
            clock,
            _folder: folder,
        }
    }

    fn destination(&self, name: &str, token: &str) -> GraphTarget {
        GraphTarget::of_test(name, &name.len().to_string(), token, &self.url)
    }

    fn start(&self, destinations: Vec<GraphTarget>) -> Delivery {
        let options = DeliveryOptions {
            clock: self.clock.clone(),
            seed: Some(1),
        };
        Delivery::start(self.queue.clone(), destinations, options).unwrap()
    }

    fn faults(&self, rules: &str) {
        self.sandbox
            .set_faults(FaultRule::parse_list(rules.as_bytes()).unwrap());
    }

    async fn append(&self, delivery: &Delivery, conversions: Vec<Conversion>) {
        let answers = self.queue.append(conversions).await.unwrap();
        assert!(answers.iter().all(|answer| *answer == Appended::Queued));
        delivery.notify();
    }

    async fn until(&self, what: &str, done: impl Fn() -> bool) {
        let begin = Instant::now();
        while !done() {
            assert!(
                begin.elapsed() < TIMEOUT,
                "{what}: {:?}",
                self.queue.lanes()
            );
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    async fn until_empty(&self) {
        self.until("the queue is not emptied", || {
            self.queue.stats().queued == 0
        })
        .await;
    }
}

fn purchase(destination: &str, id: &str, value: &str) -> Conversion {
    let now = SystemClock.now_ms() / 1000;
    let json = format!(
        r#"{{"event_name":"Purchase","event_id":"{id}","event_time":{now},
           "action_source":"email","user_data":{{"em":["{HASH}"]}},
           "custom_data":{{"currency":"EUR","value":{value}}}}}"#
    );
    let parts = ServerEventParts {
        event_name: "Purchase".into(),
        event_id: Some(id.into()),
        event_time: now,
        action_source: ActionSource::Email,
        test_event_code: None,
        message_id: None,
        fingerprint: None,
        json: json.into_bytes(),
    };
    let dataset = destination.len().to_string();
    Conversion::of(
        LaneKey::new(destination, None),
        dataset.into(),
        "".into(),
        parts,
    )
}

fn purchases(destination: &str, count: usize) -> Vec<Conversion> {
    (0..count)
        .map(|id| purchase(destination, &format!("id{id}"), "1"))
        .collect()
}

#[tokio::test]
async fn everything_arrives_once() {
    let world = World::new().await;
    let delivery = world.start(vec![world.destination("shop", "token")]);
    world.append(&delivery, purchases("shop", 2500)).await;
    world.until_empty().await;
    let stats = world.sandbox.stats();
    assert_eq!(
        (stats.events_received, stats.duplicates, stats.refused),
        (2500, 0, 0)
    );
    world
        .until("not counted", || delivery.stats()[0].delivered == 2500)
        .await;
    assert_eq!(
        (
            delivery.stats()[0].queued,
            delivery.stats()[0].dead_lettered
        ),
        (0, 0)
    );
}

#[tokio::test]
async fn failures_are_tried_again_with_the_same_ids() {
    for fault in [
        r#"[{"times":2,"answer":{"status":503}}]"#,
        r#"[{"times":2,"answer":{"cut":"before"}}]"#,
        r#"[{"times":2,"answer":{"status":200,"body":"<html>sign in</html>"}}]"#,
        r#"[{"times":2,"answer":{"code":2,"status":500,"is_transient":true}}]"#,
    ] {
        let world = World::new().await;
        world.faults(fault);
        let delivery = world.start(vec![world.destination("shop", "token")]);
        world.append(&delivery, purchases("shop", 10)).await;
        world.until_empty().await;
        let stats = world.sandbox.stats();
        assert_eq!(
            (stats.events_received, stats.duplicates),
            (10, 0),
            "{fault}"
        );
        assert_eq!(delivery.stats()[0].retries, 20, "{fault}");
    }
}

#[tokio::test]
async fn a_connection_that_is_cut_after_the_events_repeats_their_ids() {
    let world = World::new().await;
    world.faults(r#"[{"times":1,"answer":{"cut":"after"}}]"#);
    let delivery = world.start(vec![world.destination("shop", "token")]);
    world.append(&delivery, purchases("shop", 10)).await;
    world.until_empty().await;
    // Meta knows them by their ids, and so does the sandbox.
    let stats = world.sandbox.stats();
    assert_eq!((stats.events_received, stats.duplicates), (20, 10));
    world
        .until("not counted", || delivery.stats()[0].delivered == 10)
        .await;
}

#[tokio::test]
async fn an_answer_that_does_not_come_in_time_is_not_waited_for() {
    let world = World::new().await;
    world.faults(r#"[{"times":1,"answer":{"delay_ms":60000}}]"#);
    let mut destination = world.destination("shop", "token");
    destination.timeout = Duration::from_millis(50);
    let delivery = world.start(vec![destination]);
    world.append(&delivery, purchases("shop", 1)).await;
    world
        .until("no retry", || delivery.stats()[0].retries == 1)
        .await;
    world.faults("[]");
    world.until_empty().await;
}

#[tokio::test]
async fn a_poison_among_a_hundred_is_buried_and_99_arrive() {
    let world = World::new().await;
    let delivery = world.start(vec![world.destination("shop", "token")]);
    let mut conversions = purchases("shop", 100);
    conversions[42] = purchase("shop", "poison", r#""a lot""#);
    world.append(&delivery, conversions).await;
    world.until_empty().await;
    assert_eq!(world.sandbox.stats().events_received, 99);
    assert_eq!(world.queue.stats().dead, 1);
    let file = rusqlite::Connection::open(world.queue.file()).unwrap();
    let dead: (String, i64, Option<String>) = file
        .query_row("SELECT event_id, code, fbtrace_id FROM dead", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .unwrap();
    assert_eq!((&*dead.0, dead.1, dead.2.is_some()), ("poison", 100, true));
    // Corrected, it gets through under the same id.
    world
        .append(&delivery, vec![purchase("shop", "poison", "1")])
        .await;
    world.until_empty().await;
    assert_eq!(world.sandbox.stats().events_received, 100);
}

#[tokio::test]
async fn fewer_events_received_settle_as_partly_confirmed() {
    let world = World::new().await;
    let body = r#"{\"events_received\":2,\"messages\":[],\"fbtrace_id\":\"A\"}"#;
    world.faults(&format!(
        r#"[{{"times":1,"answer":{{"status":200,"body":"{body}"}}}}]"#
    ));
    let delivery = world.start(vec![world.destination("shop", "token")]);
    world.append(&delivery, purchases("shop", 3)).await;
    world
        .until("not told", || delivery.stats()[0].partly_confirmed == 1)
        .await;
    world.until_empty().await;
}

#[tokio::test]
async fn a_dead_token_parks_its_lane_and_holds_nobody_else() {
    let options = Options {
        token: Some("live".to_owned()),
        ..Options::default()
    };
    let world = World::with(options).await;
    let good = || world.destination("shop", "live");
    let delivery = world.start(vec![good(), world.destination("outlet", "dead-token")]);
    let mut conversions = purchases("outlet", 50);
    conversions.extend(purchases("shop", 50));
    world.append(&delivery, conversions).await;
    world
        .until("not parked or not delivered", || {
            let stats = delivery.stats();
            let parked = |lane: &LaneStats| matches!(lane.state, LaneState::Parked { .. });
            stats[0].lanes.iter().any(parked) && stats[1].delivered == 50
        })
        .await;
    assert_eq!(
        (
            delivery.stats()[0].queued,
            delivery.stats()[0].dead_lettered
        ),
        (50, 0)
    );
    assert!(!format!("{:?}", delivery.stats()).contains("dead-token"));
    // With the right token everything that waited arrives.
    let left = delivery.stop(Duration::from_secs(5)).await;
    assert_eq!(left, Stopped { left: 50 });
    let delivery = world.start(vec![good(), world.destination("outlet", "live")]);
    world
        .until("not delivered", || delivery.stats()[0].delivered == 50)
        .await;
}

#[tokio::test]
async fn rows_of_an_unknown_destination_stay() {
    let world = World::new().await;
    let delivery = world.start(vec![world.destination("shop", "token")]);
    world.append(&delivery, purchases("closed", 3)).await;
    world.append(&delivery, purchases("shop", 3)).await;
    world
        .until("not delivered", || delivery.stats()[0].delivered == 3)
        .await;
    assert_eq!(
        delivery.stop(Duration::from_secs(5)).await,
        Stopped { left: 3 }
    );
}

#[tokio::test]
async fn a_stop_sends_what_lingers() {
    let world = World::new().await;
    let mut destination = world.destination("shop", "token");
    destination.linger = Duration::from_secs(3600);
    let delivery = world.start(vec![destination]);
    world.append(&delivery, purchases("shop", 3)).await;
    assert_eq!(delivery.stop(TIMEOUT).await, Stopped { left: 0 });
    assert_eq!(world.sandbox.stats().events_received, 3);
}

#[tokio::test]
async fn a_stop_that_runs_out_of_time_leaves_rows_marked_as_perhaps_delivered() {
    let world = World::new().await;
    world.faults(r#"[{"answer":{"delay_ms":60000}}]"#);
    let delivery = world.start(vec![world.destination("shop", "token")]);
    world.append(&delivery, purchases("shop", 3)).await;
    world
        .until("not sent", || delivery.stats()[0].requests == 1)
        .await;
    assert_eq!(
        delivery.stop(Duration::from_millis(50)).await,
        Stopped { left: 3 }
    );
    let file = rusqlite::Connection::open(world.queue.file()).unwrap();
    let marked: i64 = file
        .query_row(
            "SELECT count(*) FROM queued WHERE outcome_unknown",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(marked, 3);
}

#[tokio::test]
async fn what_waited_a_week_is_buried_instead_of_sent() {
    let world = World::new().await;
    world.queue.append(purchases("shop", 3)).await.unwrap();
    world
        .clock
        .0
        .store(7 * 24 * 60 * 60 * 1000, Ordering::Relaxed);
    let delivery = world.start(vec![world.destination("shop", "token")]);
    world.until_empty().await;
    world
        .until("not dead-lettered", || {
            delivery.stats()[0].dead_lettered == 3
        })
        .await;
    assert_eq!(world.sandbox.stats().requests, 0);
}

#[tokio::test]
async fn destinations_that_cannot_work_are_refused_at_the_start() {
    let world = World::new().await;
    let start = |destinations| {
        Delivery::start(
            world.queue.clone(),
            destinations,
            DeliveryOptions::default(),
        )
        .unwrap_err()
    };
    let shop = || world.destination("shop", "token");
    assert!(matches!(start(vec![shop(), shop()]), StartError::Name(_)));
    let oversized = GraphTarget {
        batch_size: 1001,
        ..shop()
    };
    assert!(matches!(
        start(vec![oversized]),
        StartError::BatchSize { size: 1001, .. }
    ));
    let broken = GraphTarget {
        graph_url: "meta".to_owned(),
        ..shop()
    };
    assert!(matches!(start(vec![broken]), StartError::Graph(_)));
}
