//! What ten million dedup entries cost.

use std::time::Instant;

use super::super::super::DedupKey;
use super::super::dedup_index::{DedupIndex, Forget};
use super::*;

const DAY_MS: i64 = 24 * HOUR_MS;

fn key(number: u64) -> DedupKey {
    let mut mixed = u128::from(number) + 1;
    for _ in 0..3 {
        mixed = mixed.wrapping_mul(0x2545_F491_4F6C_DD1D_9E37_79B9_7F4A_7C15);
        mixed ^= mixed >> 67;
    }
    mixed.to_be_bytes()
}

/// Not a test but a measurement, to be run alone and in release:
/// `cargo test --release -p capi-transport -- --ignored --nocapture measure`.
#[test]
#[ignore = "a measurement"]
fn measure_ten_million_marks_of_thirty_days() {
    measure(30);
}

/// The same, on a server with five million orders a day.
#[test]
#[ignore = "a measurement"]
fn measure_ten_million_marks_of_two_days() {
    measure(2);
}

fn measure(days: u32) {
    const ALL: u64 = 10_000_000;
    const CHUNK_SIZE: u64 = 1_000;
    const TENTH: u64 = ALL / 10;
    let a_day = ALL / u64::from(days);
    let world = World::new();
    drop(world.open());
    let file = world.folder.path().join("data").join(FILE);
    let mut connection = Connection::open(&file).unwrap();
    let empty = std::fs::metadata(&file).unwrap().len();
    let mut seen = DedupIndex::load(&connection, days).unwrap();
    let mut next = 0;
    while next < ALL {
        let begin = Instant::now();
        let end = next + TENTH;
        while next < end {
            let day = i64::try_from(next / a_day).unwrap();
            seen.rotate(&mut connection, START_MS + day * DAY_MS, Forget::Old)
                .unwrap();
            connection.execute_batch("BEGIN").unwrap();
            for number in next..next + CHUNK_SIZE {
                let key = key(number);
                assert!(!seen.contains(&connection, &key).unwrap());
                seen.mark(&connection, &key, None).unwrap();
            }
            connection.execute_batch("COMMIT").unwrap();
            next += CHUNK_SIZE;
        }
        let each = begin.elapsed() / u32::try_from(TENTH).unwrap();
        println!("{next} marks: {each:?} for a look and a mark");
    }
    drop(seen);
    connection
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
    let bytes = std::fs::metadata(&file).unwrap().len() - empty;
    println!("{} bytes on disk for a mark", bytes / next);
    let begin = Instant::now();
    let seen = DedupIndex::load(&connection, days).unwrap();
    println!("read at the start in {:?}", begin.elapsed());
    let begin = Instant::now();
    assert!((0..100_000).all(|number| seen.contains(&connection, &key(number * 97)).unwrap()));
    println!(
        "{:?} for a look at a mark that stands",
        begin.elapsed() / 100_000
    );
}

fn event(id: &str) -> Conversion {
    let mut one = conversion(Some(id), 7);
    one.payload = vec![b'x'; 700].into();
    one
}

/// What appending and acknowledging costs: `measure_speed`, as above.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn measure_speed() {
    let world = World::new();
    let queue = Arc::new(SqliteQueue::open(world.options().reserve(64 << 20)).unwrap());
    const CLIENTS: usize = 16;
    for (rows, batches) in [(1_usize, 400_usize), (20, 400), (1_000, 15), (10_000, 2)] {
        let begin = Instant::now();
        let mut calls = tokio::task::JoinSet::new();
        for client in 0..CLIENTS {
            let queue = Arc::clone(&queue);
            calls.spawn(async move {
                for batch in 0..batches {
                    let ids = (0..rows).map(|row| format!("{rows}.{client}.{batch}.{row}"));
                    queue
                        .append(ids.map(|id| event(&id)).collect())
                        .await
                        .unwrap();
                }
            });
        }
        calls.join_all().await;
        let all = CLIENTS * batches * rows;
        println!(
            "append {rows}: {:.0} rows/s",
            all as f64 / begin.elapsed().as_secs_f64()
        );
    }
    let begin = Instant::now();
    let mut all = 0;
    loop {
        let lease = world.lease(&queue, LeaseKind::Fresh, 1_000).await.rows;
        if lease.is_empty() {
            break;
        }
        all += lease.len();
        acknowledge(&queue, &lease, Disposition::Delivered).await;
    }
    println!(
        "settle: {:.0} rows/s",
        all as f64 / begin.elapsed().as_secs_f64()
    );
}

/// How long single events wait beside clients that bring all they can.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn measure_fairness() {
    let world = World::new();
    let queue = Arc::new(SqliteQueue::open(world.options().reserve(64 << 20)).unwrap());
    // Single posts beside clients that bring all they can, and a lane.
    let stop = Arc::new(AtomicBool::new(false));
    let mut floods = tokio::task::JoinSet::new();
    for client in 0..4 {
        let (queue, stop) = (Arc::clone(&queue), Arc::clone(&stop));
        floods.spawn(async move {
            let mut batch = 0;
            while !stop.load(Ordering::Relaxed) {
                batch += 1;
                let ids = (0..10_000).map(|row| format!("f{client}.{batch}.{row}"));
                queue
                    .append(ids.map(|id| event(&id)).collect())
                    .await
                    .unwrap();
            }
        });
    }
    let mut times = Vec::new();
    for one in 0..200 {
        let begin = Instant::now();
        append(&queue, &format!("one{one}")).await;
        times.push(begin.elapsed());
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    times.sort();
    stop.store(true, Ordering::Relaxed);
    floods.join_all().await;
    println!(
        "single beside floods: p50 {:?}, p99 {:?}",
        times[100], times[197]
    );
    let mut times = Vec::new();
    for one in 0..200 {
        let begin = Instant::now();
        append(&queue, &format!("alone{one}")).await;
        times.push(begin.elapsed());
    }
    times.sort();
    println!("single alone: p50 {:?}, p99 {:?}", times[100], times[197]);
}
