//! A lane that waits for a person: what parks it, what ends that, and what a restart remembers.

use super::*;

#[test]
fn a_configuration_fault_parks_the_lane_and_loses_nothing() {
    for (status, code, subcode) in [
        (401, 190, None),
        (403, 10, None),
        (400, 100, Some(33)),
        (403, 250, None),
        (400, 803, None),
    ] {
        let mut world = World::new(10, 8, 0);
        world.append(30);
        while !world.sent.is_empty() {
            world.answer(error(status, code, subcode));
        }
        assert!(matches!(world.state(), LaneState::Parked { .. }), "{code}");
        assert_eq!(world.notices.len(), 1, "parking is logged once");
        let mut waits = Vec::new();
        for _ in 0..8 {
            waits.push(world.pass_until_probed() / 1000);
            assert_eq!(world.sizes(), [0; 0], "no event asks");
            world.probed(error(status, code, subcode));
        }
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 300, 300]);
        world.pass_until_probed();
        world.probed(no_event());
        assert_eq!(world.sizes(), [1], "one event tries");
        world.accept();
        assert_eq!(world.state(), LaneState::Active);
        assert!(world.notices.contains(&Notice::Reopened));
        while !world.sent.is_empty() {
            world.accept();
        }
        world.delivered.sort_unstable();
        assert_eq!(world.delivered, (1..=30).collect::<Vec<_>>());
        assert_eq!(world.dead_lettered, []);
    }
}

#[test]
fn an_answer_from_before_does_not_reopen_a_parked_lane() {
    let mut world = World::new(10, 8, 0);
    world.append(20);
    world.answer(error(401, 190, None));
    world.accept();
    assert!(matches!(world.state(), LaneState::Parked { .. }));
    assert_eq!(world.delivered.len(), 10);
}

#[test]
fn a_refused_event_reopens_a_parked_lane() {
    let mut world = World::new(10, 8, 0);
    world.append(10);
    world.answer(error(401, 190, None));
    world.pass_until_probed();
    world.probed(no_event());
    world.answer(error(400, 100, Some(2_804_050)));
    assert_eq!(world.state(), LaneState::Active);
    assert_eq!(world.dead_lettered, [(1, DeadLetterReason::Rejected)]);
    assert_eq!(world.sizes(), [9]);
}

#[test]
fn a_token_that_may_ask_and_not_send_does_not_flap() {
    let mut world = World::new(10, 8, 0);
    world.append(3);
    world.answer(error(403, 200, None));
    let mut waits = Vec::new();
    for _ in 0..5 {
        waits.push(world.pass_until_probed() / 1000);
        world.probed(no_event());
        assert_eq!(world.sizes(), [1]);
        world.answer(error(403, 200, None));
        assert!(matches!(world.state(), LaneState::Parked { .. }));
    }
    assert_eq!(waits, [5, 10, 20, 40, 80]);
    assert_eq!(world.dead_lettered, []);
}

#[test]
fn a_person_ends_the_wait_of_a_parked_lane() {
    let mut world = World::new(10, 8, 0);
    world.append(3);
    world.answer(error(401, 190, None));
    for _ in 0..6 {
        world.pass_until_probed();
        world.probed(error(401, 190, None));
    }
    world.lane.resume(world.now_ms);
    world.run();
    world.probed(no_event());
    world.accept();
    assert_eq!(world.state(), LaneState::Active);
}

#[test]
fn a_restart_forgets_neither_a_named_wait_nor_why_the_lane_is_parked() {
    let mut world = World::new(10, 8, 0);
    world.append(1);
    world.answer(error(401, 190, None));
    let parked = world.lane_block.clone().expect("kept");
    world.restart();
    assert_eq!(world.pass_until_probed(), 0, "it asks immediately");
    assert_eq!(world.sent.len(), 0, "and not with an event");
    world.probed(no_event());
    world.answer(accepted(1));
    assert_eq!(world.lane_block, None, "{parked:?} is over");

    world.append(1);
    let mut asked = unavailable();
    if let Outcome::Answered(answer) = &mut asked {
        answer.retry_after = Some(Duration::from_secs(600));
    }
    world.answer(asked);
    assert!(world.lane_block.is_some());
    world.pass(60_000);
    world.restart();
    assert!((539_000..=540_000).contains(&world.pass_until_sent()));
    world.answer(accepted(1));
    assert_eq!(world.lane_block, None);

    // What nobody named is tried again by the next run.
    world.append(4);
    for _ in 0..4 {
        world.answer(unavailable());
        world.pass_until_sent();
    }
    assert_eq!(world.lane_block, None);
}
