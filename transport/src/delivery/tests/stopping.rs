//! A lane that drains, closes, or is cut off.

use super::*;

#[test]
fn draining_does_not_linger() {
    let mut world = World::new(10, 8, 60_000);
    world.append(1);
    world.lane.drain();
    world.run();
    assert_eq!(world.sizes(), [1]);
}

#[test]
fn a_lane_that_closes_waits_for_answers_and_sends_nothing_more() {
    let mut world = World::new(10, 1, 0);
    world.append(20);
    assert_eq!(world.sizes(), [10]);
    world.lane.drain();
    world.lane.close();
    world.answer(accepted(10));
    assert_eq!((world.delivered.len(), world.sent.len()), (10, 0));
    assert_eq!(world.wait, None);
}

#[test]
fn draining_does_not_wait_for_a_parked_lane() {
    let mut world = World::new(10, 8, 0);
    world.append(1);
    world.answer(error(401, 190, None));
    assert!(world.wait.is_some());
    world.lane.drain();
    world.run();
    assert_eq!(world.wait, None);
}

#[test]
fn what_is_cut_off_goes_back_as_perhaps_delivered() {
    let mut world = World::new(10, 8, 0);
    world.append(2);
    let cut = world.lane.cut(world.now_ms + 5, |_| true);
    let disposition = Disposition::RetryAt {
        due_ms: START_MS + 5,
        attempted_ms: START_MS,
        outcome_unknown: true,
    };
    assert_eq!(
        cut,
        [1, 2].map(|seq| Ack {
            seq,
            disposition: disposition.clone()
        })
    );
    assert!(world.lane.idle());
}

#[test]
fn what_waited_for_its_turn_when_all_was_cut_off_is_not_marked() {
    let mut world = World::new(10, 8, 0);
    world.append(2);
    assert_eq!(world.lane.cut(world.now_ms, |_| false), []);
}
