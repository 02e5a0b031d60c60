//! Events that Meta refuses: found alone and dead-lettered.

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
    assert_eq!(world.dead_lettered, [(poison, DeadLetterReason::Rejected)]);
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
    assert_eq!(world.dead_lettered, [(38, DeadLetterReason::Rejected)]);
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
fn halves_and_a_backlog_take_turns() {
    let mut world = World::new(10, 1, 0);
    world.append(1_000);
    let poison = |rows: &[i64]| rows.contains(&3);
    for _ in 0..30 {
        match poison(&world.sent[0].1) {
            true => drop(world.answer(error(400, 100, Some(2_804_019)))),
            false => drop(world.accept()),
        }
    }
    assert_eq!(
        world.dead_lettered,
        [(3, DeadLetterReason::Rejected)],
        "found beside the backlog"
    );
    assert!(world.delivered.len() > 100, "and the backlog went on");
}
