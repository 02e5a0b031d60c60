//! A simulated world: lanes run by a seed against a queue in memory and a Meta
//! that fails in every way that the table of errors knows, with crashes between
//! any two steps and a clock that jumps. What must never happen is looked for
//! after every step; in the end all trouble stops, and everything must come to
//! rest. What Meta refuses by whole groups waits set aside then, and nothing else.
//!
//! `CAPI_SIMULATION_SEEDS=1000000` runs more seeds, `CAPI_SIMULATION_SEED=n`
//! that one alone.

mod meta;
mod outage;
mod store;
mod walls;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use fastrand::Rng;

use self::meta::{Meta, Mood};
use self::store::Store;
use super::batch::BatchId;
use super::lane::{Lane, Step};
use super::limits::RowLimits;
use super::send_gate::LaneState;
use super::tests::group;
use crate::graph::{Answer, Outcome, Reply};
use crate::queue::{Ack, Class, DeadLetterReason, Disposition, Group, Waiting};

const START_MS: i64 = 1_790_000_000_000;
const SECOND_MS: i64 = 1_000;
const HOUR_MS: i64 = 60 * 60 * SECOND_MS;

/// Seeds in an ordinary run.
const SEEDS: u64 = 3_000;

/// A request on its way.
struct Pending {
    lane: usize,
    /// A probe has no batch.
    batch: Option<BatchId>,
    rows: Vec<i64>,
    /// What Meta answers, once it has looked at it.
    outcome: Option<Outcome>,
}

/// The rows of a group that were dead-lettered since Meta took something of it last, by error.
type Streak = HashMap<(Option<i64>, Option<i64>), HashSet<i64>>;

/// What a row belongs to.
type Kin = (Class, Arc<Group>);

