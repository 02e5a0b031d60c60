//! A simulated world: lanes run by a seed against a queue in memory and a Meta
//! that fails in every way that the table of errors knows, with crashes between
//! any two steps and a clock that jumps. What must never happen is looked for
//! after every step; in the end all trouble stops, and everything must come to
//! rest.
//!
//! `CAPI_SIMULATION_SEEDS=1000000` runs more seeds, `CAPI_SIMULATION_SEED=n`
//! that one alone.

mod meta;
mod outage;
mod store;

use std::collections::HashSet;

use fastrand::Rng;

use self::meta::{Meta, Mood};
use self::store::Store;
use super::batch::BatchId;
use super::lane::{Lane, Limits, Step};
use super::pace::LaneState;
use crate::graph::{Answer, Outcome, Reply};
use crate::queue::{BuryReason, Class, Fate, Settlement, Waiting};

const START_MS: i64 = 1_790_000_000_000;
const SECOND_MS: i64 = 1_000;
const HOUR_MS: i64 = 60 * 60 * SECOND_MS;

/// Seeds in an ordinary run.
const SEEDS: u64 = 10_000;

/// A request on its way.
struct Pending {
    lane: usize,
    /// A probe has no batch.
    batch: Option<BatchId>,
    rows: Vec<i64>,
    /// What Meta answers, once it has looked at it.
    outcome: Option<Outcome>,
}

/// Burials in a row.
#[derive(Clone, Default)]
struct Streak {
    error: Option<(Option<i64>, Option<i64>)>,
    rows: HashSet<i64>,
}

