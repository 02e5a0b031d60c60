//! The queue on real files.

mod dead;
mod measure;
mod model;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use capi_core::ActionSource;
use rusqlite::Connection;
use tempfile::TempDir;

use super::super::conversion::tests::{conversion, conversion_in};
use super::super::{BuryReason, Class, Fate, Kind, Leased};
use super::*;
use crate::graph::Refusal;

const START_MS: i64 = 1_790_000_000_000;
const HOUR_MS: i64 = 60 * 60 * 1000;

#[derive(Clone)]
struct TestClock(Arc<AtomicI64>);

impl Clock for TestClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl TestClock {
    fn pass(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::Relaxed);
    }
}

struct World {
    folder: TempDir,
    clock: TestClock,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            folder,
            clock: TestClock(Arc::new(AtomicI64::new(START_MS))),
        }
    }

    fn open(&self) -> SqliteQueue {
        self.try_open().unwrap()
    }

    fn try_open(&self) -> Result<SqliteQueue, QueueError> {
        SqliteQueue::open(self.options())
    }

    fn options(&self) -> SqliteOptions {
        let options = SqliteOptions::new(self.folder.path().join("data"));
        options.clock(Arc::new(self.clock.clone()))
    }

    fn lane() -> LaneKey {
        LaneKey::new("shop", None)
    }

    async fn lease(&self, queue: &SqliteQueue, kind: Kind, max: usize) -> Lease {
        let now_ms = self.clock.now_ms();
        let request = LeaseRequest {
            lane: Self::lane(),
            class: Class::Standard,
            kind,
            max,
            now_ms,
        };
        queue.lease(request).await.unwrap()
    }
}

/// Appends one conversion and says what became of it.
async fn append(queue: &SqliteQueue, id: &str) -> Appended {
    queue.append(vec![conversion(Some(id), 7)]).await.unwrap()[0]
}

async fn settle(queue: &SqliteQueue, rows: &[Leased], fate: Fate) {
    let settlement = |row: &Leased| Settlement {
        seq: row.seq,
        fate: fate.clone(),
    };
    queue
        .settle(rows.iter().map(settlement).collect())
        .await
        .unwrap();
}

fn retry_at(due_ms: i64) -> Fate {
    Fate::RetryAt {
        due_ms,
        attempted_ms: START_MS,
        outcome_unknown: true,
    }
}

fn buried() -> Fate {
    let refusal = Refusal {
        status: Some(400),
        code: Some(100),
        subcode: Some(2_804_050),
        message: "too broad".to_owned(),
        fbtrace_id: Some("A1".to_owned()),
    };
    Fate::Buried {
        reason: BuryReason::Rejected,
        refusal: Some(refusal),
    }
}

fn payloads(lease: &Lease) -> Vec<String> {
    let text = |row: &Leased| String::from_utf8(row.payload.to_vec()).unwrap();
    lease.rows.iter().map(text).collect()
}

#[tokio::test]
async fn a_repeat_is_told_within_a_batch_and_across_batches() {
    let world = World::new();
    let queue = world.open();
    let batch = ["a", "b", "a"].map(|id| conversion(Some(id), 7));
    let answers = queue.append(batch.to_vec()).await.unwrap();
    assert_eq!(
        answers,
        [Appended::Queued, Appended::Queued, Appended::Repeat]
    );
    assert_eq!(append(&queue, "b").await, Appended::Repeat);
    assert_eq!(queue.stats(), QueueStats { queued: 2, dead: 0 });
}

#[tokio::test]
async fn without_an_event_id_nothing_is_a_repeat() {
    let world = World::new();
    let queue = world.open();
    let answers = queue
        .append(vec![conversion(None, 7), conversion(None, 7)])
        .await
        .unwrap();
    assert_eq!(answers, [Appended::Queued, Appended::Queued]);
}