struct World {
    rng: Rng,
    now_ms: i64,
    /// Whether the clock was put back: waits are then shorter than was asked.
    clock_jumped: bool,
    lanes: Vec<Lane>,
    waits: Vec<Option<i64>>,
    /// Before then the lane was told not to send.
    told_to_wait: Vec<i64>,
    /// What each row belongs to.
    kin: HashMap<i64, Kin>,
    /// The names that conversions have, and whether a mapping spoils them now.
    names: Vec<(Arc<Group>, bool)>,
    streaks: Vec<HashMap<Kin, Streak>>,
    stores: Vec<Store>,
    pending: Vec<Pending>,
    meta: Meta,
    limits: RowLimits,
    /// Whether Meta stays as it is with each lane.
    is_stubborn: bool,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let limits = RowLimits {
            batch_size: rng.usize(1..=24),
            batch_bytes: rng.usize(1..=64),
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
            kin: HashMap::new(),
            names: ["Purchase", "AddToCart", "Lead"]
                .map(|name| (group(name), false))
                .to_vec(),
            streaks: vec![HashMap::new(); count],
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
            lane.restore(now_ms, store.lane_block.clone(), store.groups());
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
            // What was answered and not acknowledged yet is forgotten too.
            self.meta.nobody_learns(&store.crash());
        }
        self.told_to_wait.fill(i64::MIN);
        self.streaks.fill(HashMap::new());
        self.start();
    }

    fn append(&mut self) {
        let lane = self.rng.usize(..self.stores.len());
        let name = self.rng.usize(..self.names.len());
        let (group, is_spoiled) = self.names[name].clone();
        let most = if is_spoiled { 60 } else { 12 };
        for _ in 0..self.rng.usize(1..=most) {
            let class = if self.rng.u8(..10) == 0 {
                Class::PhysicalStore
            } else {
                Class::Standard
            };
            let age_ms = self.rng.i64(0..3 * HOUR_MS);
            let is_poison = is_spoiled || self.rng.u8(..40) == 0;
            let event_time = (self.now_ms - age_ms) / 1000;
            self.append_one(lane, (class, Arc::clone(&group)), is_poison, event_time);
        }
    }

    fn append_one(&mut self, lane: usize, kin: Kin, is_poison: bool, event_time: i64) -> i64 {
        let seq = self.meta.new_row(is_poison);
        let (class, group) = (kin.0, &kin.1);
        self.stores[lane].append(seq, (class, group), self.now_ms, event_time);
        self.kin.insert(seq, kin);
        seq
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
                ready_buffer,
                class,
                kind,
                max,
                max_bytes,
            } => {
                let lease = store.lease(class, kind, (max, max_bytes), self.now_ms);
                self.meta.leased(&lease.rows);
                self.lanes[lane].leased(self.now_ms, ready_buffer, lease);
            }
            Step::Settle(acks) => {
                store.acknowledge(&acks, self.now_ms);
                self.acknowledged(lane, &acks);
                self.lanes[lane].acknowledged(&acks);
            }
            Step::Send(batch) => {
                let rows: Vec<i64> = self.lanes[lane]
                    .rows(batch)
                    .iter()
                    .map(|row| row.seq)
                    .collect();
                self.sends(lane, Some(batch), rows);
            }
            Step::KeepHalt(lane_block) => store.lane_block = lane_block,
            Step::KeepSetAside(group) => {
                // Some commits fail: the disk is full.
                let (id, is_kept) = (group.id, self.rng.u8(..4) > 0);
                if is_kept {
                    store.keep_set_aside(group);
                }
                self.lanes[lane].kept_set_aside(id, is_kept);
            }
            Step::Sample {
                group,
                class,
                place,
            } => {
                let row = store.sample(group, place);
                self.meta.sampled(row.as_ref());
                self.lanes[lane].sampled(self.now_ms, group, class, row);
            }
            Step::Aged { group, before } => {
                let aged = store.aged(group, before);
                self.lanes[lane].aged(self.now_ms, group, aged, usize::MAX);
            }
            Step::Free(group) => {
                let is_done = store.free(group, self.rng.u8(..4) > 0);
                self.lanes[lane].freed(group, is_done);
            }
            Step::KeepWindow(class, window) => {
                if self.rng.u8(..8) > 0 {
                    store.keep_window(class, window);
                    self.lanes[lane].kept_window(class, window);
                }
            }
            Step::Rebase(back_ms) => {
                store.shift_deadlines(back_ms);
                self.lanes[lane].rebased();
            }
            Step::Probe => self.sends(lane, None, Vec::new()),
            Step::Wait(until) => {
                self.check_streaks(lane);
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
                self.stores[lane].may_be_sent(*seq),
                "row {seq} is sent and not leased"
            );
            let mut others = self.pending.iter().filter(|other| other.lane == lane);
            assert!(
                !others.any(|other| other.rows.contains(seq)),
                "row {seq} is on its way twice"
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
            rows,
            outcome,
        } = self.pending.swap_remove(which);
        let Some(outcome) = outcome else { return };
        let others = self.pending.iter().any(|other| other.lane == lane);
        if let Some(wait_ms) = meta::asks_to_wait(&outcome)
            && !others
        {
            self.told_to_wait[lane] = self.now_ms + wait_ms;
        } else {
            // What one of several that left together is answered is not checked.
            self.told_to_wait[lane] = i64::MIN;
        }
        if let Outcome::Answered(Answer {
            status: 200,
            reply: Reply::Accepted { .. },
            ..
        }) = &outcome
            && batch.is_some()
        {
            for seq in &rows {
                self.streaks[lane].remove(&self.kin[seq]);
            }
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
                // A mapping is spoiled, or fixed.
                let name = self.rng.usize(..self.names.len());
                self.names[name].1 ^= true;
            }
            14..15 => {
                self.clock_jumped = true;
                self.now_ms += self.rng.i64(-2 * HOUR_MS..=2 * HOUR_MS);
                self.waits.fill(None);
            }
            15..16 => {
                // A person has fixed something.
                let lane = self.rng.usize(..self.lanes.len());
                self.lanes[lane].resume(self.now_ms);
                self.waits[lane] = None;
                self.told_to_wait[lane] = i64::MIN;
            }
            16..50 if !self.pending.is_empty() => {
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

    /// A group that is set aside has requeued what was dead-lettered of it for that.
    fn check_streaks(&self, lane: usize) {
        for group in self.stores[lane].groups() {
            let kin = (group.class, group.group);
            let streak = self.streaks[lane].get(&kin);
            let dead_lettered = streak.and_then(|streak| streak.get(&group.refusal.error()));
            assert!(
                dead_lettered.is_none_or(HashSet::is_empty),
                "{kin:?} is set aside, and rows are dead-lettered for that: {dead_lettered:?}"
            );
        }
    }

    fn acknowledged(&mut self, lane: usize, acks: &[Ack]) {
        for Ack { seq, disposition } in acks {
            let streak = self.streaks[lane].entry(self.kin[seq].clone()).or_default();
            match disposition {
                Disposition::DeadLettered {
                    reason: DeadLetterReason::Rejected,
                    refusal: Some(refusal),
                } => drop(streak.entry(refusal.error()).or_default().insert(*seq)),
                Disposition::Requeued => streak.values_mut().for_each(|rows| {
                    rows.remove(seq);
                }),
                _ => {}
            }
        }
    }

    /// All trouble ends; then everything must come to rest.
    fn comes_to_rest(&mut self) {
        self.meta.moods.fill(Mood::Good);
        let end_ms = self.now_ms + 24 * HOUR_MS;
        for _ in 0..200_000 {
            let is_quiet = self.pending.is_empty() && self.waits.iter().all(Option::is_some);
            if is_quiet && self.stores.iter().all(|store| self.rests(store)) {
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

    /// Whether nothing is left but what Meta refuses, set aside by whole groups.
    fn rests(&self, store: &Store) -> bool {
        store.unsettled() == 0 && store.waiting_aside().all(|seq| !self.meta.is_good(seq))
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
        store.dispositions(|seq, disposition| world.meta.check_fate(seq, disposition));
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
            eprintln!("seed {seed} fails; CAPI_SIMULATION_SEED={seed} runs it again");
            std::panic::resume_unwind(panic);
        }
    }
}
