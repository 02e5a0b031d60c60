//! A full disk, and a queue that holds as much as it may.

use super::*;

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
    // What was kept of it, and what was there before.
    let kept = queue.stats().queued;
    assert!(kept < 2001, "{kept}");
    assert_eq!(queue.waiting(&World::lane()).standard, kept);
    queue.limit_pages(1_000_000).await;
    let answers = queue.append(many).await.unwrap();
    let duplicates = answers.iter().filter(|one| **one == Appended::Duplicate);
    assert_eq!(duplicates.count() as u64, kept - 1);
    assert_eq!(queue.stats().queued, 2001);
}

/// A day begins on a full disk: no table holds its entries, and one in an
/// older table would be forgotten with that.
#[tokio::test]
async fn a_mark_that_is_made_on_a_full_disk_stands_as_long_as_any() {
    let world = World::new();
    let queue = world.open();
    append(&queue, "a").await;
    let lease = world.lease(&queue, LeaseKind::Fresh, 9).await;
    queue.limit_pages(1).await;
    world.clock.pass(48 * HOUR_MS);
    let delivered: Arc<[Ack]> = Arc::new([Ack {
        seq: lease.rows[0].seq,
        disposition: Disposition::Delivered,
    }]);
    assert!(queue.acknowledge(Arc::clone(&delivered)).await.is_err());
    queue.limit_pages(1_000_000).await;
    queue.acknowledge(delivered).await.unwrap();
    drop(queue);
    world.clock.pass(47 * HOUR_MS);
    assert_eq!(append(&world.open(), "a").await, Appended::Duplicate);
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
        assert!(taken < 100_000, "no limit holds");
    };
    assert!(
        matches!(error, QueueError::Limit { max_bytes: 200_000 }),
        "{error}"
    );
    assert_eq!(queue.stats().queued, taken);
    // What is in it can leave, and then there is room again.
    let lease = world.lease(&queue, LeaseKind::Fresh, 1_000_000).await;
    acknowledge(&queue, &lease.rows, Disposition::Delivered).await;
    acknowledge(&queue, &[], Disposition::Delivered).await;
    assert_eq!(append(&queue, "after").await, Appended::Queued);
}
