//! Groups of events that Meta refuses: set aside, sampled, taken again.

use super::*;
use crate::ApiError;
use crate::queue::SetAside;

/// What Meta says of an event that a mapping spoiled.
fn refused() -> Outcome {
    error(400, 100, Some(2_804_050))
}

impl World {
    /// Answers everything, refusing what `is_bad` says, until the lane waits for longer
    /// than `longest_ms`. Gives how many requests that took.
    fn serve(&mut self, longest_ms: i64, is_bad: impl Fn(i64) -> bool) -> usize {
        let mut requests = 0;
        loop {
            while let Some((_, rows)) = self.sent.front() {
                requests += 1;
                if rows.iter().any(|seq| is_bad(*seq)) {
                    self.answer(refused());
                } else {
                    self.accept();
                }
            }
            match self.wait {
                Some(until) if until - self.now_ms <= longest_ms => {
                    self.now_ms = until.max(self.now_ms + 1);
                    self.run();
                }
                _ => return requests,
            }
        }
    }

    fn samples(&self) -> Vec<i64> {
        self.sent.iter().map(|(_, rows)| rows[0]).collect()
    }
}

#[test]
fn twenty_refusals_set_the_group_aside_and_lose_nothing() {
    let mut world = World::new(64, 1, 0);
    world.append(64);
    world.serve(100, |_| true);
    assert_eq!(world.state(), LaneState::Active, "others go on");
    assert_eq!(world.dead_lettered, []);
    assert_eq!(world.aside.len(), 64);
    let kept = &world.groups[0];
    assert_eq!(
        (&kept.group, kept.refusal.code),
        (&group("Purchase"), Some(100))
    );
    let reported = |notice: &Notice| matches!(notice, Notice::SetAside { before: 19, .. });
    assert!(world.notices.iter().any(reported), "{:?}", world.notices);

    // What comes of it later waits too, and another group passes.
    world.append_group(&group("Purchase"), 5);
    world.append_group(&group("Lead"), 5);
    world.run();
    assert_eq!(world.sent.pop_front().unwrap().1, [70, 71, 72, 73, 74]);
    assert_eq!(world.aside.len(), 69);
}

#[test]
fn a_wall_of_bad_ones_costs_the_good_ones_behind_it_few_requests() {
    let mut world = World::new(1000, 8, 0);
    world.append_group(&group("AddToCart"), 12_000);
    world.append_group(&group("Purchase"), 400);
    world.run();
    let requests = world.serve(1000, |seq| seq <= 12_000);
    assert_eq!(world.delivered.len(), 400);
    assert_eq!((world.dead_lettered.len(), world.aside.len()), (0, 12_000));
    assert!(requests < 120, "{requests}");
}

#[test]
fn samples_come_from_all_over_the_group_and_the_oldest_and_the_newest_are_among_them() {
    let mut world = World::new(1000, 8, 0);
    world.append(1000);
    world.serve(100, |_| true);
    world.pass_until_sent();
    // As many as may be under way; the rest when these are answered.
    let mut samples = world.samples();
    while let Some((_, rows)) = world.sent.front() {
        assert_eq!(rows.len(), 1);
        world.answer(refused());
        samples.extend(world.samples());
    }
    samples.sort_unstable();
    samples.dedup();
    assert_eq!((samples.first(), samples.last()), (Some(&1), Some(&1000)));
    assert!(samples.len() > 4, "{samples:?}");
    assert_eq!((world.aside.len(), world.dead_lettered.len()), (1000, 0));
}

#[test]
fn the_next_round_of_samples_waits_longer() {
    let mut world = World::new(100, 8, 0);
    world.append(100);
    world.serve(100, |_| true);
    let mut waits = Vec::new();
    for _ in 0..5 {
        let begin = world.now_ms;
        world.pass_until_sent();
        waits.push((world.now_ms - begin) / 1000);
        while !world.sent.is_empty() {
            world.answer(refused());
        }
    }
    assert_eq!(waits[1..], [4, 8, 16, 32]);
    assert!(waits[0] <= 2, "{waits:?}");
}

#[test]
fn an_accepted_sample_frees_the_whole_group() {
    let mut world = World::new(100, 8, 0);
    world.append(100);
    world.serve(100, |_| true);
    world.serve(3000, |_| false);
    world.delivered.sort_unstable();
    assert_eq!(world.delivered, (1..=100).collect::<Vec<_>>());
    assert_eq!((world.groups.len(), world.dead_lettered.len()), (0, 0));
    let reported = |notice: &Notice| matches!(notice, Notice::TakenAgain { .. });
    assert!(world.notices.iter().any(reported));
}

