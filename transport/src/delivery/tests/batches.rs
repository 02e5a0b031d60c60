//! Which rows leave in a batch, when, and how many in parallel.

use super::*;

#[test]
fn a_full_batch_leaves_at_once() {
    let mut world = World::new(10, 8, 200);
    world.append(25);
    assert_eq!(world.sizes(), [10, 10]);
    assert_eq!(world.wait, Some(START_MS + 200));
    world.pass(200);
    assert_eq!(world.sizes(), [10, 10, 5]);
}

#[test]
fn a_batch_that_is_not_full_leaves_after_the_linger_of_its_oldest_row() {
    let mut world = World::new(10, 8, 200);
    world.append(1);
    world.pass(150);
    world.append(2);
    assert_eq!(world.sizes(), [0; 0]);
    world.pass(50);
    assert_eq!(world.sizes(), [3]);
}

#[test]
fn without_linger_nothing_waits() {
    let mut world = World::new(10, 8, 0);
    world.append(1);
    world.append(2);
    assert_eq!(world.sizes(), [1, 2]);
}

#[test]
fn rows_leave_in_the_order_they_came() {
    let mut world = World::new(2, 8, 0);
    world.append(4);
    let rows: Vec<_> = world
        .sent
        .iter()
        .flat_map(|(_, rows)| rows.clone())
        .collect();
    assert_eq!(rows, [1, 2, 3, 4]);
}

#[test]
fn no_more_requests_are_in_flight_than_allowed_and_memory_is_bounded() {
    let mut world = World::new(10, 3, 0);
    world.append(1000);
    assert_eq!(world.sizes(), [10, 10, 10]);
    assert!(
        world.leased.len() <= 40,
        "{} rows in memory",
        world.leased.len()
    );
    world.accept();
    assert_eq!(world.sizes(), [10, 10, 10]);
}

#[test]
fn an_accepted_batch_is_delivered() {
    let mut world = World::new(10, 8, 0);
    world.append(3);
    world.accept();
    assert_eq!(world.delivered, [1, 2, 3]);
    assert_eq!(world.notices, []);
}

#[test]
fn fewer_events_received_are_set_aside_and_told() {
    let mut world = World::new(10, 8, 0);
    world.append(3);
    world.answer(accepted(2));
    let aside: Vec<_> = (1..=3)
        .map(|seq| (seq, DeadLetterReason::PartlyConfirmed))
        .collect();
    assert_eq!(
        (&world.delivered[..], &world.dead_lettered[..]),
        (&[][..], &aside[..])
    );
    let reported = matches!(world.notices[..], [Notice::PartlyConfirmed { rows: 3, .. }]);
    assert!(reported, "{:?}", world.notices);
}

#[test]
fn shops_have_batches_of_their_own() {
    let mut world = World::new(10, 8, 100);
    world.append_as(Class::Standard, 2, START_MS / 1000);
    world.append_as(Class::PhysicalStore, 3, START_MS / 1000);
    world.pass(100);
    assert_eq!(world.sizes(), [2, 3]);
}
