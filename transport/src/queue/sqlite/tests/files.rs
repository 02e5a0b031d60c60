//! The file: who may open and read it, which ones are refused, and what it remembers.

use super::*;

#[tokio::test]
async fn a_second_opener_is_refused_until_the_first_is_gone() {
    let world = World::new();
    let queue = world.open();
    let error = world.try_open().unwrap_err();
    assert!(matches!(error, QueueError::Locked { .. }), "{error}");
    drop(queue);
    world.open();
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new();
    let queue = world.open();
    append(&queue, "a").await;
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = queue.file().parent().unwrap();
    assert_eq!(mode(folder), 0o700);
    let files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    assert!(files.len() >= 3, "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[tokio::test]
async fn why_a_lane_does_not_send_outlives_the_process() {
    let world = World::new();
    let queue = world.open();
    append(&queue, "a").await;
    let refusal = ApiError {
        code: Some(190),
        message: "dead".to_owned(),
        ..ApiError::default()
    };
    let lane_blocks = [
        Some(LaneBlock::Parked { refusal }),
        Some(LaneBlock::Throttled { until_ms: 7 }),
        None,
    ];
    let mut queue = Some(queue);
    for lane_block in lane_blocks {
        let open = queue.take().unwrap();
        open.store_lane_block(&World::lane(), lane_block.clone())
            .await
            .unwrap();
        assert_eq!(open.stored_lane_block(&World::lane()), lane_block);
        drop(open);
        let again = world.open();
        assert_eq!(again.stored_lane_block(&World::lane()), lane_block);
        queue = Some(again);
    }
}

#[test]
fn a_later_schema_and_a_foreign_file_are_refused() {
    let world = World::new();
    let file = world.open().file().to_owned();
    let set = |version: i64| {
        Connection::open(&file)
            .unwrap()
            .pragma_update(None, "user_version", version)
            .unwrap();
    };
    set(99);
    let error = world.try_open().unwrap_err();
    assert!(
        matches!(error, QueueError::Schema { found: 99, .. }),
        "{error}"
    );
    set(0);
    let error = world.try_open().unwrap_err();
    assert!(matches!(error, QueueError::Foreign { .. }), "{error}");
}

#[tokio::test]
async fn a_look_that_panics_says_so_and_the_next_one_works() {
    let world = World::new();
    let queue = world.open();
    let broken = look::<()>(&queue.reports, |_| panic!("a fault of ours")).await;
    let error = broken.unwrap_err().to_string();
    assert!(error.contains("a fault of ours"), "{error}");
    assert_eq!(queue.report().await.unwrap().queued, 0);
}
