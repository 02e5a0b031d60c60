//! Events that Meta refuses: found alone, buried, and taken back when too many are.

use super::*;

#[test]
fn a_poison_is_buried_alone_and_the_rest_is_delivered() {
    let mut world = World::new(100, 2, 0);
    world.append(100);
    let poison = 37;
    let mut requests = 0;
    while let Some((_, rows)) = world.sent.front() {
        requests += 1;
        if rows.contains(&poison) {
            world.answer(error(400, 100, Some(2_804_019)));
        } else {
            world.accept();
        }
    }
    assert_eq!(world.buried, [(poison, BuryReason::Rejected)]);
    assert_eq!(world.delivered.len(), 99);
    assert!(requests <= 15, "{requests}");
}

#[test]
fn a_row_that_meta_names_is_tried_alone_first() {
    let mut world = World::new(100, 1, 0);
    world.append(100);
    world.answer(named(37));
    assert_eq!(world.sent[0].1, [38]);
    world.answer(error(400, 100, Some(2_804_019)));
    assert_eq!(world.sizes(), [99]);
    world.accept();
    assert_eq!(world.buried, [(38, BuryReason::Rejected)]);
    assert_eq!(world.delivered.len(), 99);
}

#[test]
fn a_name_that_proved_wrong_is_not_believed_again() {
    let mut world = World::new(100, 1, 0);
    world.append(100);
    world.answer(named(0));
    assert_eq!(world.accept(), [1]);
    world.answer(named(0));
    assert_eq!(world.sizes(), [49]);
}

#[test]
fn twenty_burials_with_nothing_accepted_park_the_lane_and_are_taken_back() {
    let mut world = World::new(64, 1, 0);
    world.append(64);
    while !world.sent.is_empty() {
        world.answer(error(400, 100, None));
    }
    assert!(matches!(world.state(), LaneState::Parked { .. }));
    assert_eq!(world.buried, []);
    let broke = |notice: &Notice| matches!(notice, Notice::Broke { rows: 19, .. });
    assert!(world.notices.iter().any(broke), "{:?}", world.notices);
    // The probe passes, as an event without a name gets that code too; the
    // event does not.
    for _ in 0..3 {
        world.pass_until_probed();
        world.probed(no_event());
        assert_eq!(world.sizes(), [1]);
        world.answer(error(400, 100, None));
    }
    assert_eq!(world.buried, []);
    // Mended.
    world.pass_until_probed();
    world.probed(no_event());
    world.accept();
    for _ in 0..100 {
        while !world.sent.is_empty() {
            world.accept();
        }
        if world.delivered.len() < 64 {
            world.pass_until_sent();
        }
    }
    world.delivered.sort_unstable();
    assert_eq!(world.delivered, (1..=64).collect::<Vec<_>>());
}

#[test]
fn fifty_poisons_in_a_row_are_buried_though_the_breaker_trips() {
    let mut world = World::new(1000, 1, 0);
    world.append(1000);
    let is_poison = |seq: &i64| (100..150).contains(seq);
    let mut stops = 0;
    for _ in 0..10_000 {
        if let Some((_, rows)) = world.sent.front() {
            if rows.iter().any(is_poison) {
                world.answer(error(400, 100, Some(2_804_050)));
            } else {
                world.accept();
            }
        } else if world.delivered.len() + world.buried.len() == 1000 {
            break;
        } else if matches!(world.state(), LaneState::Parked { .. }) {
            stops += 1;
            world.pass_until_probed();
            world.probed(no_event());
        } else {
            world.pass_until_sent();
        }
    }
    world.buried.sort_unstable_by_key(|(seq, _)| *seq);
    let poisons: Vec<_> = (100..150).map(|seq| (seq, BuryReason::Rejected)).collect();
    assert_eq!(world.buried, poisons);
    assert_eq!(world.delivered.len(), 950);
    assert!((1..=2).contains(&stops), "{stops}");
}
