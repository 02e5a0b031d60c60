//! A sequence of operations, on the queue and on the model.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::*;
use super::Checked;
use super::expected::{Model, Row, index};
use super::making::{disposition, filter, group, made, rejected, tag_of};
use super::operation::{Draft, End, Operation, Place};

/// More than all of the free pages that a sequence can leave in the file.
const TOO_LARGE: usize = 2_000_000;

pub(super) struct Run {
    world: World,
    /// `None` only while it is opened again.
    queue: Option<SqliteQueue>,
    pub(super) model: Model,
    next_tag: u64,
    /// What a lane was handed and has not acknowledged, by tag.
    pub(super) held: Vec<(u64, Leased)>,
    /// What was dead-lettered since the queue was opened: only that can be requeued.
    dead_lettered: Vec<(u64, i64)>,
    /// Tags of what was taken, and of what left.
    pub(super) acknowledged: BTreeSet<u64>,
    pub(super) delivered: Vec<u64>,
    pub(super) thrown_away: BTreeSet<u64>,
}

impl Run {
    fn new() -> Self {
        let world = World::new();
        let queue = Some(world.open());
        let model = Model::new(START_MS);
        Self {
            world,
            queue,
            model,
            next_tag: 0,
            held: Vec::new(),
            dead_lettered: Vec::new(),
            acknowledged: BTreeSet::new(),
            delivered: Vec::new(),
            thrown_away: BTreeSet::new(),
        }
    }

    pub(super) fn queue(&self) -> &SqliteQueue {
        self.queue.as_ref().expect("it is open")
    }

    pub(super) async fn go_through(operations: Vec<Operation>) -> Checked {
        let mut run = Self::new();
        for (step, operation) in operations.into_iter().enumerate() {
            let what = format!("step {step}, {operation:?}");
            let checked = match run.step(operation).await {
                Ok(()) => run.compare().await,
                failed => failed,
            };
            checked.map_err(|error| TestCaseError::fail(format!("{what}: {error}")))?;
        }
        let drained = run.drain().await;
        drained.map_err(|error| TestCaseError::fail(format!("draining: {error}")))
    }

    pub(super) async fn step(&mut self, operation: Operation) -> Checked {
        match operation {
            Operation::Append(drafts) => self.append(&drafts).await?,
            Operation::Lease { place, kind, max } => self.lease(place, kind, max).await?,
            Operation::Settle(ends) => self.acknowledge(&ends).await?,
            Operation::TakeBack(picks) => self.take_back(&picks).await?,
            Operation::BuryAtTheDoor(drafts) => self.bury_at_the_door(&drafts).await?,
            Operation::RetryDead(id) => self.retry_dead(id).await?,
            Operation::PurgeDead(id) => self.purge_dead(id).await?,
            Operation::ReplaceDead(picks) => self.replace_dead(&picks).await?,
            Operation::Release(place) => {
                self.queue()
                    .release(&place.lane())
                    .await
                    .map_err(|error| failed(&error))?;
                self.model.release(place.coded);
                let of_lane = |(tag, _): &(u64, Leased)| {
                    let row = self.model.queued.iter().find(|row| row.tag == *tag);
                    row.is_some_and(|row| row.leased)
                };
                self.held.retain(of_lane);
            }
            Operation::Free(place) => self.free(place).await?,
            Operation::Sample { place, at, end } => self.sample(place, at, end).await?,
            Operation::KeepWindow(place, up_to) => self.keep_window(place, up_to).await?,
            Operation::EndLane(place) => self.end_lane(place).await?,
            Operation::Page { ms } => {
                self.world.clock.pass(ms);
                self.model.now_ms += ms;
                self.model.latest_ms = self.model.latest_ms.max(self.model.now_ms);
            }
            Operation::Restart => {
                self.queue = None;
                self.open_again();
            }
            Operation::Crash => self.crash(),
            Operation::FillDisk => self.fill_disk().await?,
            Operation::EmptyDisk => {
                self.queue().limit_pages(1_000_000).await;
                self.model.full = false;
            }
        }
        Ok(())
    }

