//! How fast it is.

use tokio::task::JoinSet;

use super::*;

/// Not a test but a measurement, to be run alone and in release:
/// `cargo test --release -p capi-transport -- --ignored --nocapture measure`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement"]
async fn measure_appends_and_delivery() {
    const CALLERS: usize = 64;
    const CALLS: usize = 500;
    const EVENTS: usize = 10;
    let world = Arc::new(World::new().await);
    // Made beforehand, so that only appending is measured.
    let prepare = |caller| {
        let call = |call| {
            let id = |event| format!("{caller}-{call}-{event}");
            (0..EVENTS)
                .map(|event| purchase("shop", &id(event), "1"))
                .collect()
        };
        (0..CALLS).map(call).collect::<Vec<Vec<_>>>()
    };
    let prepared: Vec<_> = (0..CALLERS).map(prepare).collect();
    let mut callers = JoinSet::new();
    for calls in prepared {
        let world = Arc::clone(&world);
        callers.spawn(async move {
            let begin = Instant::now();
            for call in calls {
                world.queue.append(call).await.unwrap();
            }
            begin.elapsed()
        });
    }
    let slowest = callers.join_all().await.into_iter().max().unwrap();
    let total = (CALLERS * CALLS * EVENTS) as f64;
    println!("append: {:.0} events/s", total / slowest.as_secs_f64());
    world.faults(r#"[{"answer":{"delay_ms":600}}]"#);
    let begin = Instant::now();
    let _delivery = world.start(vec![world.destination("shop", "token")]);
    while world.queue.stats().queued > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let rate = total / begin.elapsed().as_secs_f64();
    println!("delivery with answers after 600 ms: {rate:.0} events/s");
}
