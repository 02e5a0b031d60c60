//! Rows that grow too old, and clocks that are set back.

use super::*;

#[test]
fn what_is_too_old_is_buried_unsent() {
    let mut world = World::new(10, 8, 100);
    let eight_days_ago = (START_MS - 8 * DAY_MS) / 1000;
    world.append_as(Class::Standard, 1, eight_days_ago);
    world.append_as(Class::Standard, 1, START_MS / 1000);
    world.append_as(Class::PhysicalStore, 1, eight_days_ago);
    world.pass(100);
    assert_eq!(world.dead_lettered, [(1, DeadLetterReason::Expired)]);
    assert_eq!(
        world
            .sent
            .iter()
            .map(|(_, rows)| rows[0])
            .collect::<Vec<_>>(),
        [2, 3]
    );
}

#[test]
fn rows_expire_while_their_lane_is_parked() {
    let mut world = World::new(10, 8, 0);
    world.append(3);
    world.answer(error(401, 190, None));
    world.pass(7 * DAY_MS);
    world.probed(no_event());
    assert_eq!(world.dead_lettered.len(), 3);
    assert_eq!(world.sizes(), [0; 0]);
}

#[test]
fn a_clock_that_goes_back_does_not_stretch_a_wait() {
    let mut world = World::new(10, 8, 200);
    world.append(1);
    world.pass(-DAY_MS);
    assert!(world.pass_until_sent() <= 200);
    world.answer(error(401, 190, None));
    world.pass(-DAY_MS);
    assert!(world.pass_until_probed() <= 5_000);
}

#[test]
fn a_clock_that_goes_back_keeps_no_row_waiting_in_the_queue() {
    let mut world = World::new(10, 8, 0);
    world.append(1);
    world.answer(unavailable());
    world.pass(-DAY_MS);
    assert!(world.pass_until_sent() <= 60_000);
}