    /// What a call did, or that a full disk kept all of it from being done.
    fn done<T>(&self, answer: Result<T, QueueError>) -> Checked<Option<T>> {
        match answer {
            Ok(done) => Ok(Some(done)),
            Err(QueueError::Full) if self.model.full => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }

    /// A number that the payload says, so that no two conversions are alike.
    fn tag(&mut self) -> u64 {
        self.next_tag += 1;
        self.next_tag
    }

    async fn append(&mut self, drafts: &[Draft]) -> Checked {
        let tagged: Vec<_> = drafts.iter().map(|draft| (self.tag(), *draft)).collect();
        let conversions = tagged.iter().map(|(tag, draft)| made(*tag, *draft));
        let answer = self.queue().append(conversions.collect()).await;
        let Some(answers) = self.done(answer)? else {
            return Ok(());
        };
        prop_assert_eq!(answers.len(), drafts.len());
        for ((tag, draft), said) in tagged.into_iter().zip(answers) {
            let expected = self.model.append(tag, draft, said);
            prop_assert_eq!(said, expected, "what {:?} is", draft);
            self.acknowledged
                .extend((expected != Appended::Duplicate).then_some(tag));
            if expected == Appended::Queued {
                self.thrown_away.extend(self.model.supersede(draft.id));
            }
        }
        Ok(())
    }

    pub(super) async fn lease(&mut self, place: Place, kind: LeaseKind, max: usize) -> Checked {
        let now_ms = self.model.now_ms;
        let request = LeaseRequest {
            lane: place.lane(),
            class: place.class,
            kind,
            max,
            max_bytes: usize::MAX,
            now_ms,
        };
        let lease = self
            .queue()
            .lease(request)
            .await
            .map_err(|error| failed(&error))?;
        let wanted = self.model.lease(place, kind, max);
        let tags: Vec<_> = lease.rows.iter().map(|row| tag_of(&row.payload)).collect();
        prop_assert_eq!(&tags, &wanted, "leased");
        if let Some(due_ms) = self
            .model
            .next_due_ms(place)
            .filter(|_| kind == LeaseKind::Retry)
        {
            prop_assert!(
                lease.next_due_ms.is_some_and(|next_ms| next_ms <= due_ms),
                "due next: {:?}, not {}",
                lease.next_due_ms,
                due_ms
            );
        }
        for (tag, leased) in tags.into_iter().zip(lease.rows) {
            self.compare_row(tag, &leased)?;
            self.held.push((tag, leased));
        }
        Ok(())
    }

    /// Whether a row is handed out as the model has it.
    fn compare_row(&mut self, tag: u64, leased: &Leased) -> Checked {
        let row = self.model.queued.iter_mut().find(|row| row.tag == tag);
        let row = row.expect("the model has it");
        row.seq.get_or_insert(leased.seq);
        let row = row.clone();
        let row = self.model.shown(&row);
        let expected = Leased {
            seq: number_of(&row),
            event_time: 7,
            appended_ms: row.appended_ms,
            attempts: row.attempts,
            first_attempt_ms: row.first_attempt_ms,
            outcome_unknown: row.outcome_unknown,
            group: Arc::clone(&leased.group),
            payload: leased.payload.clone(),
        };
        // Compared as text they would lack the time of the first attempt.
        prop_assert!(leased == &expected, "{:?} is not {:?}", leased, expected);
        Ok(())
    }

    pub(super) async fn free(&mut self, place: Place) -> Checked {
        let answer = self.queue().free(&place.lane(), place.group()).await;
        if self.done(answer)?.is_some() {
            self.model.free(place);
        }
        Ok(())
    }

    async fn sample(&mut self, place: Place, at: u16, end: End) -> Checked {
        let lane = place.lane();
        let sample = self.queue().sample(&lane, place.group(), at).await;
        let sample = sample.map_err(|error| failed(&error))?;
        prop_assert_eq!(sample.is_some(), self.model.aside(place) > 0);
        let Some(row) = sample else { return Ok(()) };
        let tag = tag_of(&row.payload);
        let mut queued = self.model.queued.iter();
        prop_assert!(queued.any(|row| row.tag == tag && row.is_aside));
        self.compare_row(tag, &row)?;
        self.held.push((tag, row));
        let last = u8::try_from(self.held.len() - 1);
        match last {
            Ok(last) => self.acknowledge(&[(last, end)]).await?,
            Err(_) => drop(self.held.pop()),
        }
        // A full disk kept it from being acknowledged: it is not a leased row.
        self.held.retain(|(held, _)| *held != tag);
        Ok(())
    }

    async fn keep_window(&mut self, place: Place, up_to: Option<u8>) -> Checked {
        let of_place = |tag: u64| {
            let mut rows = self.model.queued.iter();
            rows.any(|row| row.tag == tag && row.place == place)
        };
        let held = self.held.iter().filter(|(tag, _)| of_place(*tag));
        let held: Vec<_> = held.map(|(tag, row)| (*tag, row.seq)).collect();
        let up_to = up_to.and_then(|pick| choose(pick, held.len()));
        let up_to = up_to.map(|at| held[at]);
        let window = up_to.map(|(_, seq)| Window {
            up_to: seq,
            since_ms: self.model.now_ms,
        });
        let lane = place.lane();
        let answer = self.queue().keep_window(&lane, place.class, window).await;
        if self.done(answer)?.is_some() {
            self.model.keep_window(place, up_to.map(|(tag, _)| tag));
        }
        Ok(())
    }

    async fn end_lane(&mut self, place: Place) -> Checked {
        let answer = self.queue().end_lane(&place.lane()).await;
        if let Some(ended) = self.done(answer)? {
            prop_assert_eq!(ended, self.model.end_lane(place.coded));
        }
        Ok(())
    }

    pub(super) async fn acknowledge(&mut self, ends: &[(u8, End)]) -> Checked {
        let mut picked = Vec::new();
        for (pick, end) in ends {
            if let Some(at) = choose(*pick, self.held.len()) {
                picked.push((self.held.swap_remove(at), *end));
            }
        }
        let places: Vec<_> = picked
            .iter()
            .map(|((tag, _), _)| {
                let row = self.model.queued.iter().find(|row| row.tag == *tag);
                row.expect("what is held is queued").place
            })
            .collect();
        let aside = picked.iter().zip(&places);
        let aside = aside.filter(|((_, end), _)| matches!(end, End::SetAside));
        for place in Vec::from_iter(aside.map(|(_, place)| *place)) {
            let lane = place.lane();
            let kept = self.queue().keep_set_aside(&lane, group(place)).await;
            if self.done(kept)?.is_some() {
                self.model.known[index(place)].has_group = true;
            }
        }
        let now_ms = self.model.now_ms;
        let acks = |all: bool| {
            let ended = picked
                .iter()
                .zip(&places)
                .filter(|((_, end), _)| all || !matches!(end, End::RetryIn { .. } | End::SetAside));
            ended
                .map(|(((_, row), end), place)| Ack {
                    seq: row.seq,
                    disposition: disposition(*end, *place, now_ms),
                })
                .collect::<Vec<_>>()
        };
        let answer = self.queue().acknowledge(acks(true).into()).await;
        if self.done(answer)?.is_none() {
            self.held.extend(picked.into_iter().map(|(row, _)| row));
            return Ok(());
        }
        // Once more, as after an answer that was lost: what is gone is passed over.
        let again = self.queue().acknowledge(acks(false).into()).await;
        self.done(again)?;
        for ((tag, row), end) in picked {
            match end {
                End::Delivered => {
                    prop_assert!(!self.model.was_delivered(tag), "sent twice: {:?}", row);
                    self.model.deliver(tag);
                    self.delivered.push(tag);
                }
                End::RetryIn {
                    ms,
                    outcome_unknown,
                } => self.model.retry_at(tag, now_ms + ms, outcome_unknown),
                End::SetAside => {
                    self.model.doubt(tag);
                    self.model.set_aside(tag);
                }
                End::Buried(reason) => {
                    self.model.dead_letter(tag, reason);
                    self.dead_lettered.push((tag, row.seq));
                }
            }
        }
        Ok(())
    }

    async fn take_back(&mut self, picks: &[u8]) -> Checked {
        let picked = picks.iter().filter_map(|pick| {
            choose(*pick, self.dead_lettered.len()).map(|at| self.dead_lettered[at])
        });
        let picked: Vec<_> = picked.collect();
        let ack = |(_, seq): &(u64, i64)| Ack {
            seq: *seq,
            disposition: Disposition::Requeued,
        };
        let acks = picked.iter().map(ack).collect();
        let answer = self.queue().acknowledge(acks).await;
        if self.done(answer)?.is_some() {
            let dead = self.dead_tags().await?;
            for (tag, seq) in picked {
                // A letter that was sent again since and dead-lettered anew has
                // another number.
                let letter = self.model.dead.iter().find(|l| l.row.tag == tag);
                if letter.is_some_and(|letter| letter.row.seq == Some(seq)) {
                    self.model.take_back(tag, !dead.contains(&tag));
                }
            }
        }
        Ok(())
    }

    async fn bury_at_the_door(&mut self, drafts: &[Draft]) -> Checked {
        let tagged: Vec<_> = drafts.iter().map(|draft| (self.tag(), *draft)).collect();
        let rejected = tagged.iter().map(|(tag, draft)| rejected(*tag, *draft));
        let answer = self.queue().dead_letter(rejected.collect()).await;
        if self.done(answer)?.is_none() {
            return Ok(());
        }
        let dead = self.dead_tags().await?;
        for (tag, draft) in &tagged {
            // Of several with one id the last is kept, or none of them.
            let mut last = tagged.iter().rev();
            let last = last.find(|(_, other)| other.id == draft.id && draft.id.is_some());
            let said = last.is_none_or(|(tag, _)| dead.contains(tag));
            if let Some(gone) = self.model.bury_at_the_door(*tag, *draft, said) {
                self.acknowledged.insert(*tag);
                self.thrown_away.extend(gone);
            }
        }
        Ok(())
    }

    async fn retry_dead(&mut self, id: Option<u8>) -> Checked {
        let answer = self
            .queue()
            .retry_dead(filter(id), vec!["shop".into()])
            .await;
        if let Some(done) = self.done(answer)? {
            let dead = self.dead_tags().await?;
            let expected = self.model.retry_dead(id, |tag| dead.contains(&tag));
            prop_assert_eq!(done, expected);
        }
        Ok(())
    }

    async fn purge_dead(&mut self, id: Option<u8>) -> Checked {
        let answer = self.queue().purge_dead(filter(id)).await;
        if let Some(done) = self.done(answer)? {
            let gone = self.model.purge_dead(id);
            prop_assert_eq!(done, gone.len() as u64);
            self.thrown_away.extend(gone);
        }
        Ok(())
    }

    async fn replace_dead(&mut self, picks: &[(u8, Option<u8>)]) -> Checked {
        let mut repaired = Vec::new();
        for (pick, other_id) in picks {
            // One beyond them is of a letter that is gone.
            let at = choose(*pick, self.model.dead.len() + 1).unwrap_or_default();
            let letter = self.model.dead.get(at).map(|letter| letter.row.clone());
            let place = letter.as_ref().map_or(Place::ALL[0], |row| row.place);
            let id = other_id.or(letter.as_ref().and_then(|row| row.id));
            repaired.push((letter, self.tag(), Draft { id, says: 0, place }));
        }
        let number = |letter: &Option<Row>| letter.as_ref().map_or(1 << 40, number_of);
        let wanted = repaired
            .iter()
            .map(|(letter, tag, draft)| (number(letter), made(*tag, *draft)));
        let answer = self.queue().replace_dead(wanted.collect()).await;
        let Some(answers) = self.done(answer)? else {
            return Ok(());
        };
        prop_assert_eq!(answers.len(), repaired.len());
        for ((letter, tag, draft), said) in repaired.into_iter().zip(answers) {
            let letter = letter.map_or(u64::MAX, |row| row.tag);
            let expected = self.model.replace_dead(letter, tag, draft, said);
            prop_assert_eq!(said, expected, "{:?}", draft);
            if said == Replaced::Queued {
                self.acknowledged.insert(tag);
                self.thrown_away.insert(letter);
                self.thrown_away.extend(self.model.supersede(draft.id));
            }
        }
        Ok(())
    }

    fn open_again(&mut self) {
        self.queue = Some(self.world.open());
        self.model.restart();
        self.held.clear();
        self.dead_lettered.clear();
    }

    /// Goes on with a copy of the files as they are, which is what a kill leaves:
    /// nothing is closed, the log is not copied into the file, and the index of
    /// the log is lost.
    ///
    /// The copy is sound though the checkpoint thread may be at work: it only
    /// writes pages into the file that are in the log too, where every reader
    /// looks first, so a page copied half is never read. The log itself changes
    /// with a commit only (a passive checkpoint never begins it anew), and all
    /// commits were answered.
    fn crash(&mut self) {
        let clock = self.world.clock.clone();
        let folder = tempfile::tempdir().unwrap();
        let copy = World { folder, clock };
        let from = self.queue().file().parent().unwrap().to_owned();
        let to = copy.folder.path().join("data");
        std::fs::create_dir(&to).unwrap();
        for file in ["queue.sqlite", "queue.sqlite-wal"] {
            std::fs::copy(from.join(file), to.join(file)).unwrap();
        }
        self.queue = None;
        self.world = copy;
        self.open_again();
    }

    async fn fill_disk(&mut self) -> Checked {
        // The least that SQLite takes is what the file has.
        self.queue().limit_pages(1).await;
        self.model.full = true;
        let mut large = conversion(None, 7);
        large.payload = vec![b'x'; TOO_LARGE].into();
        let small = conversion(None, 7);
        let answer = self.queue().append(vec![small, large]).await;
        prop_assert!(matches!(answer, Err(QueueError::Full)), "{:?}", answer);
        Ok(())
    }

    pub(super) async fn letters(&self) -> Checked<Vec<DeadLetter>> {
        let all = self.queue().dead(DeadFilter::default(), 0, 10_000).await;
        all.map_err(|error| failed(&error))
    }

    pub(super) async fn dead_tags(&self) -> Checked<BTreeSet<u64>> {
        let letters = self.letters().await?;
        let tag = |letter: &DeadLetter| tag_of(letter.event.get().as_bytes());
        Ok(letters.iter().map(tag).collect())
    }
}

fn failed(error: &QueueError) -> TestCaseError {
    TestCaseError::fail(error.to_string())
}

fn choose(pick: u8, of: usize) -> Option<usize> {
    usize::from(pick).checked_rem(of)
}

pub(super) fn number_of(row: &Row) -> i64 {
    row.seq.expect("it was compared")
}
