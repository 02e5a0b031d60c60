//! What is a repeat, and for how long.

use super::*;

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
