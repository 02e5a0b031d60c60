//! What may have been sent before a crash: nobody knows whether it arrived.

use super::*;

const SINCE_MS: i64 = START_MS + 5;

fn window(up_to: i64, since_ms: i64) -> Option<Window> {
    Some(Window { up_to, since_ms })
}

async fn keep(queue: &SqliteQueue, window: Option<Window>) {
    let lane = World::lane();
    let kept = queue.keep_window(&lane, Class::Standard, window);
    kept.await.unwrap();
}

/// Of each row whether its outcome is unknown, and since when.
fn outcomes(rows: &[Leased]) -> Vec<(i64, Option<i64>)> {
    let unknown = |row: &Leased| {
        assert_eq!(row.outcome_unknown, row.first_attempt_ms.is_some());
        (row.seq, row.first_attempt_ms)
    };
    rows.iter().map(unknown).collect()
}

async fn three_rows(world: &World) -> SqliteQueue {
    let queue = world.open();
    for id in ["a", "b", "c"] {
        append(&queue, id).await;
    }
    queue
}

async fn fresh(world: &World, queue: &SqliteQueue, max: usize) -> Vec<Leased> {
    world.lease(queue, LeaseKind::Fresh, max).await.rows
}

#[tokio::test]
async fn rows_that_may_have_been_sent_say_so_after_a_crash_and_after_a_release() {
    for crash in [true, false] {
        let world = World::new();
        let mut queue = three_rows(&world).await;
        fresh(&world, &queue, 2).await;
        keep(&queue, window(2, SINCE_MS)).await;
        if crash {
            drop(queue);
            queue = world.open();
        } else {
            queue.release(&World::lane()).await.unwrap();
        }
        let unknown = outcomes(&fresh(&world, &queue, 9).await);
        let since = Some(SINCE_MS);
        assert_eq!(unknown, [(1, since), (2, since), (3, None)], "{crash}");
    }
}

#[tokio::test]
async fn a_row_is_not_in_doubt_since_before_it_came() {
    let world = World::new();
    let queue = world.open();
    world.clock.pass(100);
    append(&queue, "a").await;
    keep(&queue, window(1, START_MS)).await;
    queue.release(&World::lane()).await.unwrap();
    let rows = fresh(&world, &queue, 9).await;
    assert_eq!(outcomes(&rows), [(1, Some(START_MS + 100))]);
}

/// A window reaches further than what was appended, or than what is left of it.
#[tokio::test]
async fn what_comes_after_a_crash_was_not_sent_before_it() {
    let world = World::new();
    let queue = three_rows(&world).await;
    let rows = fresh(&world, &queue, 9).await;
    keep(&queue, window(100, SINCE_MS)).await;
    acknowledge(&queue, &rows[2..], Disposition::Delivered).await;
    drop(queue);
    let queue = world.open();
    append(&queue, "d").await;
    let unknown = outcomes(&fresh(&world, &queue, 9).await);
    let since = Some(SINCE_MS);
    assert_eq!(unknown, [(1, since), (2, since), (101, None)]);
}

#[tokio::test]
async fn a_window_that_was_taken_away_leaves_no_doubt() {
    let world = World::new();
    let queue = three_rows(&world).await;
    fresh(&world, &queue, 2).await;
    keep(&queue, window(2, SINCE_MS)).await;
    keep(&queue, None).await;
    drop(queue);
    let queue = world.open();
    let rows = fresh(&world, &queue, 9).await;
    assert_eq!(outcomes(&rows), [(1, None), (2, None), (3, None)]);
}

/// What was in doubt is in doubt until it is acknowledged, however often the process dies.
#[tokio::test]
async fn a_doubt_outlives_a_second_crash() {
    for taken_away in [true, false] {
        let world = World::new();
        let queue = three_rows(&world).await;
        fresh(&world, &queue, 3).await;
        keep(&queue, window(2, SINCE_MS)).await;
        drop(queue);
        let queue = world.open();
        // One is leased again, and nothing is known of it when the second crash comes.
        fresh(&world, &queue, 1).await;
        let later = (!taken_away).then_some(()).and(window(1, SINCE_MS + 900));
        keep(&queue, later).await;
        drop(queue);
        let queue = world.open();
        let unknown = outcomes(&fresh(&world, &queue, 9).await);
        let since = Some(SINCE_MS);
        assert_eq!(unknown, [(1, since), (2, since), (3, None)], "{taken_away}");
    }
}

#[tokio::test]
async fn a_settled_row_keeps_its_doubt_and_the_window_goes_with_the_last_of_them() {
    let world = World::new();
    let queue = three_rows(&world).await;
    fresh(&world, &queue, 3).await;
    keep(&queue, window(3, SINCE_MS)).await;
    drop(queue);
    let queue = world.open();
    let rows = fresh(&world, &queue, 9).await;
    let group = SetAside {
        id: 1,
        class: Class::Standard,
        group: Arc::clone(&rows[0].group),
        refusal: ApiError::default(),
        since_ms: START_MS,
        rows: 0,
    };
    queue.keep_set_aside(&World::lane(), group).await.unwrap();
    acknowledge(&queue, &rows[..1], Disposition::SetAside(1)).await;
    let refused = Disposition::RetryAt {
        due_ms: START_MS,
        attempted_ms: SINCE_MS + 900,
        outcome_unknown: false,
    };
    acknowledge(&queue, &rows[1..2], refused).await;
    acknowledge(&queue, &rows[2..], Disposition::Delivered).await;
    keep(&queue, None).await;
    append(&queue, "d").await;
    drop(queue);
    let queue = world.open();
    let sample = queue.sample(&World::lane(), 1, 0).await.unwrap().unwrap();
    assert_eq!(outcomes(&[sample]), [(1, Some(SINCE_MS))]);
    let retried = world.lease(&queue, LeaseKind::Retry, 9).await.rows;
    assert_eq!(outcomes(&retried), [(2, Some(SINCE_MS))]);
    let windows: i64 = Connection::open(queue.file())
        .unwrap()
        .query_row("SELECT count(*) FROM lane_window", [], |row| row.get(0))
        .unwrap();
    assert_eq!(windows, 0);
    assert_eq!(outcomes(&fresh(&world, &queue, 9).await), [(4, None)]);
}

/// A row that Meta refused for days has been in doubt only since the first request of
/// which nobody knows.
#[tokio::test]
async fn a_doubt_begins_with_the_first_request_whose_outcome_is_unknown() {
    let world = World::new();
    let queue = world.open();
    append(&queue, "a").await;
    let mut rows = fresh(&world, &queue, 9).await;
    for (attempted_ms, outcome_unknown, first) in [
        (10, false, 10),
        (20, false, 10),
        (30, true, 30),
        (40, false, 30),
        (50, true, 30),
    ] {
        let disposition = Disposition::RetryAt {
            due_ms: START_MS,
            attempted_ms,
            outcome_unknown,
        };
        acknowledge(&queue, &rows, disposition).await;
        rows = world.lease(&queue, LeaseKind::Retry, 9).await.rows;
        assert_eq!(rows[0].first_attempt_ms, Some(first), "{attempted_ms}");
        assert_eq!(rows[0].outcome_unknown, attempted_ms >= 30);
    }
}
