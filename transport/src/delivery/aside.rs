//! The groups of a lane that are set aside. What belongs to one waits in the queue while
//! the others pass; samples from all over it ask Meta now and then whether it takes them
//! now, the newest among them: a mapping that was fixed shows there first.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use fastrand::Rng;

use super::backoff::Backoff;
use crate::ApiError;
use crate::queue::{Class, Group, SetAside};

/// So many rows of a group ask in one round: the oldest, the newest, and some between.
const SAMPLES: usize = 8;

/// How often rows that have grown too old are looked for.
const AGED_MS: i64 = 10 * 60 * 1000;

/// So many groups are set aside together: names of events may come from clients.
const MOST_GROUPS: usize = 1_000;

/// The groups that are set aside.
#[derive(Debug, Default)]
pub(super) struct Asides {
    /// By number.
    groups: BTreeMap<i64, Aside>,
    /// Those that are not being freed.
    numbers: HashMap<(Class, Arc<Group>), i64>,
    last_number: i64,
}

/// One of them.
#[derive(Debug)]
struct Aside {
    about: SetAside,
    stage: Stage,
    /// When the next round of samples begins.
    probe_ms: i64,
    /// Rounds in which Meta refused all samples.
    rounds: u32,
    /// Where the rest of this round's samples are.
    places: Vec<u16>,
    /// The samples that are on their way.
    samples: HashSet<i64>,
    /// Rows that are to be set aside and are not on disk as that.
    open: usize,
    aged_ms: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// It is not on disk yet.
    New,
    /// Its rows wait.
    Kept,
    /// It ends as soon as nothing of it is under way.
    Ending,
    /// Its rows are being given back.
    Freeing,
}

impl Asides {
    /// Goes on where an earlier process stopped.
    pub(super) fn restore(&mut self, now_ms: i64, groups: Vec<SetAside>) {
        for about in groups {
            let key = (about.class, Arc::clone(&about.group));
            self.last_number = self.last_number.max(about.id);
            self.numbers.insert(key, about.id);
            self.groups
                .insert(about.id, Aside::new(about, Stage::Kept, now_ms));
        }
    }

    /// Whether no more groups are set aside: so many are none of the configuration's
    /// faults, but the events'.
    pub(super) fn is_full(&self) -> bool {
        self.groups.len() >= MOST_GROUPS
    }

    /// Sets a group aside, and gives its number.
    pub(super) fn add(
        &mut self,
        now_ms: i64,
        class: Class,
        group: &Arc<Group>,
        refusal: ApiError,
    ) -> i64 {
        self.last_number += 1;
        let id = self.last_number;
        let about = SetAside {
            id,
            class,
            group: Arc::clone(group),
            refusal,
            since_ms: now_ms,
            rows: 0,
        };
        self.numbers.insert((class, Arc::clone(group)), id);
        self.groups.insert(
            id,
            Aside::new(about, Stage::New, now_ms + Backoff::SAMPLES.ceiling(0)),
        );
        id
    }

    /// The number under which a group is set aside, if it is.
    pub(super) fn number(&self, class: Class, group: &Arc<Group>) -> Option<i64> {
        if self.numbers.is_empty() {
            return None;
        }
        self.numbers.get(&(class, Arc::clone(group))).copied()
    }

    /// A row of a group is to be set aside.
    pub(super) fn joins(&mut self, id: i64) {
        if let Some(aside) = self.groups.get_mut(&id) {
            aside.open += 1;
        }
    }

    /// A group that is to be written down, before any row is acknowledged as set aside.
    pub(super) fn to_keep(&self) -> Option<SetAside> {
        let new = self.groups.values().find(|it| it.stage == Stage::New)?;
        Some(new.about.clone())
    }

    /// A group is on disk.
    pub(super) fn kept(&mut self, id: i64) {
        if let Some(aside) = self.groups.get_mut(&id) {
            aside.stage = Stage::Kept;
        }
    }

    /// Whether a group is on disk.
    pub(super) fn is_kept(&self, id: i64) -> bool {
        let aside = self.groups.get(&id);
        aside.is_some_and(|aside| aside.stage != Stage::New)
    }

    /// A row is on disk as set aside.
    pub(super) fn acknowledged(&mut self, id: i64) {
        if let Some(aside) = self.groups.get_mut(&id) {
            aside.open = aside.open.saturating_sub(1);
        }
    }

    /// The group and the place that is to be asked with now.
    pub(super) fn sample(&mut self, now_ms: i64, rng: &mut Rng) -> Option<(i64, Class, u16)> {
        let due = |aside: &&mut Aside| {
            aside.stage == Stage::Kept && (aside.probe_ms <= now_ms || !aside.places.is_empty())
        };
        let aside = self.groups.values_mut().find(due)?;
        if aside.places.is_empty() {
            // Until the round is over no other begins.
            aside.probe_ms = i64::MAX;
            aside.places = (2..SAMPLES).map(|_| rng.u16(..)).collect();
            aside.places.extend([0, u16::MAX]);
        }
        let place = aside.places.pop()?;
        Some((aside.about.id, aside.about.class, place))
    }

