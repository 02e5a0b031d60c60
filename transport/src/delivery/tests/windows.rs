//! What was sent is written down before it leaves.

use super::*;

#[test]
fn nothing_leaves_before_it_stands_on_disk_that_it_may() {
    let mut world = World::new(10, 2, 0);
    world.append(100);
    let window = world.windows[Class::Standard as usize].expect("kept");
    assert_eq!(window.since_ms, START_MS);
    assert!(
        world
            .sent
            .iter()
            .all(|(_, rows)| rows.iter().all(|seq| *seq <= window.up_to))
    );
    assert_eq!(world.windows[Class::PhysicalStore as usize], None);
}

#[test]
fn few_requests_wait_for_a_commit() {
    let mut world = World::new(10, 2, 0);
    world.append(1000);
    while !world.sent.is_empty() {
        world.accept();
    }
    assert_eq!(world.delivered.len(), 1000);
    assert!(
        world.windows_kept.len() <= 1000 / 20 + 1,
        "{}",
        world.windows_kept.len()
    );
}

#[test]
fn once_nothing_is_under_way_what_waits_was_not_sent() {
    let mut world = World::new(10, 2, 0);
    world.append(10);
    world.pass(60_000);
    assert!(world.windows[0].is_some(), "it is under way still");
    world.accept();
    world.pass(10_000);
    assert_eq!(world.windows, [None; 2]);
    // A lane that may not send closes it immediately.
    world.append(30);
    while !world.sent.is_empty() {
        world.answer(error(401, 190, None));
    }
    assert_eq!(world.windows, [None; 2]);
}

#[test]
fn what_a_crash_left_unknown_stays_so_however_it_fails_next() {
    let mut world = World::new(10, 2, 0);
    let mut row = row(1);
    (row.first_attempt_ms, row.outcome_unknown) = (Some(START_MS - 5), true);
    (row.event_time, row.appended_ms) = (START_MS / 1000, START_MS);
    world.put_fresh(row);
    world.answer(unavailable());
    world.pass_until_sent();
    let (_, row) = &world.leased[0];
    assert_eq!(
        (row.outcome_unknown, row.first_attempt_ms),
        (true, Some(START_MS - 5))
    );
}
