//! Which rows are handed out, once and in order, and when they come back.

use super::*;

#[tokio::test]
async fn what_was_acknowledged_survives_and_leases_do_not() {
    let world = World::new();
    let queue = world.open();
    append(&queue, "a").await;
    append(&queue, "b").await;
    assert_eq!(
        world.lease(&queue, LeaseKind::Fresh, 10).await.rows.len(),
        2
    );
    assert_eq!(
        world.lease(&queue, LeaseKind::Fresh, 10).await.rows.len(),
        0
    );
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
    let lease = copy.lease(&queue, LeaseKind::Fresh, 10).await;
    assert_eq!(
        payloads(&lease),
        [r#"{"event_id":"a"}"#, r#"{"event_id":"b"}"#]
    );
    assert_eq!(append(&queue, "a").await, Appended::Duplicate);
}

#[tokio::test]
async fn rows_are_leased_once_in_order_and_again_after_a_release() {
    let world = World::new();
    let queue = world.open();
    for id in ["a", "b", "c"] {
        append(&queue, id).await;
    }
    let seqs = |lease: &Lease| lease.rows.iter().map(|row| row.seq).collect::<Vec<_>>();
    assert_eq!(
        seqs(&world.lease(&queue, LeaseKind::Fresh, 2).await),
        [1, 2]
    );
    assert_eq!(queue.waiting(&World::lane()).standard, 1);
    assert_eq!(seqs(&world.lease(&queue, LeaseKind::Fresh, 2).await), [3]);
    queue.release(&World::lane()).await.unwrap();
    assert_eq!(queue.waiting(&World::lane()).standard, 3);
    assert_eq!(
        seqs(&world.lease(&queue, LeaseKind::Fresh, 9).await),
        [1, 2, 3]
    );
}

#[tokio::test]
async fn the_number_of_a_delivered_row_is_not_given_again() {
    let world = World::new();
    let queue = world.open();
    append(&queue, "a").await;
    let lease = world.lease(&queue, LeaseKind::Fresh, 9).await;
    acknowledge(&queue, &lease.rows, Disposition::Delivered).await;
    append(&queue, "b").await;
    assert_eq!(
        payloads(&world.lease(&queue, LeaseKind::Fresh, 9).await),
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
            kind: LeaseKind::Fresh,
            max: 9,
            max_bytes: usize::MAX,
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
    let lease = world.lease(&queue, LeaseKind::Fresh, 9).await;
    acknowledge(&queue, &lease.rows, retry_at(START_MS + 500)).await;
    let early = world.lease(&queue, LeaseKind::Retry, 9).await;
    assert_eq!(
        (early.rows.len(), early.next_due_ms),
        (0, Some(START_MS + 500))
    );
    world.clock.pass(500);
    let due = world.lease(&queue, LeaseKind::Retry, 9).await;
    let row = &due.rows[0];
    assert_eq!(
        (row.attempts, row.first_attempt_ms, row.outcome_unknown),
        (1, Some(START_MS), true)
    );
    assert_eq!(
        world.lease(&queue, LeaseKind::Retry, 9).await.rows.len(),
        0,
        "it is leased"
    );
    assert_eq!(world.lease(&queue, LeaseKind::Fresh, 9).await.rows.len(), 0);
    acknowledge(&queue, &due.rows, retry_at(START_MS + 500)).await;
    assert_eq!(
        world.lease(&queue, LeaseKind::Retry, 9).await.rows[0].attempts,
        2
    );
}

#[tokio::test]
async fn a_clock_that_goes_back_by_days_hides_no_retry() {
    let world = World::new();
    let queue = world.open();
    append(&queue, "a").await;
    let lease = world.lease(&queue, LeaseKind::Fresh, 9).await;
    acknowledge(&queue, &lease.rows, retry_at(START_MS + 500)).await;
    world.clock.pass(-100 * HOUR_MS);
    assert_eq!(world.lease(&queue, LeaseKind::Retry, 9).await.rows.len(), 1);
}

#[tokio::test]
async fn settling_twice_changes_nothing() {
    let world = World::new();
    let queue = world.open();
    append(&queue, "a").await;
    let lease = world.lease(&queue, LeaseKind::Fresh, 9).await;
    for disposition in [
        Disposition::Delivered,
        Disposition::Delivered,
        dead_lettered(),
        retry_at(1),
    ] {
        acknowledge(&queue, &lease.rows, disposition).await;
    }
    assert_eq!(queue.stats(), QueueStats::default());
}
