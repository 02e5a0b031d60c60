//! Dead letters on real files, and files of earlier versions.

use capi_core::rejection::{Code, Diagnostic};
use rusqlite::Connection;

use crate::DeadCode;

use super::super::super::conversion::dedup_key;
use super::*;

/// Appends and dead-letters one conversion.
async fn dead_letter(world: &World, queue: &SqliteQueue, id: &str, disposition: Disposition) {
    assert_eq!(append(queue, id).await, Appended::Queued);
    let lease = world.lease(queue, LeaseKind::Fresh, 9).await;
    acknowledge(queue, &lease.rows, disposition).await;
}

fn of(id: &str) -> DeadFilter {
    DeadFilter {
        event_id: Some(id.into()),
        ..DeadFilter::default()
    }
}

/// The destinations that there are.
fn shop() -> Vec<String> {
    vec!["shop".into()]
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
        dead_letter(&world, &queue, id, dead_lettered()).await;
        world.clock.pass(1000);
    }
    let all = queue.dead(DeadFilter::default(), 0, 2).await.unwrap();
    assert_eq!(all.len(), 2);
    let letter = &all[0];
    assert_eq!(
        (
            letter.reason.as_str(),
            letter.code.clone(),
            letter.subcode,
            letter.event.get()
        ),
        (
            "rejected",
            Some(DeadCode::Meta(100)),
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
                code: Some(DeadCode::Meta(100)),
                ..DeadFilter::default()
            },
            3,
        ),
        (
            DeadFilter {
                code: Some(DeadCode::Meta(190)),
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
    dead_letter(&world, &queue, "a", dead_lettered()).await;
    let done = queue.retry_dead(of("a"), shop()).await.unwrap();
    assert_eq!(
        done,
        Retried {
            queued: 1,
            duplicates: 0,
            ..Retried::default()
        }
    );
    assert_eq!(queue.stats(), QueueStats { queued: 1, dead: 0 });
    assert_eq!(append(&queue, "a").await, Appended::Duplicate);
    let lease = world.lease(&queue, LeaseKind::Fresh, 9).await;
    assert_eq!(payloads(&lease), [r#"{"event_id":"a"}"#]);
    assert_eq!(
        (lease.rows[0].attempts, lease.rows[0].first_attempt_ms),
        (0, None)
    );
    acknowledge(&queue, &lease.rows, Disposition::Delivered).await;
    assert_eq!(queue.stats(), QueueStats::default());
}

#[tokio::test]
async fn a_bulk_replay_after_a_corrected_resend_sends_nothing_twice() {
    let world = World::new();
    let queue = world.open();
    for id in ["queued", "delivered", "only dead"] {
        dead_letter(&world, &queue, id, dead_lettered()).await;
    }
    // Both came again, corrected; one of them is delivered already.
    append(&queue, "delivered").await;
    let lease = world.lease(&queue, LeaseKind::Fresh, 9).await;
    acknowledge(&queue, &lease.rows, Disposition::Delivered).await;
    append(&queue, "queued").await;
    let done = queue
        .retry_dead(DeadFilter::default(), shop())
        .await
        .unwrap();
    assert_eq!(
        done,
        Retried {
            queued: 1,
            duplicates: 2,
            ..Retried::default()
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
    let aside = Disposition::DeadLettered {
        reason: DeadLetterReason::PartlyConfirmed,
        refusal: None,
    };
    dead_letter(&world, &queue, "a", aside).await;
    assert_eq!(append(&queue, "a").await, Appended::Duplicate);
    let done = queue.retry_dead(of("a"), shop()).await.unwrap();
    assert_eq!(
        done,
        Retried {
            queued: 1,
            duplicates: 0,
            ..Retried::default()
        }
    );
}

#[tokio::test]
async fn purged_letters_are_gone_and_the_others_stay() {
    let world = World::new();
    let queue = world.open();
    for id in ["a", "b"] {
        dead_letter(&world, &queue, id, dead_lettered()).await;
    }
    assert_eq!(queue.purge_dead(of("a")).await.unwrap(), 1);
    assert_eq!(queue.stats(), QueueStats { queued: 0, dead: 1 });
    assert_eq!(ids(&queue, DeadFilter::default()).await, ["b"]);
}

#[tokio::test]
async fn old_letters_go_when_their_time_is_over() {
    let world = World::new();
    let queue = SqliteQueue::open(world.options().dead_days(30)).unwrap();
    dead_letter(&world, &queue, "old", dead_lettered()).await;
    world.clock.pass(29 * 24 * HOUR_MS);
    dead_letter(&world, &queue, "new", dead_lettered()).await;
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
    let lease = world.lease(&queue, LeaseKind::Fresh, 9).await;
    acknowledge(&queue, &lease.rows, dead_lettered()).await;
    // One of them came again since.
    append(&queue, "b").await;
    acknowledge(&queue, &lease.rows, Disposition::Requeued).await;
    assert_eq!(queue.stats(), QueueStats { queued: 2, dead: 1 });
    let back = world.lease(&queue, LeaseKind::Retry, 9).await;
    assert_eq!(payloads(&back), [r#"{"event_id":"a"}"#]);
}

/// Meta took an event with the id meanwhile: no letter of it may go again.
#[tokio::test]
async fn a_letter_whose_id_was_delivered_since_stays_buried() {
    let world = World::new();
    let queue = world.open();
    append(&queue, "a").await;
    let first = world.lease(&queue, LeaseKind::Fresh, 9).await;
    acknowledge(&queue, &first.rows, dead_lettered()).await;
    append(&queue, "a").await;
    let again = world.lease(&queue, LeaseKind::Fresh, 9).await;
    acknowledge(&queue, &again.rows, Disposition::Delivered).await;
    acknowledge(&queue, &first.rows, Disposition::Requeued).await;
    assert_eq!(
        queue.retry_dead(of("a"), shop()).await.unwrap().duplicates,
        1
    );
    assert_eq!(queue.stats(), QueueStats { queued: 0, dead: 1 });

    // Not even one that had a dedup entry of its own, once that is gone.
    let partly = Disposition::DeadLettered {
        reason: DeadLetterReason::PartlyConfirmed,
        refusal: None,
    };
    append(&queue, "b").await;
    let first = world.lease(&queue, LeaseKind::Fresh, 9).await;
    acknowledge(&queue, &first.rows, partly).await;
    assert_eq!(append(&queue, "b").await, Appended::Duplicate);
    world.clock.pass(72 * HOUR_MS);
    assert_eq!(append(&queue, "b").await, Appended::Queued);
    let again = world.lease(&queue, LeaseKind::Fresh, 9).await;
    acknowledge(&queue, &again.rows, Disposition::Delivered).await;
    assert_eq!(
        queue.retry_dead(of("b"), shop()).await.unwrap().duplicates,
        1
    );
}

#[tokio::test]
async fn a_letter_that_goes_again_takes_its_own_mark_along() {
    let world = World::new();
    let queue = world.open();
    let partly = Disposition::DeadLettered {
        reason: DeadLetterReason::PartlyConfirmed,
        refusal: None,
    };
    dead_letter(&world, &queue, "a", partly).await;
    assert_eq!(queue.retry_dead(of("a"), shop()).await.unwrap().queued, 1);
    let lease = world.lease(&queue, LeaseKind::Fresh, 9).await;
    acknowledge(&queue, &lease.rows, dead_lettered()).await;
    // Meta refused it this time, so that a corrected one gets through.
    assert_eq!(append(&queue, "a").await, Appended::Queued);
}

fn rejected(id: Option<&str>, currency: &str) -> RejectedConversion {
    RejectedConversion {
        lane: World::lane(),
        class: Class::Standard,
        dataset_id: "1".into(),
        action: "purchase".into(),
        source: None,
        event_name: Some("Purchase".into()),
        event_id: id.map(Into::into),
        event_time: None,
        key: id.map(|id| conversion(Some(id), 7).key.unwrap()),
        reasons: vec![
            Diagnostic::new(Code::InvalidCurrency, "currency", "no currency"),
            Diagnostic::new(Code::InvalidEventTime, "event_time", "no time"),
        ],
        payload: format!(r#"{{"custom_data":{{"currency":"{currency}"}}}}"#).into(),
    }
}

fn of_code(code: &str) -> DeadFilter {
    DeadFilter {
        code: Some(DeadCode::Own(code.into())),
        ..DeadFilter::default()
    }
}

#[tokio::test]
async fn what_was_rejected_at_the_door_is_kept_with_all_its_reasons() {
    let world = World::new();
    let queue = world.open();
    queue
        .dead_letter(vec![rejected(Some("a"), "x")])
        .await
        .unwrap();
    dead_letter(&world, &queue, "b", dead_lettered()).await;
    assert_eq!(queue.stats(), QueueStats { queued: 0, dead: 2 });
    drop(queue);
    let queue = world.open();
    for code in ["invalid_currency", "invalid_event_time"] {
        assert_eq!(ids(&queue, of_code(code)).await, ["a"], "{code}");
    }
    assert_eq!(ids(&queue, of_code("missing_field")).await, [""; 0]);
    let letters = queue.dead(of("a"), 0, 9).await.unwrap();
    let letter = &letters[0];
    assert_eq!(letter.reason, "invalid");
    assert_eq!(letter.code, Some(DeadCode::Own("invalid_currency".into())));
    assert_eq!(letter.message.as_deref(), Some("no currency"));
    assert_eq!(letter.reasons.len(), 2);
    assert_eq!((letter.event_time, letter.attempts), (None, 0));
    // It is not good as it is.
    assert_eq!(
        queue.retry_dead(of("a"), shop()).await.unwrap(),
        Retried::default()
    );
    let everything = DeadFilter::default();
    assert_eq!(
        queue.retry_dead(everything, shop()).await.unwrap().queued,
        1
    );
}

#[tokio::test]
async fn of_one_id_the_last_rejection_is_kept_and_none_of_what_came_through() {
    let world = World::new();
    let queue = world.open();
    queue
        .dead_letter(vec![
            rejected(Some("a"), "x"),
            rejected(Some("a"), "y"),
            rejected(None, "n"),
            rejected(None, "n"),
        ])
        .await
        .unwrap();
    let letters = queue.dead(of("a"), 0, 9).await.unwrap();
    assert_eq!(letters.len(), 1);
    assert!(letters[0].event.get().contains('y'));
    assert_eq!(queue.stats().dead, 3, "without an id each counts");

    append(&queue, "queued").await;
    append(&queue, "delivered").await;
    let lease = world.lease(&queue, LeaseKind::Fresh, 9).await;
    acknowledge(&queue, &lease.rows[1..], Disposition::Delivered).await;
    for id in ["queued", "delivered"] {
        queue
            .dead_letter(vec![rejected(Some(id), "x")])
            .await
            .unwrap();
    }
    assert_eq!(queue.stats().dead, 3);
}

#[tokio::test]
async fn a_repaired_conversion_takes_its_letters_place_and_claims_its_id() {
    let world = World::new();
    let queue = world.open();
    queue
        .dead_letter(vec![rejected(Some("a"), "x"), rejected(Some("b"), "x")])
        .await
        .unwrap();
    let letters = queue.dead(DeadFilter::default(), 0, 9).await.unwrap();
    append(&queue, "b").await;
    let repaired = |index: usize, id| (letters[index].id, conversion(Some(id), 7));
    let replaced = queue
        .replace_dead(vec![
            repaired(0, "a"),
            repaired(1, "b"),
            (77, conversion(Some("c"), 7)),
        ])
        .await
        .unwrap();
    // Once `b` came again, its letter was gone.
    assert_eq!(replaced, [Replaced::Queued, Replaced::Gone, Replaced::Gone]);
    assert_eq!(queue.stats(), QueueStats { queued: 2, dead: 0 });
    assert_eq!(append(&queue, "a").await, Appended::Duplicate);
}

/// Meta knows a duplicate by its dataset: what waits for another one is another event.
#[tokio::test]
async fn rows_and_letters_of_a_destination_take_the_dataset_that_it_has_now() {
    let world = World::new();
    let queue = world.open();
    let in_dataset = |id: &str, dataset: &str| {
        let mut one = conversion(Some(id), 7);
        one.dataset_id = dataset.into();
        one.key = Some(dedup_key(dataset, &one.event_name, id));
        one
    };
    queue
        .rebind_dataset(datasets(&[("shop", "1")]))
        .await
        .unwrap();
    queue.append(vec![in_dataset("dead", "1")]).await.unwrap();
    let lease = world.lease(&queue, LeaseKind::Fresh, 9).await;
    acknowledge(&queue, &lease.rows, dead_lettered()).await;
    let both = vec![
        in_dataset("a", "1"),
        in_dataset("b", "1"),
        in_dataset("b", "2"),
    ];
    queue.append(both).await.unwrap();
    drop(queue);

    let queue = world.open();
    queue
        .rebind_dataset(datasets(&[("shop", "2")]))
        .await
        .unwrap();
    queue.release(&World::lane()).await.unwrap();
    assert_eq!(queue.stats().queued, 2, "`b` waited for it already");
    assert_eq!(
        queue.retry_dead(of("dead"), shop()).await.unwrap().queued,
        1
    );
    let lease = world.lease(&queue, LeaseKind::Fresh, 9).await;
    acknowledge(&queue, &lease.rows, Disposition::Delivered).await;
    let again = ["a", "b", "dead"].map(|id| in_dataset(id, "2"));
    let answers = queue.append(again.to_vec()).await.unwrap();
    assert_eq!(answers, [Appended::Duplicate; 3]);
}

fn datasets(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned =
        |(destination, dataset): &(&str, &str)| ((*destination).to_owned(), (*dataset).to_owned());
    pairs.iter().map(owned).collect()
}

/// What one destination leaves, another may take: nobody's rows are duplicates of rows
/// that go elsewhere themselves.
#[tokio::test]
async fn destinations_that_exchange_their_datasets_lose_nothing() {
    let world = World::new();
    let queue = world.open();
    let of = |destination: &str, dataset: &str| {
        let mut one = conversion(Some("a"), 7);
        one.lane = LaneKey::new(destination, None);
        one.dataset_id = dataset.into();
        one.key = Some(dedup_key(dataset, &one.event_name, "a"));
        one
    };
    let before = [("shop", "1"), ("branch", "2"), ("depot", "3")];
    queue.rebind_dataset(datasets(&before)).await.unwrap();
    let rows = before.map(|(destination, dataset)| of(destination, dataset));
    queue.append(rows.to_vec()).await.unwrap();
    drop(queue);

    let queue = world.open();
    let after = [("shop", "2"), ("branch", "1"), ("depot", "4")];
    queue.rebind_dataset(datasets(&after)).await.unwrap();
    assert_eq!(queue.stats().queued, 3);
    let again = after.map(|(destination, dataset)| of(destination, dataset));
    let answers = queue.append(again.to_vec()).await.unwrap();
    assert_eq!(
        answers,
        [Appended::Duplicate; 3],
        "each waits under its new dataset"
    );
    let freed = queue.append(vec![of("depot", "3")]).await.unwrap();
    assert_eq!(freed, [Appended::Queued]);
}

/// A letter that was damaged must not hide the others.
#[tokio::test]
async fn letters_that_cannot_be_read_hide_no_others() {
    let world = World::new();
    let queue = world.open();
    queue
        .dead_letter(vec![rejected(Some("a"), "x"), rejected(Some("b"), "x")])
        .await
        .unwrap();
    Connection::open(queue.file())
        .unwrap()
        .execute_batch(
            "UPDATE dead SET reasons = '[{x', payload = CAST('{\"a' AS BLOB) WHERE event_id = 'a'",
        )
        .unwrap();
    assert_eq!(ids(&queue, DeadFilter::default()).await, ["a", "b"]);
    assert_eq!(ids(&queue, of_code("invalid_currency")).await, ["b"]);
    let of_order = DeadFilter {
        order_id: Some("none".into()),
        ..DeadFilter::default()
    };
    assert_eq!(ids(&queue, of_order).await, [""; 0]);
    assert_eq!(queue.purge_dead(of("a")).await.unwrap(), 1);
}

#[tokio::test]
async fn letters_beyond_their_size_go_those_of_the_door_first() {
    let world = World::new();
    let queue = SqliteQueue::open(world.options().max_dead_bytes(40_000)).unwrap();
    dead_letter(&world, &queue, "first", dead_lettered()).await;
    let long = "x".repeat(1000);
    for id in 0..60 {
        world.clock.pass(1);
        let id = id.to_string();
        queue
            .dead_letter(vec![rejected(Some(&id), &long)])
            .await
            .unwrap();
    }
    let report = queue.report().await.unwrap();
    assert!(report.dead_bytes < 42_000, "{}", report.dead_bytes);
    assert!((10..60).contains(&report.dead), "{}", report.dead);
    assert_eq!(report.dead, queue.stats().dead);
    let left = ids(&queue, DeadFilter::default()).await;
    assert_eq!(
        (left[0].as_str(), left.last().unwrap().as_str()),
        ("first", "59")
    );
    // Where only those of Meta are left, they go too.
    queue.purge_dead(DeadFilter::default()).await.unwrap();
    assert_eq!(queue.report().await.unwrap().dead_bytes, 0);
}

#[tokio::test]
async fn files_of_earlier_versions_are_brought_up_to_date_with_all_that_is_in_them() {
    for (file, action) in [
        (include_str!("version_1.sql"), None),
        (include_str!("version_2.sql"), Some("purchase")),
        (include_str!("version_3.sql"), Some("purchase")),
        (include_str!("version_4.sql"), Some("purchase")),
    ] {
        brought_up_to_date(file, action).await;
    }
}

async fn brought_up_to_date(file: &str, action: Option<&str>) {
    let world = World::new();
    let folder = world.folder.path().join("data");
    std::fs::create_dir(&folder).unwrap();
    Connection::open(folder.join("queue.sqlite"))
        .unwrap()
        .execute_batch(file)
        .unwrap();
    let queue = world.open();
    queue
        .dead_letter(vec![rejected(Some("a"), "x")])
        .await
        .unwrap();
    assert_eq!(queue.purge_dead(of("a")).await.unwrap(), 1);
    assert_eq!(queue.stats(), QueueStats { queued: 1, dead: 1 });
    let letters = queue.dead(DeadFilter::default(), 0, 9).await.unwrap();
    assert_eq!(
        (letters[0].event_id.as_deref(), letters[0].action.as_deref()),
        (Some("buried"), action)
    );
    let size = queue.report().await.unwrap().dead_bytes;
    assert_eq!(size, letters[0].event.get().len() as u64);
    assert_eq!(
        queue.retry_dead(of("buried"), shop()).await.unwrap().queued,
        1
    );
    let lease = world.lease(&queue, LeaseKind::Fresh, 9).await;
    assert_eq!(
        payloads(&lease),
        [r#"{"event_id":"waiting"}"#, r#"{"event_id":"buried"}"#]
    );
    drop(queue);
    let queue = world.open();
    assert_eq!(queue.stats().queued, 2);
    let gives_room_back: i64 = Connection::open(queue.file())
        .unwrap()
        .query_row("PRAGMA auto_vacuum", [], |row| row.get(0))
        .unwrap();
    assert_eq!(gives_room_back, 2);
}