#[tokio::test]
async fn what_was_acknowledged_survives_and_leases_do_not() {
    let world = World::new();
    let queue = world.open();
    append(&queue, "a").await;
    append(&queue, "b").await;
    assert_eq!(world.lease(&queue, Kind::Fresh, 10).await.rows.len(), 2);
    assert_eq!(world.lease(&queue, Kind::Fresh, 10).await.rows.len(), 0);
    // As a crash leaves them: the files as they are, log and all.
    let (data, copy) = (world.folder.path().join("data"), World::new());
    std::fs::create_dir(copy.folder.path().join("data")).unwrap();
    for file in std::fs::read_dir(data).unwrap() {
        let file = file.unwrap();
        std::fs::copy(
            file.path(),
            copy.folder.path().join("data").join(file.file_name()),
        )
        .unwrap();
    }
    let queue = copy.open();
    assert_eq!(queue.waiting(&World::lane()).standard, 2);
    let lease = copy.lease(&queue, Kind::Fresh, 10).await;
    assert_eq!(
        payloads(&lease),
        [r#"{"event_id":"a"}"#, r#"{"event_id":"b"}"#]
    );
    assert_eq!(append(&queue, "a").await, Appended::Repeat);
}

#[tokio::test]
async fn rows_are_leased_once_in_order_and_again_after_a_release() {
    let world = World::new();
    let queue = world.open();
    for id in ["a", "b", "c"] {
        append(&queue, id).await;
    }
    let seqs = |lease: &Lease| lease.rows.iter().map(|row| row.seq).collect::<Vec<_>>();
    assert_eq!(seqs(&world.lease(&queue, Kind::Fresh, 2).await), [1, 2]);
    assert_eq!(queue.waiting(&World::lane()).standard, 1);
    assert_eq!(seqs(&world.lease(&queue, Kind::Fresh, 2).await), [3]);
    queue.release(&World::lane()).await.unwrap();
    assert_eq!(queue.waiting(&World::lane()).standard, 3);
    assert_eq!(seqs(&world.lease(&queue, Kind::Fresh, 9).await), [1, 2, 3]);
}

#[tokio::test]
async fn the_number_of_a_delivered_row_is_not_given_again() {
    let world = World::new();
    let queue = world.open();
    append(&queue, "a").await;
    let lease = world.lease(&queue, Kind::Fresh, 9).await;
    settle(&queue, &lease.rows, Fate::Delivered).await;
    append(&queue, "b").await;
    assert_eq!(
        payloads(&world.lease(&queue, Kind::Fresh, 9).await),
        [r#"{"event_id":"b"}"#]
    );
}

#[tokio::test]
async fn lanes_and_classes_are_apart() {
    let world = World::new();
    let queue = world.open();
    let coded = LaneKey::new("shop", Some("TEST1"));
    let in_lane = |lane: &LaneKey, source, id| conversion_in(lane.clone(), source, Some(id), 7);
    queue
        .append(vec![
            in_lane(&World::lane(), ActionSource::Website, "a"),
            in_lane(&coded, ActionSource::Website, "b"),
            in_lane(&coded, ActionSource::PhysicalStore, "c"),
        ])
        .await
        .unwrap();
    let depths = queue
        .lanes()
        .into_iter()
        .map(|depth| (depth.lane, depth.queued));
    assert_eq!(
        depths.collect::<Vec<_>>(),
        [(World::lane(), 1), (coded.clone(), 2)]
    );
    assert_eq!(
        queue.waiting(&coded),
        Waiting {
            standard: 1,
            physical_store: 1
        }
    );
    let lease = queue
        .lease(LeaseRequest {
            lane: coded,
            class: Class::PhysicalStore,
            kind: Kind::Fresh,
            max: 9,
            now_ms: START_MS,
        })
        .await
        .unwrap();
    assert_eq!(payloads(&lease), [r#"{"event_id":"c"}"#]);
}

#[tokio::test]
async fn a_retried_row_comes_back_when_it_is_due_with_its_history() {
    let world = World::new();
    let queue = world.open();
    append(&queue, "a").await;
    let lease = world.lease(&queue, Kind::Fresh, 9).await;
    settle(&queue, &lease.rows, retry_at(START_MS + 500)).await;
    let early = world.lease(&queue, Kind::Retry, 9).await;
    assert_eq!(
        (early.rows.len(), early.next_due_ms),
        (0, Some(START_MS + 500))
    );
    world.clock.pass(500);
    let due = world.lease(&queue, Kind::Retry, 9).await;
    let row = &due.rows[0];
    assert_eq!(
        (row.attempts, row.first_attempt_ms, row.outcome_unknown),
        (1, Some(START_MS), true)
    );
    assert_eq!(
        world.lease(&queue, Kind::Retry, 9).await.rows.len(),
        0,
        "it is leased"
    );
    assert_eq!(world.lease(&queue, Kind::Fresh, 9).await.rows.len(), 0);
    settle(&queue, &due.rows, retry_at(START_MS + 500)).await;
    assert_eq!(
        world.lease(&queue, Kind::Retry, 9).await.rows[0].attempts,
        2
    );
}

#[tokio::test]
async fn a_clock_that_goes_back_by_days_hides_no_retry() {
    let world = World::new();
    let queue = world.open();
    append(&queue, "a").await;
    let lease = world.lease(&queue, Kind::Fresh, 9).await;
    settle(&queue, &lease.rows, retry_at(START_MS + 500)).await;
    world.clock.pass(-100 * HOUR_MS);
    assert_eq!(world.lease(&queue, Kind::Retry, 9).await.rows.len(), 1);
}

#[tokio::test]
async fn a_delivered_id_is_a_repeat_for_48_hours_and_not_for_ever() {
    let world = World::new();
    let mut queue = world.open();
    append(&queue, "a").await;
    let lease = world.lease(&queue, Kind::Fresh, 9).await;
    settle(&queue, &lease.rows, Fate::Delivered).await;
    assert_eq!(queue.stats().queued, 0);
    for reopen in [false, true] {
        if reopen {
            drop(queue);
            queue = world.open();
        }
        assert_eq!(
            append(&queue, "a").await,
            Appended::Repeat,
            "reopened: {reopen}"
        );
    }
    world.clock.pass(48 * HOUR_MS);
    assert_eq!(append(&queue, "a").await, Appended::Repeat);
    world.clock.pass(24 * HOUR_MS);
    assert_eq!(append(&queue, "a").await, Appended::Queued);
}

#[tokio::test]
async fn a_queued_id_is_a_repeat_however_long_it_waits() {
    let world = World::new();
    let queue = world.open();
    append(&queue, "a").await;
    world.clock.pass(6 * 24 * HOUR_MS);
    assert_eq!(append(&queue, "a").await, Appended::Repeat);
}

#[tokio::test]
async fn burying_keeps_the_row_with_its_reason_and_frees_its_id() {
    let world = World::new();
    let queue = world.open();
    append(&queue, "a").await;
    let lease = world.lease(&queue, Kind::Fresh, 9).await;
    settle(&queue, &lease.rows, buried()).await;
    assert_eq!(queue.stats(), QueueStats { queued: 0, dead: 1 });
    assert_eq!(append(&queue, "a").await, Appended::Queued);
    let dead = Connection::open(queue.file()).unwrap();
    let row = dead
        .query_row(
            "SELECT destination || reason || code || subcode || message || fbtrace_id ||
                 dataset_id || event_name || event_id || event_time || payload FROM dead",
            [],
            |row| row.get::<_, String>(0),
        )
        .unwrap();
    assert_eq!(
        row,
        r#"shoprejected1002804050too broadA11Purchasea7{"event_id":"a"}"#
    );
}

#[tokio::test]
async fn settling_twice_changes_nothing() {
    let world = World::new();
    let queue = world.open();
    append(&queue, "a").await;
    let lease = world.lease(&queue, Kind::Fresh, 9).await;
    for fate in [Fate::Delivered, Fate::Delivered, buried(), retry_at(1)] {
        settle(&queue, &lease.rows, fate).await;
    }
    assert_eq!(queue.stats(), QueueStats::default());
}

#[tokio::test]
async fn a_second_opener_is_refused_until_the_first_is_gone() {
    let world = World::new();
    let queue = world.open();
    let error = world.try_open().unwrap_err();
    assert!(matches!(error, QueueError::Locked { .. }), "{error}");
    drop(queue);
    world.open();
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new();
    let queue = world.open();
    append(&queue, "a").await;
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = queue.file().parent().unwrap();
    assert_eq!(mode(folder), 0o700);
    let files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    assert!(files.len() >= 3, "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[tokio::test]
async fn why_a_lane_does_not_send_outlives_the_process() {
    let world = World::new();
    let queue = world.open();
    append(&queue, "a").await;
    let refusal = Refusal {
        code: Some(190),
        message: "dead".to_owned(),
        ..Refusal::default()
    };
    let halts = [
        Some(Halt::Parked { refusal }),
        Some(Halt::Throttled { until_ms: 7 }),
        None,
    ];
    let mut queue = Some(queue);
    for halt in halts {
        let open = queue.take().unwrap();
        open.halt(&World::lane(), halt.clone()).await.unwrap();
        assert_eq!(open.halted(&World::lane()), halt);
        drop(open);
        let again = world.open();
        assert_eq!(again.halted(&World::lane()), halt);
        queue = Some(again);
    }
}

#[test]
fn a_later_schema_and_a_foreign_file_are_refused() {
    let world = World::new();
    let file = world.open().file().to_owned();
    let set = |version: i64| {
        Connection::open(&file)
            .unwrap()
            .pragma_update(None, "user_version", version)
            .unwrap();
    };
    set(99);
    let error = world.try_open().unwrap_err();
    assert!(
        matches!(error, QueueError::Schema { found: 99, .. }),
        "{error}"
    );
    set(0);
    let error = world.try_open().unwrap_err();
    assert!(matches!(error, QueueError::Foreign { .. }), "{error}");
}

#[tokio::test]
async fn a_full_disk_refuses_appends_and_takes_them_again_in_place() {
    let world = World::new();
    let queue = world.open();
    // SQLite answers as for a full disk when a file has all the pages allowed.
    append(&queue, "a").await;
    queue.limit_pages(20).await;
    let many: Vec<_> = (0..2000)
        .map(|id| conversion(Some(&format!("x{id}")), 7))
        .collect();
    let error = queue.append(many.clone()).await.unwrap_err();
    assert!(matches!(error, QueueError::Full), "{error}");
    assert_eq!(queue.stats().queued, 1);
    assert_eq!(queue.waiting(&World::lane()).standard, 1);
    queue.limit_pages(1_000_000).await;
    let answers = queue.append(many).await.unwrap();
    assert!(answers.iter().all(|answer| *answer == Appended::Queued));
    assert_eq!(queue.stats().queued, 2001);
}

/// A day begins on a full disk: there is no table for its marks, and one in an
/// older table would be forgotten with that.
#[tokio::test]
async fn a_mark_that_is_made_on_a_full_disk_stands_as_long_as_any() {
    let world = World::new();
    let queue = world.open();
    append(&queue, "a").await;
    let lease = world.lease(&queue, Kind::Fresh, 9).await;
    queue.limit_pages(1).await;
    world.clock.pass(48 * HOUR_MS);
    let delivered = vec![Settlement {
        seq: lease.rows[0].seq,
        fate: Fate::Delivered,
    }];
    assert!(queue.settle(delivered.clone()).await.is_err());
    queue.limit_pages(1_000_000).await;
    queue.settle(delivered).await.unwrap();
    drop(queue);
    world.clock.pass(47 * HOUR_MS);
    assert_eq!(append(&world.open(), "a").await, Appended::Repeat);
}

#[tokio::test]
async fn a_queue_that_holds_as_much_as_it_may_takes_no_more_until_it_empties() {
    let world = World::new();
    let options = world.options().max_bytes(200_000);
    let queue = SqliteQueue::open(options).unwrap();
    let mut taken = 0;
    let error = loop {
        let many: Vec<_> = (0..100)
            .map(|id| conversion(Some(&format!("{taken}-{id}")), 7))
            .collect();
        match queue.append(many).await {
            Ok(_) => taken += 100,
            Err(error) => break error,
        }
        assert!(taken < 100_000, "there is no limit");
    };
    assert!(
        matches!(error, QueueError::Limit { max_bytes: 200_000 }),
        "{error}"
    );
    assert_eq!(queue.stats().queued, taken);
    // What is in it can leave, and then there is room again.
    let lease = world.lease(&queue, Kind::Fresh, 1_000_000).await;
    settle(&queue, &lease.rows, Fate::Delivered).await;
    settle(&queue, &[], Fate::Delivered).await;
    assert_eq!(append(&queue, "after").await, Appended::Queued);
}

#[tokio::test]
async fn concurrent_appends_of_one_id_queue_it_once() {
    let world = World::new();
    let queue = Arc::new(world.open());
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..32 {
        let queue = Arc::clone(&queue);
        calls.spawn(async move { append(&queue, "a").await });
    }
    let answers = calls.join_all().await;
    let queued = answers
        .iter()
        .filter(|answer| **answer == Appended::Queued)
        .count();
    assert_eq!(queued, 1);
}

/// The first append keeps the writer at its commit while the settlement and the
/// repeat gather behind it: the next commit holds both.
#[tokio::test]
async fn a_repeat_in_the_commit_that_settles_its_row_is_told() {
    let world = World::new();
    let queue = world.open();
    for round in 0..50 {
        let id = format!("id{round}");
        append(&queue, &id).await;
        let rows = world.lease(&queue, Kind::Fresh, 10).await.rows;
        let elsewhere = LaneKey::new("elsewhere", None);
        let other = |other: usize| {
            conversion_in(
                elsewhere.clone(),
                ActionSource::Other,
                Some(&format!("{round}.{other}")),
                7,
            )
        };
        let (_, (), again) = tokio::join!(
            queue.append((0..500).map(other).collect()),
            settle(&queue, &rows, Fate::Delivered),
            append(&queue, &id),
        );
        assert_eq!(again, Appended::Repeat, "round {round}");
    }
}
