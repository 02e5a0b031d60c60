//! Groups that are set aside, and lanes that end.

use super::*;

fn group(id: i64) -> SetAside {
    SetAside {
        id,
        class: Class::Standard,
        group: Arc::new(Group {
            action: Some("purchase".into()),
            event_name: "Purchase".into(),
            source: Some("web".into()),
        }),
        refusal: ApiError {
            code: Some(100),
            message: "no".to_owned(),
            ..ApiError::default()
        },
        since_ms: START_MS,
        rows: 0,
    }
}

fn at(id: &str, event_time: i64) -> Conversion {
    let mut conversion = conversion(Some(id), event_time).from_source(Some("web".into()));
    conversion.action = Some("purchase".into());
    conversion
}

/// A queue with `rows` rows in group 1, appended and happened in order.
async fn set_aside(world: &World, rows: i64) -> (SqliteQueue, Vec<Leased>) {
    let queue = world.open();
    let conversions = (0..rows).map(|time| at(&format!("id{time}"), time));
    queue.append(conversions.collect()).await.unwrap();
    let lease = world.lease(&queue, LeaseKind::Fresh, usize::MAX >> 1).await;
    queue
        .keep_set_aside(&World::lane(), group(1))
        .await
        .unwrap();
    acknowledge(&queue, &lease.rows, Disposition::SetAside(1)).await;
    (queue, lease.rows)
}

async fn sample(queue: &SqliteQueue, place: u16) -> Option<i64> {
    let sample = queue.sample(&World::lane(), 1, place).await.unwrap();
    sample.map(|row| row.seq)
}

#[tokio::test]
async fn rows_say_which_conversions_they_are() {
    let world = World::new();
    let queue = world.open();
    queue
        .append(vec![at("a", 1), conversion(Some("b"), 1), at("c", 1)])
        .await
        .unwrap();
    let rows = world.lease(&queue, LeaseKind::Fresh, 9).await.rows;
    assert_eq!(rows[0].group, group(1).group);
    assert_eq!(rows[1].group.source, None);
    assert!(Arc::ptr_eq(&rows[0].group, &rows[2].group), "one for each");
    acknowledge(&queue, &rows[..1], dead_lettered()).await;
    let letters = queue.dead(DeadFilter::default(), 0, 9).await.unwrap();
    assert_eq!(letters[0].source.as_deref(), Some("web"));
}

#[tokio::test]
async fn what_is_set_aside_waits_in_its_group_over_a_restart_until_it_is_freed() {
    let world = World::new();
    let (queue, rows) = set_aside(&world, 1_500).await;
    append(&queue, "other").await;
    let mut queue = Some(queue);
    for restart in [false, true] {
        if restart {
            queue = None;
        }
        let open = queue.take().unwrap_or_else(|| world.open());
        let expected = SetAside {
            rows: 1_500,
            ..group(1)
        };
        assert_eq!(open.set_aside(&World::lane()), [expected]);
        assert_eq!(open.waiting(&World::lane()).standard, 1);
        assert_eq!(open.stats().queued, 1_501);
        let retries = world.lease(&open, LeaseKind::Retry, 9).await;
        assert_eq!((retries.rows.len(), retries.next_due_ms), (0, None));
        assert_eq!(append(&open, "id7").await, Appended::Duplicate);
        queue = Some(open);
    }
    let queue = queue.unwrap();
    queue.free(&World::lane(), 1).await.unwrap();
    assert_eq!(queue.set_aside(&World::lane()), []);
    let freed = world.lease(&queue, LeaseKind::Retry, 2_000).await.rows;
    assert_eq!(freed.len(), rows.len());
    acknowledge(&queue, &freed, Disposition::Delivered).await;
    assert_eq!(queue.stats().queued, 1);
    // A row that comes too late for its group does not stay behind.
    let last = world.lease(&queue, LeaseKind::Fresh, 9).await.rows;
    acknowledge(&queue, &last, Disposition::SetAside(1)).await;
    assert_eq!(world.lease(&queue, LeaseKind::Retry, 9).await.rows.len(), 1);
}

