//! What is a duplicate, and for how long.

use capi_core::Fingerprint;

use super::super::super::DeadCode;
use super::super::super::conversion::dedup_key;
use super::*;

#[tokio::test]
async fn a_repeat_is_told_within_a_batch_and_across_batches() {
    let world = World::new();
    let queue = world.open();
    let batch = ["a", "b", "a"].map(|id| conversion(Some(id), 7));
    let answers = queue.append(batch.to_vec()).await.unwrap();
    assert_eq!(
        answers,
        [Appended::Queued, Appended::Queued, Appended::Duplicate]
    );
    assert_eq!(append(&queue, "b").await, Appended::Duplicate);
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
    let lease = world.lease(&queue, LeaseKind::Fresh, 9).await;
    acknowledge(&queue, &lease.rows, Disposition::Delivered).await;
    assert_eq!(queue.stats().queued, 0);
    for reopen in [false, true] {
        if reopen {
            drop(queue);
            queue = world.open();
        }
        assert_eq!(
            append(&queue, "a").await,
            Appended::Duplicate,
            "reopened: {reopen}"
        );
    }
    world.clock.pass(48 * HOUR_MS);
    assert_eq!(append(&queue, "a").await, Appended::Duplicate);
    world.clock.pass(24 * HOUR_MS);
    assert_eq!(append(&queue, "a").await, Appended::Queued);
}

#[tokio::test]
async fn a_queued_id_is_a_repeat_however_long_it_waits() {
    let world = World::new();
    let queue = world.open();
    append(&queue, "a").await;
    world.clock.pass(6 * 24 * HOUR_MS);
    assert_eq!(append(&queue, "a").await, Appended::Duplicate);
}

#[tokio::test]
async fn burying_keeps_the_row_with_its_reason_and_frees_its_id() {
    let world = World::new();
    let queue = world.open();
    append(&queue, "a").await;
    let lease = world.lease(&queue, LeaseKind::Fresh, 9).await;
    acknowledge(&queue, &lease.rows, dead_lettered()).await;
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

/// The first append keeps the writer at its commit while the ack and the
/// repeat gather behind it: the next commit holds both.
#[tokio::test]
async fn a_repeat_in_the_commit_that_settles_its_row_is_told() {
    let world = World::new();
    let queue = world.open();
    for round in 0..50 {
        let id = format!("id{round}");
        append(&queue, &id).await;
        let rows = world.lease(&queue, LeaseKind::Fresh, 10).await.rows;
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
            acknowledge(&queue, &rows, Disposition::Delivered),
            append(&queue, &id),
        );
        assert_eq!(again, Appended::Duplicate, "round {round}");
    }
}

/// A conversion with this id that says so.
fn saying(id: &str, says: u8) -> Conversion {
    let mut conversion = conversion(Some(id), 7);
    conversion.fingerprint = Some(Fingerprint::stored([1, 0, 0, says, 0]));
    conversion.message_id = Some(format!("message-{says}").into());
    conversion
}

async fn said(queue: &SqliteQueue, id: &str, says: u8) -> Appended {
    queue.append(vec![saying(id, says)]).await.unwrap()[0]
}

async fn differing(queue: &SqliteQueue) -> Vec<DeadLetter> {
    let filter = DeadFilter {
        reason: Some("differing_duplicate".to_owned()),
        code: Some(DeadCode::Own("differing_duplicate".to_owned())),
        ..DeadFilter::default()
    };
    queue.dead(filter, 0, 9).await.unwrap()
}

#[tokio::test]
async fn a_duplicate_that_says_something_else_is_kept_once() {
    let world = World::new();
    let queue = world.open();
    assert_eq!(said(&queue, "a", 1).await, Appended::Queued);
    for _ in 0..2 {
        // Queued first, then delivered, then known from the file.
        for _ in 0..2 {
            assert_eq!(said(&queue, "a", 1).await, Appended::Duplicate);
            assert_eq!(
                append(&queue, "a").await,
                Appended::Duplicate,
                "it says nothing"
            );
        }
        let lease = world.lease(&queue, LeaseKind::Fresh, 9).await;
        acknowledge(&queue, &lease.rows, Disposition::Delivered).await;
    }
    assert!(differing(&queue).await.is_empty());
    assert_eq!(said(&queue, "a", 2).await, Appended::DifferingDuplicate);
    assert_eq!(
        said(&queue, "a", 2).await,
        Appended::Duplicate,
        "it came again"
    );
    drop(queue);
    let queue = world.open();
    assert_eq!(said(&queue, "a", 2).await, Appended::Duplicate);
    assert_eq!(said(&queue, "a", 3).await, Appended::DifferingDuplicate);
    let letters = differing(&queue).await;
    let messages = letters.iter().map(|letter| letter.message_id.as_deref());
    assert_eq!(
        Vec::from_iter(messages),
        [Some("message-2"), Some("message-3")]
    );
    assert_eq!(letters[0].event_id.as_deref(), Some("a"));
    // It cannot be sent under its id, and can under another.
    let retried = queue.retry_dead(DeadFilter::default(), vec!["shop".to_owned()]);
    assert_eq!(retried.await.unwrap().duplicates, 2);
    let renamed = vec![(letters[0].id, saying("b", 2))];
    assert_eq!(
        queue.replace_dead(renamed).await.unwrap(),
        [Replaced::Queued]
    );
    assert_eq!(differing(&queue).await.len(), 1);
}

