//! Reports, copies, and destinations that are gone.

use std::time::Duration;

use super::*;

const DAY_S: i64 = 24 * 60 * 60;

fn of(destination: &str, id: &str, event_time: i64) -> Conversion {
    let mut one = conversion(Some(id), event_time);
    one.lane = LaneKey::new(destination, None);
    one
}

fn datasets(names: &[&str]) -> Vec<(String, String)> {
    let pair = |name: &&str| ((*name).to_owned(), "1".to_owned());
    names.iter().map(pair).collect()
}

async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    for _ in 0..3_000 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("never: {what}");
}

#[tokio::test]
async fn a_report_says_how_much_waits_and_since_when() {
    let world = World::new();
    let queue = world.open();
    for id in ["a", "b", "c", "d"] {
        append(&queue, id).await;
        world.clock.pass(1_000);
    }
    let rows = world.lease(&queue, LeaseKind::Fresh, 3).await.rows;
    acknowledge(&queue, &rows[..1], retry_at(START_MS)).await;
    acknowledge(&queue, &rows[1..2], Disposition::Delivered).await;
    let report = queue.report().await.unwrap();
    let lane = &report.lanes[0];
    assert_eq!((lane.queued, lane.tried), (3, 1));
    assert_eq!(report.oldest_ms, Some(START_MS));
    drop(queue);
    let again = world.open().report().await.unwrap();
    assert_eq!(again.lanes, report.lanes, "after a restart, too");
}

#[tokio::test]
async fn letters_are_found_among_many_that_are_not_asked_for() {
    let world = World::new();
    let queue = world.open();
    let ids = (0..11_000).map(|id| conversion(Some(&id.to_string()), 7));
    queue.append(ids.collect()).await.unwrap();
    let rows = world.lease(&queue, LeaseKind::Fresh, 20_000).await.rows;
    acknowledge(&queue, &rows, dead_lettered()).await;
    let filter = DeadFilter {
        event_id: Some("10999".into()),
        ..DeadFilter::default()
    };
    let found = queue.dead(filter.clone(), 0, 9).await.unwrap();
    assert_eq!(found.len(), 1);
    let retried = queue.retry_dead(filter.clone(), vec!["shop".into()]).await;
    assert_eq!(retried.unwrap().queued, 1);
    assert_eq!(queue.purge_dead(filter).await.unwrap(), 0);
    assert_eq!(
        queue.purge_dead(DeadFilter::default()).await.unwrap(),
        10_999
    );
}

#[tokio::test]
async fn rows_of_a_destination_that_is_gone_become_too_old_like_any() {
    let world = World::new();
    let now_s = START_MS / 1000;
    let queue = world.open();
    let rows = (0..1_200).map(|id| of("gone", &format!("old{id}"), now_s - 8 * DAY_S));
    queue.append(rows.collect()).await.unwrap();
    let others = vec![
        of("gone", "young", now_s),
        of("shop", "old", now_s - 8 * DAY_S),
    ];
    queue.append(others).await.unwrap();
    drop(queue);
    // With a restart, since a round begins an hour after the last.
    let queue = world.open();
    queue.rebind_dataset(datasets(&["shop"])).await.unwrap();
    until("they are expired", async || queue.stats().dead == 1_200).await;
    let letter = &queue.dead(DeadFilter::default(), 0, 1).await.unwrap()[0];
    assert_eq!((&*letter.reason, &*letter.destination), ("expired", "gone"));
    assert_eq!(queue.stats().queued, 2);
}

#[tokio::test]
async fn what_waits_for_a_destination_that_is_gone_is_given_to_another() {
    let world = World::new();
    let queue = world.open();
    let mut rows: Vec<_> = (0..1_500).map(|id| of("old", &id.to_string(), 7)).collect();
    let mut coded = of("old", "coded", 7);
    coded.lane = LaneKey::new("old", Some("TEST1"));
    rows.push(coded);
    queue.append(rows).await.unwrap();
    // One waits for the other dataset already, one was delivered to it.
    let mut there = [of("new", "0", 7), of("new", "1", 7)];
    for one in &mut there {
        one.dataset_id = "2".into();
        one.key = rebind_dataset::key("2", Some(&one.event_name), one.event_id.as_deref());
    }
    queue.append(there.to_vec()).await.unwrap();
    let lane = LaneKey::new("new", None);
    let request = |kind, max| LeaseRequest {
        lane: lane.clone(),
        class: Class::Standard,
        kind,
        max,
        max_bytes: usize::MAX,
        now_ms: START_MS,
    };
    let first = queue
        .lease(request(LeaseKind::Fresh, 1))
        .await
        .unwrap()
        .rows;
    acknowledge(&queue, &first, Disposition::Delivered).await;
    assert_eq!(queue.reassign("old", "new", "2").await.unwrap(), 1_499);
    assert_eq!(queue.reassign("old", "new", "2").await.unwrap(), 0);
    assert_eq!(queue.stats().queued, 1_500);
    let depths: Vec<_> = queue
        .lanes()
        .into_iter()
        .map(|depth| depth.queued)
        .collect();
    assert_eq!(depths, [1_499, 1]);
    // A lane that runs gets them though it has leased what came later.
    let rows = queue
        .lease(request(LeaseKind::Retry, 2_000))
        .await
        .unwrap()
        .rows;
    assert_eq!(rows.len(), 1_498);
    assert_eq!(
        queue.append(there.to_vec()).await.unwrap(),
        [Appended::Duplicate; 2]
    );
    assert_eq!(
        append(&queue, "7").await,
        Appended::Queued,
        "it went from there"
    );
    assert_eq!(queue.purge_queued("new").await.unwrap(), 1_500);
    assert_eq!(queue.stats().queued, 1);
    assert_eq!(queue.waiting(&lane), Waiting::default());
    acknowledge(&queue, &rows, Disposition::Delivered).await;
}

