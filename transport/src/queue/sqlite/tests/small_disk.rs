//! A volume of 24 MB that the queue has filled.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;

use super::*;

/// A small volume of its own, where the tests may mount one.
struct Volume(PathBuf);

impl Volume {
    fn new(world: &World) -> Option<Self> {
        let folder = world.folder.path().join("data");
        std::fs::create_dir(&folder).unwrap();
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=24m", "tmpfs"])
            .arg(&folder)
            .output();
        if mount.is_ok_and(|mount| mount.status.success()) {
            return Some(Self(folder));
        }
        println!("Not tested: no volume can be mounted here; run it as root on Linux.");
        None
    }
}

impl Drop for Volume {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("-l").arg(&self.0).status());
    }
}

fn open(world: &World) -> SqliteQueue {
    SqliteQueue::open(world.options().reserve(64 << 20)).unwrap()
}

/// Appends until the disk is full. Gives how many were taken.
async fn fill(queue: &SqliteQueue) -> u64 {
    let mut batch = 0;
    loop {
        batch += 1;
        let events = (0..100).map(|id| {
            let mut one = conversion(Some(&format!("{batch}-{id}")), 7);
            one.payload = vec![b'x'; 700].into();
            one
        });
        if let Err(error) = queue.append(events.collect()).await {
            assert!(matches!(error, QueueError::Full), "{error}");
            return queue.stats().queued;
        }
        assert!(batch < 1_000, "it does not fill");
    }
}

/// Leases and acknowledges all of it. Gives how many rows there were.
async fn drain(world: &World, queue: &SqliteQueue) -> u64 {
    let mut rows = 0;
    loop {
        let lease = world.lease(queue, LeaseKind::Fresh, 1_000).await.rows;
        if lease.is_empty() {
            return rows;
        }
        acknowledge(queue, &lease, Disposition::Delivered).await;
        rows += lease.len() as u64;
    }
}

async fn takes_again(queue: &SqliteQueue) {
    for _ in 0..2_000 {
        if queue.unavailable().is_none() {
            assert_eq!(append(queue, "again").await, Appended::Queued);
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("it takes nothing any more");
}

#[tokio::test]
async fn a_full_volume_drains_and_takes_events_again() {
    let world = World::new();
    let Some(_volume) = Volume::new(&world) else {
        return;
    };
    let queue = open(&world);
    for round in 0..3 {
        let taken = fill(&queue).await;
        assert!(taken > 5_000, "{round}: {taken}");
        assert!(matches!(queue.unavailable(), Some(QueueError::Full)));
        // All that lanes ask for goes on.
        let lane_block = Some(LaneBlock::Throttled { until_ms: 7 });
        queue
            .store_lane_block(&World::lane(), lane_block)
            .await
            .unwrap();
        let window = Some(Window {
            up_to: 1,
            since_ms: 1,
        });
        let lane = World::lane();
        queue
            .keep_window(&lane, Class::Standard, window)
            .await
            .unwrap();
        assert_eq!(drain(&world, &queue).await, taken);
        takes_again(&queue).await;
        assert_eq!(drain(&world, &queue).await, 1);
        world.clock.pass(4 * 24 * HOUR_MS);
    }
}

/// As a kill leaves it: the log as it is, the reserve given up.
#[tokio::test]
async fn a_full_volume_is_opened_and_drains() {
    let world = World::new();
    let Some(volume) = Volume::new(&world) else {
        return;
    };
    let queue = open(&world);
    let taken = fill(&queue).await;
    let kept = World::new();
    for file in std::fs::read_dir(&volume.0).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), kept.folder.path().join(file.file_name())).unwrap();
    }
    drop(queue);
    for file in std::fs::read_dir(kept.folder.path()).unwrap() {
        let file = file.unwrap();
        if file.file_name() != "queue.sqlite-shm" {
            std::fs::copy(file.path(), volume.0.join(file.file_name())).unwrap();
        }
    }
    // Somebody else took what was left.
    let ballast = volume.0.join("ballast");
    std::fs::write(&ballast, vec![0; 1 << 20]).ok();
    let queue = open(&world);
    assert_eq!(queue.stats().queued, taken);
    assert_eq!(drain(&world, &queue).await, taken);
    std::fs::remove_file(&ballast).unwrap();
    takes_again(&queue).await;
}

/// A volume that somebody else fills while there is nothing to send.
#[tokio::test]
async fn a_reserve_is_given_up_at_the_start_where_nothing_else_is_left() {
    let world = World::new();
    let Some(volume) = Volume::new(&world) else {
        return;
    };
    let queue = open(&world);
    for id in 0..100 {
        append(&queue, &id.to_string()).await;
    }
    drop(queue);
    let mut ballast = File::create(volume.0.join("ballast")).unwrap();
    while ballast.write_all(&[0; 4_096]).is_ok() {}
    world.clock.pass(4 * 24 * HOUR_MS);
    let queue = open(&world);
    assert_eq!(drain(&world, &queue).await, 100);
}