#[tokio::test]
async fn samples_come_from_all_over_a_group_and_are_settled_like_leased_rows() {
    let world = World::new();
    let (queue, rows) = set_aside(&world, 100).await;
    let (first, last) = (rows[0].seq, rows[99].seq);
    assert_eq!(sample(&queue, 0).await, Some(first));
    assert_eq!(sample(&queue, u16::MAX).await, Some(last));
    let middle = sample(&queue, u16::MAX / 2).await.unwrap();
    assert!((first + 30..last - 30).contains(&middle), "{middle}");
    let mut left = 100;
    for (disposition, stays) in [
        (Disposition::Delivered, false),
        (dead_lettered(), false),
        (retry_at(START_MS), false),
        (Disposition::SetAside(1), true),
    ] {
        let row = queue.sample(&World::lane(), 1, 0).await.unwrap().unwrap();
        acknowledge(&queue, &[row], disposition).await;
        left -= u64::from(!stays);
        assert_eq!(queue.set_aside(&World::lane())[0].rows, left);
    }
    assert_eq!(
        queue.stats(),
        QueueStats {
            queued: 98,
            dead: 1
        }
    );
    assert_eq!(world.lease(&queue, LeaseKind::Retry, 9).await.rows.len(), 1);
    assert_eq!(queue.sample(&World::lane(), 2, 0).await.unwrap(), None);
}

#[tokio::test]
async fn rows_of_a_group_grow_old_the_oldest_events_first() {
    let world = World::new();
    let (queue, rows) = set_aside(&world, 20).await;
    let aged = queue.aged(&World::lane(), 1, 10, 3).await.unwrap();
    let oldest: Vec<_> = rows[..3].iter().map(|row| row.seq).collect();
    assert_eq!(aged, oldest);
    let aged = queue.aged(&World::lane(), 1, 10, 99).await.unwrap();
    assert_eq!(aged.len(), 10);
    assert_eq!(queue.aged(&World::lane(), 2, 10, 99).await.unwrap(), [0; 0]);
}

