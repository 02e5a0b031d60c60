//! Walls of bad events: what is good behind one goes within a time that does not depend
//! on how high it is.

use super::*;

/// Meta answers in so long.
const ANSWER_MS: i64 = 600;

/// What is good must have gone by then.
const IN_TIME_MS: i64 = 90 * SECOND_MS;

/// A lane as it is in earnest: a thousand rows a request, eight requests in flight.
fn world() -> World {
    let mut world = World::new(3);
    world.stores.truncate(1);
    world.limits = RowLimits {
        batch_size: 1000,
        batch_bytes: 1 << 20,
        max_in_flight: 8,
        linger_ms: 200,
    };
    world.start();
    world.pending.clear();
    world.meta.moods[0] = Mood::Good;
    world
}

impl World {
    fn rows(&mut self, name: &str, count: i64, is_poison: bool) -> Vec<i64> {
        let (group, event_time) = (group(name), self.now_ms / 1000);
        let kin = (Class::Standard, group);
        let rows = 0..count;
        rows.map(|_| self.append_one(0, kin.clone(), is_poison, event_time))
            .collect()
    }

    /// How long it takes until these rows are delivered, when each answer takes its time.
    fn delivers(&mut self, rows: &[i64]) -> i64 {
        let begin = self.now_ms;
        let mut answers: Vec<i64> = Vec::new();
        self.waits[0] = None;
        while !rows.iter().all(|seq| self.stores[0].is_delivered(*seq)) {
            while self.waits[0].is_none_or(|until| until <= self.now_ms) {
                self.waits[0] = None;
                self.step(0);
                answers.resize(self.pending.len(), self.now_ms + ANSWER_MS);
            }
            let wait = self.waits[0].filter(|until| *until < i64::MAX);
            let next = answers.iter().copied().chain(wait).min();
            self.now_ms = next.expect("it waits for nothing").max(self.now_ms);
            while let Some(which) = answers.iter().position(|at| *at <= self.now_ms) {
                answers.swap_remove(which);
                // Meta looks at it, and its answer arrives.
                self.answer(which);
                self.answer(which);
            }
            assert!(self.now_ms - begin < HOUR_MS, "{}", self.state());
        }
        self.now_ms - begin
    }
}

#[test]
fn a_wall_of_one_group_costs_what_is_behind_it_no_time_that_grows_with_it() {
    let times = [2_000, 20_000].map(|high| {
        let mut world = world();
        world.rows("AddToCart", high, true);
        let good = world.rows("Purchase", 400, false);
        let time = world.delivers(&good);
        // What was dead-lettered before the group was set aside comes back soon.
        for _ in 0..60 {
            let later = world.rows("Lead", 1, false);
            world.delivers(&later);
        }
        assert_eq!(world.stores[0].dead_lettered(), 0, "nothing is given up");
        assert!(time < IN_TIME_MS, "{time} ms");
        time
    });
    assert!(times[1] <= times[0] + 10 * SECOND_MS, "{times:?}");
}

#[test]
fn what_comes_while_the_wall_is_worked_on_passes() {
    let mut world = world();
    for name in ["AddToCart", "Lead", "Search", "Contact"] {
        world.rows(name, 5_000, true);
    }
    for _ in 0..20 {
        let good = world.rows("Purchase", 50, false);
        let time = world.delivers(&good);
        assert!(time < IN_TIME_MS, "{time} ms");
    }
}

#[test]
fn a_wall_without_any_two_of_a_group_is_passed_too() {
    let mut world = world();
    for number in 0..20_000 {
        world.rows(&format!("Name{number}"), 1, true);
    }
    let good = world.rows("Purchase", 400, false);
    let time = world.delivers(&good);
    assert!(time < IN_TIME_MS, "{time} ms");
}

#[test]
fn good_ones_that_came_after_the_mapping_was_mended_go_with_their_group() {
    let mut world = world();
    world.rows("Purchase", 5_000, true);
    let good = world.rows("Purchase", 400, false);
    let time = world.delivers(&good[399..]);
    assert!(time < IN_TIME_MS, "{time} ms");
}

#[test]
fn a_batch_of_both_gives_the_good_ones_after_few_requests() {
    let mut world = world();
    let mut good = Vec::new();
    for _ in 0..500 {
        world.rows("AddToCart", 1, true);
        good.extend(world.rows("Purchase", 1, false));
    }
    let time = world.delivers(&good);
    assert!(time < 10 * SECOND_MS, "{time} ms");
}