    /// What a place holds is sent. Says whether it is to be: it may be on its way.
    pub(super) fn sampled(&mut self, id: i64, seq: i64) -> bool {
        let aside = self.groups.get_mut(&id);
        aside.is_some_and(|aside| aside.stage == Stage::Kept && aside.samples.insert(seq))
    }

    /// There was nothing to sample: what waited has aged or was thrown away.
    pub(super) fn is_empty(&mut self, id: i64) {
        if self.groups.get(&id).is_some_and(|aside| aside.open == 0) {
            self.end(id);
        }
    }

    /// A sample was answered, by whatever.
    pub(super) fn answered(&mut self, id: i64, seq: i64) {
        if let Some(aside) = self.groups.get_mut(&id) {
            aside.samples.remove(&seq);
        }
    }

    /// Ends a round whose samples are all answered, or could not be read.
    pub(super) fn close_rounds(&mut self, now_ms: i64) {
        let over = |aside: &&mut Aside| {
            aside.probe_ms == i64::MAX && aside.places.is_empty() && aside.samples.is_empty()
        };
        for aside in self.groups.values_mut().filter(over) {
            aside.rounds = aside.rounds.saturating_add(1);
            aside.probe_ms = now_ms.saturating_add(Backoff::SAMPLES.ceiling(aside.rounds));
        }
    }

    /// The group is taken again: its rows are to be given back. Says whether that is new:
    /// one that is not on disk yet is asked by its samples.
    pub(super) fn end(&mut self, id: i64) -> bool {
        let aside = self.groups.get_mut(&id);
        let Some(aside) = aside.filter(|aside| aside.stage == Stage::Kept) else {
            return false;
        };
        aside.stage = Stage::Ending;
        aside.places.clear();
        let key = (aside.about.class, Arc::clone(&aside.about.group));
        self.numbers.remove(&key);
        true
    }

    /// All of them are taken again, because a person says so.
    pub(super) fn end_all(&mut self) {
        let numbers: Vec<i64> = self.groups.keys().copied().collect();
        for id in numbers {
            self.end(id);
        }
    }

    /// A group whose rows can be given back: nothing of it is under way.
    pub(super) fn free(&mut self) -> Option<i64> {
        let able = |aside: &&mut Aside| {
            aside.stage == Stage::Ending && aside.samples.is_empty() && aside.open == 0
        };
        let aside = self.groups.values_mut().find(able)?;
        aside.stage = Stage::Freeing;
        Some(aside.about.id)
    }

    /// A group is gone, or its rows could not all be given back: then again.
    pub(super) fn freed(&mut self, id: i64, is_done: bool) {
        if is_done {
            self.groups.remove(&id);
        } else if let Some(aside) = self.groups.get_mut(&id) {
            aside.stage = Stage::Ending;
        }
    }

    /// A group in which rows that have grown too old are to be looked for.
    pub(super) fn aged(&mut self, now_ms: i64) -> Option<(i64, Class)> {
        let due = |aside: &&mut Aside| aside.stage == Stage::Kept && aside.aged_ms <= now_ms;
        let aside = self.groups.values_mut().find(due)?;
        aside.aged_ms = now_ms.saturating_add(AGED_MS);
        Some((aside.about.id, aside.about.class))
    }

    /// There are more rows that have grown too old.
    pub(super) fn age_again(&mut self, id: i64, now_ms: i64) {
        if let Some(aside) = self.groups.get_mut(&id) {
            aside.aged_ms = now_ms;
        }
    }

    /// Whether a row is on its way as a sample.
    pub(super) fn is_sample(&self, id: i64, seq: i64) -> bool {
        let aside = self.groups.get(&id);
        aside.is_some_and(|aside| aside.samples.contains(&seq))
    }

    /// When there is something to do here without anything happening first.
    pub(super) fn wake_ms(&self) -> Option<i64> {
        let kept = self.groups.values().filter(|it| it.stage == Stage::Kept);
        kept.map(|aside| aside.probe_ms.min(aside.aged_ms)).min()
    }

    /// Moves every deadline by the distance that the clock was put back.
    pub(super) fn shift_deadlines(&mut self, back_ms: i64) {
        for aside in self.groups.values_mut() {
            if aside.probe_ms != i64::MAX {
                aside.probe_ms = aside.probe_ms.saturating_sub(back_ms);
            }
            aside.aged_ms = aside.aged_ms.saturating_sub(back_ms);
        }
    }
}

impl Aside {
    fn new(about: SetAside, stage: Stage, probe_ms: i64) -> Self {
        Self {
            about,
            stage,
            probe_ms,
            rounds: 0,
            places: Vec::new(),
            samples: HashSet::new(),
            open: 0,
            aged_ms: i64::MIN,
        }
    }
}