#[tokio::test]
async fn a_copy_that_is_ended_leaves_nothing_behind() {
    let world = World::new();
    let queue = world.open();
    append(&queue, "a").await;
    let to = world.folder.path().join("copy.sqlite");
    queue.backup(to.clone()).await.unwrap();
    let rows: i64 = Connection::open(&to)
        .unwrap()
        .query_row("SELECT count(*) FROM queued", [], |row| row.get(0))
        .unwrap();
    assert_eq!(rows, 1);
    let kept = std::fs::read(&to).unwrap();
    assert!(
        queue.backup(to.clone()).await.is_err(),
        "there is one already"
    );
    assert!(std::fs::read(&to).unwrap() == kept);
    let many = (0..3_000).map(|id| conversion(Some(&format!("x{id}")), 7));
    queue.append(many.collect()).await.unwrap();
    queue.end_backups();
    let other = world.folder.path().join("other.sqlite");
    let error = queue.backup(other.clone()).await.unwrap_err();
    assert!(matches!(error, QueueError::Closed), "{error}");
    assert!(!other.exists());
}

/// What was delivered gives its room back, while the queue is open and at rest.
#[tokio::test]
async fn a_file_shrinks_once_the_queue_is_empty() {
    let world = World::new();
    let queue = SqliteQueue::open(world.options().reserve(64 << 20)).unwrap();
    for batch in 0..20 {
        let rows = (0..500).map(|id| {
            let mut one = conversion(Some(&format!("{batch}-{id}")), 7);
            one.payload = vec![b'x'; 3_000].into();
            one
        });
        queue.append(rows.collect()).await.unwrap();
    }
    let rows = world.lease(&queue, LeaseKind::Fresh, 20_000).await.rows;
    assert_eq!(rows.len(), 10_000);
    for rows in rows.chunks(1_000) {
        acknowledge(&queue, rows, Disposition::Delivered).await;
    }
    let size = || std::fs::metadata(queue.file()).unwrap().len();
    until("it is small", async || size() < 8 << 20).await;
    let wal = std::fs::metadata(folder::side_file(queue.file(), "-wal"));
    assert!(wal.unwrap().len() <= 80 << 20);
}

/// A clock that jumps ahead must not be the end of what is kept for days.
#[tokio::test]
async fn nothing_is_too_old_by_a_clock_that_jumped() {
    struct Jumping(TestClock);
    impl Clock for Jumping {
        fn now_ms(&self) -> i64 {
            self.0.now_ms()
        }
        fn monotonic_ms(&self) -> i64 {
            MONOTONIC_MS.load(Ordering::Relaxed)
        }
    }
    static MONOTONIC_MS: AtomicI64 = AtomicI64::new(0);
    let world = World::new();
    let clock = Arc::new(Jumping(world.clock.clone()));
    let queue = SqliteQueue::open(world.options().dead_days(30).clock(clock)).unwrap();
    append(&queue, "a").await;
    append(&queue, "b").await;
    let rows = world.lease(&queue, LeaseKind::Fresh, 9).await.rows;
    acknowledge(&queue, &rows[..1], dead_lettered()).await;
    acknowledge(&queue, &rows[1..], Disposition::Delivered).await;
    world.clock.pass(90 * 24 * HOUR_MS);
    assert_eq!(append(&queue, "b").await, Appended::Duplicate);
    assert_eq!(queue.stats().dead, 1);
    for _ in 0..2 {
        MONOTONIC_MS.fetch_add(HOUR_MS, Ordering::Relaxed);
        world.clock.pass(HOUR_MS);
        append(&queue, "c").await;
    }
    append(&queue, "d").await;
    assert_eq!(queue.stats().dead, 0);
    assert_eq!(append(&queue, "b").await, Appended::Queued);
}