#[tokio::test]
async fn one_in_the_same_request_and_one_of_a_failed_row_are_found_too() {
    let world = World::new();
    let queue = world.open();
    let both = vec![saying("a", 1), saying("a", 2), saying("b", 1)];
    let answers = queue.append(both).await.unwrap();
    assert_eq!(
        answers,
        [
            Appended::Queued,
            Appended::DifferingDuplicate,
            Appended::Queued
        ]
    );
    // What Meta refused is in nobody's way; what it may have does.
    let lease = world.lease(&queue, LeaseKind::Fresh, 9).await;
    acknowledge(&queue, &lease.rows[..1], dead_lettered()).await;
    let disposition = Disposition::DeadLettered {
        reason: DeadLetterReason::PartlyConfirmed,
        refusal: None,
    };
    acknowledge(&queue, &lease.rows[1..], disposition).await;
    assert_eq!(said(&queue, "a", 3).await, Appended::Queued);
    assert_eq!(said(&queue, "b", 3).await, Appended::DifferingDuplicate);
}

#[tokio::test]
async fn marks_of_an_earlier_version_tell_duplicates_and_no_differences() {
    let world = World::new();
    let queue = world.open();
    said(&queue, "old", 1).await;
    let lease = world.lease(&queue, LeaseKind::Fresh, 9).await;
    acknowledge(&queue, &lease.rows, Disposition::Delivered).await;
    let file = queue.file().to_owned();
    drop(queue);
    let connection = Connection::open(&file).unwrap();
    let marks: String = connection
        .query_row(
            "SELECT name FROM sqlite_schema WHERE name LIKE 'seen%'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    connection
        .execute_batch(&format!(
            "ALTER TABLE {marks} RENAME TO newer;
             CREATE TABLE {marks} (dedup_key BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
             INSERT INTO {marks} SELECT dedup_key FROM newer; DROP TABLE newer;"
        ))
        .unwrap();
    drop(connection);
    let queue = world.open();
    assert_eq!(said(&queue, "old", 2).await, Appended::Duplicate);
    assert_eq!(said(&queue, "new", 1).await, Appended::Queued);
    let lease = world.lease(&queue, LeaseKind::Fresh, 9).await;
    acknowledge(&queue, &lease.rows, Disposition::Delivered).await;
    drop(queue);
    let queue = world.open();
    assert_eq!(said(&queue, "old", 2).await, Appended::Duplicate);
    assert_eq!(said(&queue, "new", 2).await, Appended::DifferingDuplicate);
}

#[tokio::test]
async fn a_row_that_gets_the_dataset_of_a_different_event_is_kept() {
    let world = World::new();
    let queue = world.open();
    let elsewhere = |says: u8, id: &str| {
        let mut conversion = saying(id, says);
        conversion.lane = LaneKey::new("other", None);
        conversion.dataset_id = "2".into();
        conversion.key = Some(dedup_key("2", "Purchase", id));
        conversion
    };
    let rows = vec![
        saying("a", 1),
        saying("b", 1),
        elsewhere(1, "a"),
        elsewhere(2, "b"),
        elsewhere(2, "c"),
    ];
    queue.append(rows).await.unwrap();
    assert_eq!(queue.reassign("other", "shop", "1").await.unwrap(), 1);
    let letters = differing(&queue).await;
    assert_eq!(letters.len(), 1);
    let DeadLetter {
        destination,
        dataset_id,
        event_id,
        ..
    } = &letters[0];
    assert_eq!(
        (
            destination.as_str(),
            dataset_id.as_str(),
            event_id.as_deref()
        ),
        ("shop", "1", Some("b"))
    );
    assert_eq!(queue.stats(), QueueStats { queued: 3, dead: 1 });
    // The same where the destination itself changes its dataset.
    queue.append(vec![elsewhere(3, "a")]).await.unwrap();
    let datasets = ["shop", "other"].map(|name| (name.to_owned(), "1".to_owned()));
    queue.rebind_dataset(datasets.to_vec()).await.unwrap();
    assert_eq!(differing(&queue).await.len(), 2);
    assert_eq!(queue.stats(), QueueStats { queued: 3, dead: 2 });
    // What is counted is what there is.
    drop(queue);
    assert_eq!(world.open().stats(), QueueStats { queued: 3, dead: 2 });
}