struct World {
    rng: Rng,
    now_ms: i64,
    /// Whether the clock was put back: waits are then shorter than was asked.
    clock_jumped: bool,
    lanes: Vec<Lane>,
    waits: Vec<Option<i64>>,
    /// Before then the lane was told not to send.
    told_to_wait: Vec<i64>,
    /// What each lane buried since Meta took something of it last, all for one error.
    streaks: Vec<Streak>,
    stores: Vec<Store>,
    pending: Vec<Pending>,
    meta: Meta,
    limits: Limits,
    /// Whether Meta stays as it is with each lane.
    is_stubborn: bool,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let limits = Limits {
            batch_size: rng.usize(1..=24),
            max_in_flight: rng.usize(1..=4),
            linger_ms: rng.choice([0, 50, 200]).unwrap_or(0),
        };
        let count = rng.usize(1..=3);
        let mut world = Self {
            now_ms: START_MS,
            clock_jumped: false,
            lanes: Vec::new(),
            waits: Vec::new(),
            told_to_wait: vec![i64::MIN; count],
            streaks: vec![Streak::default(); count],
            stores: (0..count).map(|_| Store::default()).collect(),
            pending: Vec::new(),
            meta: Meta::new(count),
            limits,
            is_stubborn: rng.u8(..10) == 0,
            rng,
        };
        world.start();
        if world.is_stubborn {
            // What takes many requests in a row happens only then.
            world.meta.moods.fill_with(|| Mood::any(&mut world.rng));
            (0..10).for_each(|_| world.append());
        }
        world
    }

    /// Begins every lane anew, as a new process does.
    fn start(&mut self) {
        let limits = self.limits;
        let (rng, now_ms) = (&mut self.rng, self.now_ms);
        let lanes = self.stores.iter().map(|store| {
            let mut lane = Lane::new(limits, rng.fork());
            if let Some(halt) = store.halt.clone() {
                lane.restore(now_ms, halt);
            }
            lane
        });
        self.lanes = lanes.collect();
        self.waits = vec![None; self.lanes.len()];
    }

    /// Kill -9: what is in memory is gone. A request on its way may arrive.
    fn crash(&mut self) {
        for mut pending in std::mem::take(&mut self.pending) {
            if pending.outcome.is_none() && self.rng.bool() {
                pending.outcome = Some(self.meta.look(&mut self.rng, pending.lane, &pending.rows));
            }
            self.meta.nobody_learns(&pending.rows);
        }
        for store in &mut self.stores {
            // What was answered and not settled yet is forgotten too.
            self.meta.nobody_learns(&store.crash());
        }
        self.told_to_wait.fill(i64::MIN);
        self.streaks.fill(Streak::default());
        self.start();
    }

    fn append(&mut self) {
        let lane = self.rng.usize(..self.stores.len());
        for _ in 0..self.rng.usize(1..=12) {
            let class = if self.rng.u8(..10) == 0 {
                Class::PhysicalStore
            } else {
                Class::Standard
            };
            let age_ms = self.rng.i64(0..3 * HOUR_MS);
            let seq = self.meta.new_row(self.rng.u8(..40) == 0);
            self.stores[lane].append(seq, class, self.now_ms, (self.now_ms - age_ms) / 1000);
        }
    }

    /// One step of one lane.
    fn step(&mut self, lane: usize) {
        let store = &mut self.stores[lane];
        let waiting = Waiting {
            standard: store.fresh(Class::Standard),
            physical_store: store.fresh(Class::PhysicalStore),
        };
        match self.lanes[lane].next(self.now_ms, waiting) {
            Step::Tell(_) => {}
            Step::Lease {
                shelf,
                class,
                kind,
                max,
            } => {
                let lease = store.lease(class, kind, max, self.now_ms);
                self.lanes[lane].leased(self.now_ms, shelf, lease);
            }
            Step::Settle(settlements) => {
                store.settle(&settlements, self.now_ms);
                self.streaks[lane].settled(&settlements);
                self.lanes[lane].settled(&settlements);
            }
            Step::Send(batch) => {
                let rows: Vec<i64> = self.lanes[lane]
                    .rows(batch)
                    .iter()
                    .map(|row| row.seq)
                    .collect();
                self.sends(lane, Some(batch), rows);
            }
            Step::KeepHalt(halt) => store.halt = halt,
            Step::Rebase(back_ms) => {
                store.rebase(back_ms);
                self.lanes[lane].rebased();
            }
            Step::Probe => self.sends(lane, None, Vec::new()),
            Step::Wait(until) => {
                self.check_breaker(lane);
                self.waits[lane] = Some(until.unwrap_or(i64::MAX));
            }
        }
    }

    fn sends(&mut self, lane: usize, batch: Option<BatchId>, rows: Vec<i64>) {
        assert!(
            batch.is_none() || !rows.is_empty(),
            "an empty batch is sent"
        );
        assert!(rows.len() <= self.limits.batch_size, "a batch is too large");
        for seq in &rows {
            assert!(
                self.stores[lane].is_leased(*seq),
                "row {seq} is sent and not leased"
            );
        }
        let under_way = self
            .pending
            .iter()
            .filter(|other| other.lane == lane)
            .count();
        assert!(
            under_way < self.limits.max_in_flight,
            "too many are under way"
        );
        if !self.clock_jumped {
            assert!(
                self.told_to_wait[lane] <= self.now_ms,
                "sent {} ms before the pause was over",
                self.told_to_wait[lane] - self.now_ms
            );
        }
        self.pending.push(Pending {
            lane,
            batch,
            rows,
            outcome: None,
        });
    }

    /// Meta looks at a request, or its answer arrives.
    fn answer(&mut self, which: usize) {
        let pending = &mut self.pending[which];
        if pending.outcome.is_none() {
            let outcome = if pending.batch.is_none() {
                self.meta.probe(&mut self.rng, pending.lane)
            } else {
                self.meta.look(&mut self.rng, pending.lane, &pending.rows)
            };
            pending.outcome = Some(outcome);
            return;
        }
        let Pending {
            lane,
            batch,
            outcome,
            ..
        } = self.pending.swap_remove(which);
        let Some(outcome) = outcome else { return };
        let others = self.pending.iter().any(|other| other.lane == lane);
        if let Some(wait_ms) = meta::asks_to_wait(&outcome)
            && !others
        {
            self.told_to_wait[lane] = self.now_ms + wait_ms;
        } else {
            // What is told to one of several that left together is not checked.
            self.told_to_wait[lane] = i64::MIN;
        }
        if let Outcome::Answered(Answer {
            status: 200,
            reply: Reply::Accepted { .. },
            ..
        }) = &outcome
            && batch.is_some()
        {
            self.streaks[lane] = Streak::default();
        }
        match batch {
            Some(batch) => self.lanes[lane].answered(self.now_ms, batch, outcome),
            None => self.lanes[lane].probed(self.now_ms, outcome),
        }
        self.waits[lane] = None;
    }

    /// Time passes until a lane wants to do something, or a little.
    fn pass(&mut self) {
        let next = self
            .waits
            .iter()
            .flatten()
            .copied()
            .min()
            .unwrap_or(i64::MAX);
        self.now_ms = if next > self.now_ms && next < i64::MAX {
            next
        } else {
            self.now_ms + self.rng.i64(1..=SECOND_MS)
        };
        self.waits.fill(None);
    }

    /// Something happens.
    fn happen(&mut self) {
        match self.rng.u8(..100) {
            0..8 => {
                self.append();
                self.waits.fill(None);
            }
            8..10 => self.crash(),
            10..13 => {
                let lane = self.rng.usize(..self.lanes.len());
                let mood = Mood::any(&mut self.rng);
                if !self.is_stubborn {
                    self.meta.moods[lane] = mood;
                }
            }
            13..14 => {
                self.clock_jumped = true;
                self.now_ms += self.rng.i64(-2 * HOUR_MS..=2 * HOUR_MS);
                self.waits.fill(None);
            }
            14..50 if !self.pending.is_empty() => {
                let which = self.rng.usize(..self.pending.len());
                self.answer(which);
            }
            _ => self.run_one(),
        }
        self.check();
    }

    /// A lane that has something to do does it; otherwise time passes.
    fn run_one(&mut self) {
        let able: Vec<usize> = (0..self.lanes.len())
            .filter(|lane| self.waits[*lane].is_none_or(|until| until <= self.now_ms))
            .collect();
        match self.rng.choice(able) {
            Some(lane) => {
                self.waits[lane] = None;
                self.step(lane);
            }
            None => self.pass(),
        }
    }

    /// What must never be.
    fn check(&self) {
        let known: usize = self.stores.iter().map(Store::len).sum();
        assert_eq!(known, self.meta.rows(), "a row is gone, or there twice");
    }

    /// A lane that is parked for what an event is said to be has taken back what it
    /// buried for that.
    fn check_breaker(&self, lane: usize) {
        let streak = &self.streaks[lane];
        if let LaneState::Parked { refusal, .. } = self.lanes[lane].shown(self.now_ms).state
            && refusal.code == Some(100)
            && streak.error == Some(refusal.error())
        {
            assert!(
                streak.rows.is_empty(),
                "parked for {:?} with {} rows buried for it",
                streak.error,
                streak.rows.len()
            );
        }
    }

    /// All trouble ends; then everything must come to rest.
    fn comes_to_rest(&mut self) {
        self.meta.moods.fill(Mood::Good);
        let end_ms = self.now_ms + 24 * HOUR_MS;
        for _ in 0..200_000 {
            if self.pending.is_empty() && self.stores.iter().all(Store::is_settled) {
                return;
            }
            if !self.pending.is_empty() {
                let which = self.rng.usize(..self.pending.len());
                self.answer(which);
            } else {
                self.run_one();
            }
            self.check();
            assert!(
                self.now_ms < end_ms,
                "a wait does not end: {}",
                self.state()
            );
        }
        panic!("it does not come to rest: {}", self.state());
    }

    fn state(&self) -> String {
        let lanes = self.lanes.iter().zip(&self.stores);
        let lanes = lanes.map(|(lane, store)| {
            let state = match lane.shown(self.now_ms).state {
                LaneState::Active => "active",
                LaneState::Throttled { .. } => "throttled",
                LaneState::Parked { .. } => "parked",
            };
            format!("{state} with {} rows", store.unsettled())
        });
        lanes.collect::<Vec<_>>().join(", ")
    }
}

