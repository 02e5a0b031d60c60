//! Dead letters on real files, and files of earlier versions.

use rusqlite::Connection;

use super::*;

/// Appends and buries one conversion.
async fn bury(world: &World, queue: &SqliteQueue, id: &str, fate: Fate) {
    assert_eq!(append(queue, id).await, Appended::Queued);
    let lease = world.lease(queue, Kind::Fresh, 9).await;
    settle(queue, &lease.rows, fate).await;
}

fn of(id: &str) -> DeadFilter {
    DeadFilter {
        event_id: Some(id.into()),
        ..DeadFilter::default()
    }
}

async fn ids(queue: &SqliteQueue, filter: DeadFilter) -> Vec<String> {
    let letters = queue.dead(filter, 0, 100).await.unwrap();
    letters
        .into_iter()
        .filter_map(|letter| letter.event_id)
        .collect()
}

#[tokio::test]
async fn letters_are_found_by_what_they_say_and_in_pages() {
    let world = World::new();
    let queue = world.open();
    for id in ["a", "b", "c"] {
        bury(&world, &queue, id, buried()).await;
        world.clock.pass(1000);
    }
    let all = queue.dead(DeadFilter::default(), 0, 2).await.unwrap();
    assert_eq!(all.len(), 2);
    let letter = &all[0];
    assert_eq!(
        (
            letter.reason.as_str(),
            letter.code,
            letter.subcode,
            letter.event.get()
        ),
        (
            "rejected",
            Some(100),
            Some(2_804_050),
            r#"{"event_id":"a"}"#
        )
    );
    let rest = queue
        .dead(DeadFilter::default(), all[1].id, 2)
        .await
        .unwrap();
    assert_eq!(rest.len(), 1);
    assert_eq!(ids(&queue, of("b")).await, ["b"]);
    let filter = |filter: DeadFilter| ids(&queue, filter);
    for (wanted, found) in [
        (
            DeadFilter {
                code: Some(100),
                ..DeadFilter::default()
            },
            3,
        ),
        (
            DeadFilter {
                code: Some(190),
                ..DeadFilter::default()
            },
            0,
        ),
        (
            DeadFilter {
                destination: Some("shop".into()),
                ..DeadFilter::default()
            },
            3,
        ),
        (
            DeadFilter {
                reason: Some("expired".into()),
                ..DeadFilter::default()
            },
            0,
        ),
        (
            DeadFilter {
                order_id: Some("x".into()),
                ..DeadFilter::default()
            },
            0,
        ),
        (
            DeadFilter {
                since_ms: Some(START_MS + 1000),
                ..DeadFilter::default()
            },
            2,
        ),
        (
            DeadFilter {
                before_ms: Some(START_MS + 1000),
                ..DeadFilter::default()
            },
            1,
        ),
    ] {
        assert_eq!(filter(wanted.clone()).await.len(), found, "{wanted:?}");
    }
}

