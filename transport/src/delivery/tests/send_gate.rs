//! How fast a lane sends, and how long it waits when it has to.

use super::*;

#[test]
fn retry_after_is_honoured() {
    let mut world = World::new(10, 8, 0);
    world.append(1);
    let Outcome::Answered(mut answer) = unavailable() else {
        unreachable!()
    };
    answer.retry_after = Some(Duration::from_secs(30));
    world.answer(Outcome::Answered(answer));
    world.append(1);
    assert_eq!(world.sent.len(), 0, "the lane must wait too");
    assert!(world.pass_until_sent() >= 30_000);
}

#[test]
fn a_throttled_lane_waits_as_long_as_it_is_told_and_keeps_its_rows() {
    let mut world = World::new(10, 8, 0);
    world.append(10);
    let Outcome::Answered(mut answer) = error(400, 80_004, None) else {
        unreachable!()
    };
    answer.usage.regain_access = Some(Duration::from_secs(180));
    world.answer(Outcome::Answered(answer));
    world.append(20);
    assert_eq!(world.sizes(), [0; 0]);
    assert_eq!(world.pass_until_sent(), 180_000);
    // One request tries the way, the others follow.
    assert_eq!(world.sizes(), [10]);
    assert_eq!(world.accept(), (1..=10).collect::<Vec<_>>());
    assert_eq!(world.sizes(), [10, 10]);
    assert_eq!(
        world.leased.iter().map(|(_, row)| row.attempts).max(),
        Some(0)
    );
}

fn told_to_wait(seconds: u64) -> Outcome {
    let Outcome::Answered(mut answer) = error(400, 80_004, None) else {
        unreachable!()
    };
    answer.usage.regain_access = Some(Duration::from_secs(seconds));
    Outcome::Answered(answer)
}

#[test]
fn no_wait_is_longer_than_an_hour_whatever_an_answer_says() {
    let mut world = World::new(10, 8, 0);
    world.append(1);
    world.answer(told_to_wait(1_795_908_000));
    assert_eq!(world.pass_until_sent(), 60 * 60 * 1000);
}

#[test]
fn a_person_ends_the_wait_of_a_throttled_lane() {
    let mut world = World::new(10, 8, 0);
    world.append(1);
    world.answer(told_to_wait(1800));
    assert_eq!(world.sizes(), [0; 0]);
    world.lane.resume(world.now_ms);
    world.run();
    assert_eq!(world.sizes(), [1]);
}

#[test]
fn a_throttled_lane_that_is_told_nothing_waits_longer_each_time() {
    let mut world = World::new(10, 8, 0);
    world.append(1);
    let mut waits = Vec::new();
    for _ in 0..6 {
        world.answer(error(400, 4, None));
        waits.push(world.pass_until_sent() / 1000);
    }
    assert_eq!(waits, [1, 2, 4, 8, 10, 10]);
}

#[test]
fn the_pace_slows_before_the_allowance_is_used_up() {
    let mut world = World::new(10, 8, 0);
    world.append(80);
    assert_eq!(world.sizes().len(), 8);
    world.append(80);
    for _ in 0..8 {
        world.answer(accepted_at(90));
    }
    assert_eq!(world.pass_until_sent(), 550);
    assert_eq!(world.sizes(), [10], "one request at a time");
    assert_eq!(world.state(), LaneState::Active);
    world.answer(accepted_at(100));
    assert!(matches!(world.state(), LaneState::Throttled { .. }));
    assert_eq!(world.pass_until_sent(), 1000);
    world.answer(accepted_at(10));
    assert_eq!(world.sizes().len(), 6);
}
