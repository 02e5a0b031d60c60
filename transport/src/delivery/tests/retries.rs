//! What failed and may be tried again: when, in which order, and as what it is marked.

use super::*;

#[test]
fn a_failed_batch_is_tried_again_with_growing_waits() {
    let mut world = World::new(10, 8, 0);
    world.append(3);
    for tries in 0..6 {
        let rows = world.answer(unavailable());
        assert_eq!(rows, [1, 2, 3]);
        let waited = world.pass_until_sent();
        assert!(
            waited <= 500 << (tries + 1),
            "waited {waited} ms after {tries} tries"
        );
    }
    assert_eq!(
        world.leased.iter().map(|(_, row)| row.attempts).max(),
        Some(6)
    );
    world.accept();
    assert_eq!(world.delivered, [1, 2, 3]);
}

#[test]
fn only_a_request_that_may_have_arrived_marks_its_rows() {
    for (outcome, unknown) in [
        (Outcome::Lost("cut".into()), true),
        (answer(200, Reply::Unreadable), true),
        (Outcome::NotSent("refused".into()), false),
        (unavailable(), false),
    ] {
        let mut world = World::new(10, 8, 0);
        world.append(1);
        world.answer(outcome);
        world.pass_until_sent();
        let (_, row) = &world.leased[0];
        assert_eq!(
            (row.outcome_unknown, row.first_attempt_ms),
            (unknown, Some(START_MS))
        );
    }
}

#[test]
fn fresh_rows_pass_those_that_wait_for_another_try() {
    let mut world = World::new(10, 8, 0);
    world.append(2);
    world.answer(unavailable());
    world.append(1);
    assert_eq!(world.accept(), [3]);
    world.pass_until_sent();
    assert_eq!(world.accept(), [1, 2]);
}

#[test]
fn retries_and_a_fresh_backlog_take_turns() {
    let mut world = World::new(1, 1, 0);
    world.append(1);
    world.answer(unavailable());
    world.append(10);
    world.now_ms += 60_000;
    let order: Vec<_> = (0..4).map(|_| world.accept()[0]).collect();
    assert!(order.contains(&1), "{order:?}");
}

#[test]
fn one_failure_among_many_does_not_stop_the_lane_but_many_in_a_row_do() {
    let mut world = World::new(1, 4, 0);
    world.append(100);
    world.answer(unavailable());
    assert_eq!(world.sent.len(), 4);
    world.answer(unavailable());
    world.answer(unavailable());
    assert!(matches!(world.state(), LaneState::Throttled { .. }));
    while !world.sent.is_empty() {
        world.answer(unavailable());
    }
    // Meta is asked by one request at a time until one is accepted.
    for _ in 0..5 {
        world.pass_until_sent();
        assert_eq!(world.sent.len(), 1);
        world.answer(unavailable());
    }
    world.pass_until_sent();
    world.accept();
    assert_eq!(world.state(), LaneState::Active);
    assert_eq!(world.sent.len(), 4);
}

#[test]
fn an_unknown_answer_is_tried_a_few_times_and_then_parks() {
    let mut world = World::new(10, 8, 0);
    world.append(2);
    for _ in 0..3 {
        world.answer(error(400, 424_242, None));
        assert!(!matches!(world.state(), LaneState::Parked { .. }));
        world.pass_until_sent();
    }
    world.answer(error(400, 424_242, None));
    assert!(matches!(world.state(), LaneState::Parked { .. }));
    assert_eq!(world.dead_lettered, []);
}