#[tokio::test]
async fn a_letter_that_is_retried_is_a_new_row_of_its_lane() {
    let world = World::new();
    let queue = world.open();
    bury(&world, &queue, "a", buried()).await;
    let done = queue.retry_dead(of("a")).await.unwrap();
    assert_eq!(
        done,
        Retried {
            queued: 1,
            repeats: 0
        }
    );
    assert_eq!(queue.stats(), QueueStats { queued: 1, dead: 0 });
    assert_eq!(append(&queue, "a").await, Appended::Repeat);
    let lease = world.lease(&queue, Kind::Fresh, 9).await;
    assert_eq!(payloads(&lease), [r#"{"event_id":"a"}"#]);
    assert_eq!(
        (lease.rows[0].attempts, lease.rows[0].first_attempt_ms),
        (0, None)
    );
    settle(&queue, &lease.rows, Fate::Delivered).await;
    assert_eq!(queue.stats(), QueueStats::default());
}

#[tokio::test]
async fn a_bulk_replay_after_a_corrected_resend_sends_nothing_twice() {
    let world = World::new();
    let queue = world.open();
    for id in ["queued", "delivered", "only dead"] {
        bury(&world, &queue, id, buried()).await;
    }
    // Both came again, corrected; one of them is delivered already.
    append(&queue, "delivered").await;
    let lease = world.lease(&queue, Kind::Fresh, 9).await;
    settle(&queue, &lease.rows, Fate::Delivered).await;
    append(&queue, "queued").await;
    let done = queue.retry_dead(DeadFilter::default()).await.unwrap();
    assert_eq!(
        done,
        Retried {
            queued: 1,
            repeats: 2
        }
    );
    let mut left = ids(&queue, DeadFilter::default()).await;
    left.sort();
    assert_eq!(left, ["delivered", "queued"]);
}

#[tokio::test]
async fn what_meta_may_have_is_a_repeat_for_clients_and_can_be_retried_by_hand() {
    let world = World::new();
    let queue = world.open();
    let aside = Fate::Buried {
        reason: BuryReason::PartlyConfirmed,
        refusal: None,
    };
    bury(&world, &queue, "a", aside).await;
    assert_eq!(append(&queue, "a").await, Appended::Repeat);
    let done = queue.retry_dead(of("a")).await.unwrap();
    assert_eq!(
        done,
        Retried {
            queued: 1,
            repeats: 0
        }
    );
}

#[tokio::test]
async fn purged_letters_are_gone_and_the_others_stay() {
    let world = World::new();
    let queue = world.open();
    for id in ["a", "b"] {
        bury(&world, &queue, id, buried()).await;
    }
    assert_eq!(queue.purge_dead(of("a")).await.unwrap(), 1);
    assert_eq!(queue.stats(), QueueStats { queued: 0, dead: 1 });
    assert_eq!(ids(&queue, DeadFilter::default()).await, ["b"]);
}

#[tokio::test]
async fn old_letters_go_when_their_time_is_over() {
    let world = World::new();
    let queue = SqliteQueue::open(world.options().dead_days(30)).unwrap();
    bury(&world, &queue, "old", buried()).await;
    world.clock.pass(29 * 24 * HOUR_MS);
    bury(&world, &queue, "new", buried()).await;
    assert_eq!(queue.stats().dead, 2);
    world.clock.pass(25 * HOUR_MS);
    append(&queue, "anything").await;
    assert_eq!(queue.stats().dead, 1);
    assert_eq!(ids(&queue, DeadFilter::default()).await, ["new"]);
}

#[tokio::test]
async fn a_burial_that_is_taken_back_is_queued_as_one_that_was_tried() {
    let world = World::new();
    let queue = world.open();
    append(&queue, "a").await;
    append(&queue, "b").await;
    let lease = world.lease(&queue, Kind::Fresh, 9).await;
    settle(&queue, &lease.rows, buried()).await;
    // One of them came again since.
    append(&queue, "b").await;
    settle(&queue, &lease.rows, Fate::TakenBack).await;
    assert_eq!(queue.stats(), QueueStats { queued: 2, dead: 1 });
    let back = world.lease(&queue, Kind::Retry, 9).await;
    assert_eq!(payloads(&back), [r#"{"event_id":"a"}"#]);
}

#[tokio::test]
async fn a_file_of_version_1_is_brought_up_to_date_with_all_that_is_in_it() {
    let world = World::new();
    let folder = world.folder.path().join("data");
    std::fs::create_dir(&folder).unwrap();
    Connection::open(folder.join("queue.sqlite"))
        .unwrap()
        .execute_batch(include_str!("version_1.sql"))
        .unwrap();
    let queue = world.open();
    assert_eq!(queue.stats(), QueueStats { queued: 1, dead: 1 });
    let letters = queue.dead(DeadFilter::default(), 0, 9).await.unwrap();
    assert_eq!(
        (letters[0].event_id.as_deref(), &letters[0].action),
        (Some("buried"), &None)
    );
    assert_eq!(queue.retry_dead(of("buried")).await.unwrap().queued, 1);
    let lease = world.lease(&queue, Kind::Fresh, 9).await;
    assert_eq!(
        payloads(&lease),
        [r#"{"event_id":"waiting"}"#, r#"{"event_id":"buried"}"#]
    );
    drop(queue);
    assert_eq!(world.open().stats().queued, 2);
}