#[tokio::test]
async fn a_row_that_cannot_be_read_holds_nobody_up_and_is_buried_as_it_is() {
    let world = World::new();
    let queue = world.open();
    for id in ["a", "b", "c"] {
        append(&queue, id).await;
    }
    let file = Connection::open(queue.file()).unwrap();
    file.execute_batch("UPDATE queued SET payload_version = 7 WHERE event_id = 'b'")
        .unwrap();
    let lease = world.lease(&queue, LeaseKind::Fresh, 9).await;
    assert_eq!((lease.rows.len(), &*lease.unreadable), (2, &[2][..]));
    assert_eq!(queue.waiting(&World::lane()).standard, 0);
    let unreadable = Ack {
        seq: 2,
        disposition: Disposition::DeadLettered {
            reason: DeadLetterReason::Unreadable,
            refusal: None,
        },
    };
    queue.acknowledge(Arc::new([unreadable])).await.unwrap();
    let kept: (i64, Vec<u8>, String) = file
        .query_row(
            "SELECT payload_version, payload, reason FROM dead",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .unwrap();
    let payload = br#"{"event_id":"b"}"#.to_vec();
    assert_eq!(kept, (7, payload, "unreadable".to_owned()));
    // Among those that wait for another try, too.
    acknowledge(&queue, &lease.rows, retry_at(START_MS)).await;
    file.execute_batch("UPDATE queued SET payload_version = 7 WHERE event_id = 'a'")
        .unwrap();
    let lease = world.lease(&queue, LeaseKind::Retry, 9).await;
    assert_eq!((lease.rows.len(), &*lease.unreadable), (1, &[1][..]));
    assert_eq!(
        world.lease(&queue, LeaseKind::Retry, 9).await.unreadable,
        [0; 0]
    );
}

#[tokio::test]
async fn a_lease_ends_before_the_row_that_is_too_much_but_has_one() {
    let world = World::new();
    let queue = world.open();
    let of_size = |size| {
        let mut one = conversion(None, 7);
        one.payload = vec![b'x'; size].into();
        one
    };
    queue
        .append([10, 10, 10, 500, 10].map(of_size).to_vec())
        .await
        .unwrap();
    let request = |kind| LeaseRequest {
        lane: World::lane(),
        class: Class::Standard,
        kind,
        max: 100,
        max_bytes: 25,
        now_ms: START_MS,
    };
    for kind in [LeaseKind::Fresh, LeaseKind::Retry] {
        let mut leases = Vec::new();
        let mut rows = Vec::new();
        loop {
            let lease = queue.lease(request(kind)).await.unwrap();
            if lease.rows.is_empty() {
                break;
            }
            if kind == LeaseKind::Retry && leases.len() < 3 {
                assert_eq!(lease.next_due_ms, Some(START_MS), "there are more");
            }
            leases.push(lease.rows.len());
            rows.extend(lease.rows);
        }
        assert_eq!(leases, [2, 1, 1, 1], "{kind:?}");
        acknowledge(&queue, &rows, retry_at(START_MS)).await;
    }
}

#[tokio::test]
async fn a_lane_ends_when_it_is_empty_and_is_made_anew_when_something_comes() {
    let world = World::new();
    let queue = world.open();
    let lane = World::lane();
    append(&queue, "a").await;
    let rows = world.lease(&queue, LeaseKind::Fresh, 9).await.rows;
    assert!(!queue.end_lane(&lane).await.unwrap(), "it has a row");
    let lane_block = Some(LaneBlock::Throttled { until_ms: 7 });
    queue.store_lane_block(&lane, lane_block).await.unwrap();
    queue.keep_set_aside(&lane, group(1)).await.unwrap();
    let window = Some(Window {
        up_to: 1,
        since_ms: 1,
    });
    queue
        .keep_window(&lane, Class::Standard, window)
        .await
        .unwrap();
    acknowledge(&queue, &rows, dead_lettered()).await;
    assert!(queue.end_lane(&lane).await.unwrap());
    assert!(queue.end_lane(&lane).await.unwrap(), "there is none");
    assert_eq!(queue.stored_lane_block(&lane), None);
    assert_eq!(queue.set_aside(&lane), []);
    // A letter, and its dead-lettering being a mistake, make it anew.
    let letter = queue.dead(DeadFilter::default(), 0, 9).await.unwrap()[0].id;
    let requeued = Ack {
        seq: letter,
        disposition: Disposition::Requeued,
    };
    queue.acknowledge(Arc::new([requeued])).await.unwrap();
    let rows = world.lease(&queue, LeaseKind::Retry, 9).await.rows;
    acknowledge(&queue, &rows, dead_lettered()).await;
    assert!(queue.end_lane(&lane).await.unwrap());
    let retried = queue
        .retry_dead(DeadFilter::default(), vec!["shop".into()])
        .await
        .unwrap();
    assert_eq!(retried.queued, 1);
    let rows = world.lease(&queue, LeaseKind::Fresh, 9).await.rows;
    acknowledge(&queue, &rows, Disposition::Delivered).await;
    // An append, in the commit that ends it or after it.
    for round in 0..20 {
        let id = format!("id{round}");
        let (ended, appended) = tokio::join!(queue.end_lane(&lane), append(&queue, &id));
        ended.unwrap();
        assert_eq!(appended, Appended::Queued);
        assert_eq!(queue.waiting(&lane).standard, 1);
        let rows = world.lease(&queue, LeaseKind::Fresh, 9).await.rows;
        acknowledge(&queue, &rows, Disposition::Delivered).await;
    }
    drop(queue);
    assert_eq!(world.open().stored_lane_block(&lane), None);
}