impl Streak {
    fn settled(&mut self, settlements: &[Settlement]) {
        for Settlement { seq, fate } in settlements {
            match fate {
                Fate::Buried {
                    reason: BuryReason::Rejected,
                    refusal: Some(refusal),
                } => {
                    if self.error != Some(refusal.error()) {
                        self.error = Some(refusal.error());
                        self.rows.clear();
                    }
                    self.rows.insert(*seq);
                }
                Fate::TakenBack => {
                    self.rows.remove(seq);
                }
                _ => {}
            }
        }
    }
}

/// One life of the world.
fn run(seed: u64) {
    let mut world = World::new(seed);
    let steps = if world.is_stubborn {
        300..1500
    } else {
        50..300
    };
    for _ in 0..world.rng.usize(steps) {
        world.happen();
    }
    world.comes_to_rest();
    for store in &world.stores {
        store.fates(|seq, fate| world.meta.check_fate(seq, fate));
    }
}

#[test]
fn nothing_is_lost_or_sent_twice_whatever_happens() {
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse::<u64>().ok())
    };
    if let Some(seed) = number("CAPI_SIMULATION_SEED") {
        return run(seed);
    }
    for seed in 0..number("CAPI_SIMULATION_SEEDS").unwrap_or(SEEDS) {
        if let Err(panic) = std::panic::catch_unwind(|| run(seed)) {
            eprintln!("seed {seed} fails; CAPI_SIMULATION_SEED={seed} repeats it");
            std::panic::resume_unwind(panic);
        }
    }
}