#[test]
fn a_person_frees_all_groups_at_once() {
    let mut world = World::new(100, 8, 0);
    world.append_group(&group("AddToCart"), 50);
    world.append_group(&group("Purchase"), 50);
    world.run();
    world.serve(100, |_| true);
    assert_eq!(world.groups.len(), 2);
    world.lane.resume(world.now_ms);
    world.run();
    world.serve(1000, |_| false);
    assert_eq!(world.delivered.len(), 100);
}

#[test]
fn a_group_of_which_some_are_good_is_freed_and_the_bad_are_buried() {
    let mut world = World::new(1000, 8, 0);
    // Bad for the first half, fixed then.
    world.append(600);
    world.serve(60_000, |seq| seq <= 500);
    let ends = (world.delivered.len(), world.dead_lettered.len());
    assert_eq!((ends, world.groups.len()), ((100, 500), 0));
}

#[test]
fn bad_events_of_ever_new_names_do_not_hold_the_good_ones_back() {
    let mut world = World::new(100, 8, 0);
    for name in 0..10_000 {
        world.append_group(&group(&format!("Name{name}")), 1);
    }
    world.append_group(&group("Purchase"), 100);
    world.run();
    let mut requests = 0;
    while world.delivered.len() < 100 {
        requests += 1;
        // Halves, what is under way, and what is on the shelves.
        let leased = world.leased.len();
        assert!(leased <= 2 * 8 * 100 + 400, "{leased} rows in memory");
        let bad = world.sent[0].1.iter().any(|seq| *seq <= 10_000);
        match bad {
            true => drop(world.answer(refused())),
            false => drop(world.accept()),
        }
    }
    assert!(requests <= 2 * 100 + 20, "{requests}");
}

#[test]
fn a_restart_knows_the_groups_and_asks_soon() {
    let mut world = World::new(10, 8, 0);
    world.append(40);
    world.serve(100, |_| true);
    assert_eq!(world.aside.len(), 40);
    world.restart();
    world.append(1);
    assert_eq!(world.aside.len(), 41, "it waits with the others");
    world.serve(5000, |_| false);
    assert_eq!(world.delivered.len(), 41);
}

#[test]
fn what_is_set_aside_grows_too_old_like_all_else() {
    let mut world = World::new(10, 8, 0);
    world.append(40);
    world.serve(100, |_| true);
    world.append_group(&group("Purchase"), 1);
    world.run();
    world.now_ms += 7 * DAY_MS - 3_600_000;
    world.serve(0, |_| true);
    world.append_group(&group("Purchase"), 1);
    world.run();
    world.now_ms += 3_600_000;
    world.run();
    world.serve(0, |_| true);
    assert_eq!(world.dead_lettered.len(), 41);
    assert!(
        world
            .dead_lettered
            .iter()
            .all(|(_, reason)| *reason == DeadLetterReason::Expired)
    );
    assert_eq!(world.aside.len(), 1);
}

#[test]
fn a_group_without_rows_is_forgotten() {
    let mut world = World::new(10, 8, 0);
    world.append(40);
    world.serve(100, |_| true);
    world.aside.clear();
    world.pass(10_000);
    world.serve(0, |_| true);
    assert_eq!(world.groups.len(), 0);
}

#[test]
fn a_sample_that_may_have_arrived_is_marked() {
    let mut world = World::new(10, 1, 0);
    world.append(40);
    world.serve(100, |_| true);
    world.pass_until_sent();
    let rows = world.answer(Outcome::Lost("cut".into()));
    let is_marked = |row: &Leased| rows.contains(&row.seq) && row.outcome_unknown;
    world.serve(60_000, |_| true);
    assert!(world.aside.iter().any(|(_, _, row)| is_marked(row)));
}

#[test]
fn where_too_many_groups_are_set_aside_the_events_are_at_fault() {
    let mut world = World::new(10, 8, 0);
    for id in 1..=1_000 {
        let group = group(&format!("Name{id}"));
        let mut row = row(10_000 + id);
        (row.event_time, row.group) = (START_MS / 1000, Arc::clone(&group));
        world.aside.push((id, Class::Standard, row));
        world.groups.push(SetAside {
            id,
            class: Class::Standard,
            group,
            refusal: ApiError::default(),
            since_ms: START_MS,
            rows: 1,
        });
    }
    world.restart();
    world.append(25);
    world.serve(100, |_| true);
    assert_eq!((world.groups.len(), world.aside.len()), (1_000, 1_000));
    assert_eq!(
        world.dead_lettered.len(),
        25,
        "all of them, and none taken back"
    );
}
