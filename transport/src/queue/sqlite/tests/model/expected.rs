//! What the queue promises, as plain collections. Written from what
//! [`Queue`](super::super::Queue) and its types say, not from how it is done.

use super::super::{Appended, DeadLetterReason, HOUR_MS, LeaseKind, Replaced, Retried};
use super::operation::{Draft, Place};

const DAY_MS: i64 = 24 * HOUR_MS;

/// A conversion that is queued or dead.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Its payload says it. A letter that is queued again keeps it.
    pub(super) tag: u64,
    /// The first conversion in whose place it stands: a dedup entry is a letter's own
    /// where it was made for the same one.
    line: u64,
    /// The order of appending.
    order: u64,
    /// Learned when it is leased or found among the letters.
    pub(super) seq: Option<i64>,
    pub(super) id: Option<u8>,
    /// Which of the events of its id it is.
    pub(super) says: u8,
    pub(super) place: Place,
    pub(super) appended_ms: i64,
    pub(super) attempts: u32,
    pub(super) first_attempt_ms: Option<i64>,
    pub(super) outcome_unknown: bool,
    /// `None` for a fresh one.
    due_ms: Option<i64>,
    /// Waits with its group.
    pub(super) is_aside: bool,
    pub(super) leased: bool,
}

#[derive(Clone, Debug)]
pub(super) struct DeadLetterRow {
    pub(super) row: Row,
    pub(super) reason: DeadLetterReason,
    pub(super) buried_ms: i64,
}

/// Up to which row, in the order of appending, and since when.
type Sent = (u64, i64);

/// What lanes and classes have beside their rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    pub(super) has_group: bool,
    window: Option<Sent>,
    /// What was sent before the lane was released.
    before: Option<Sent>,
}

/// An id that counts as delivered.
#[derive(Clone, Copy, Debug)]
struct Mark {
    id: u8,
    says: u8,
    line: u64,
    made_ms: i64,
    /// The latest that the clock had shown by then.
    latest_ms: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Stands,
    /// It may be forgotten and need not be.
    Either,
    Gone,
}

#[derive(Debug, Default)]
pub(super) struct Model {
    pub(super) now_ms: i64,
    /// The latest that the clock ever showed: what a clock that went back since
    /// has forgotten stays forgotten.
    pub(super) latest_ms: i64,
    /// Nothing has to be forgotten while the disk is full.
    pub(super) full: bool,
    pub(super) queued: Vec<Row>,
    pub(super) dead: Vec<DeadLetterRow>,
    marks: Vec<Mark>,
    next_order: u64,
    pub(super) known: [Known; 4],
}

pub(super) fn index(place: Place) -> usize {
    let is_place = |of: &Place| *of == place;
    Place::ALL.iter().position(is_place).expect("one of all")
}

fn covering(one: Option<Sent>, other: Option<Sent>) -> Option<Sent> {
    let (Some(a), Some(b)) = (one, other) else {
        return one.or(other);
    };
    Some((a.0.max(b.0), a.1.min(b.1)))
}

impl Model {
    pub(super) fn new(now_ms: i64) -> Self {
        Self {
            now_ms,
            latest_ms: now_ms,
            ..Self::default()
        }
    }

    fn row(&mut self, tag: u64, draft: Draft) -> Row {
        self.next_order += 1;
        Row {
            tag,
            line: tag,
            order: self.next_order,
            seq: None,
            id: draft.id,
            says: draft.says,
            place: draft.place,
            appended_ms: self.now_ms,
            attempts: 0,
            first_attempt_ms: None,
            outcome_unknown: false,
            due_ms: None,
            is_aside: false,
            leased: false,
        }
    }

    fn standing(&self, id: u8, own_line: Option<u64>) -> Standing {
        let of_one = |mark: &Mark| {
            if self.latest_ms < mark.made_ms + 2 * DAY_MS {
                Standing::Stands
            } else if self.now_ms >= mark.latest_ms + 3 * DAY_MS && !self.full {
                Standing::Gone
            } else {
                Standing::Either
            }
        };
        let found: Vec<_> = self
            .marks
            .iter()
            .filter(|mark| mark.id == id && Some(mark.line) != own_line)
            .map(of_one)
            .collect();
        [Standing::Stands, Standing::Either]
            .into_iter()
            .find(|standing| found.contains(standing))
            .unwrap_or(Standing::Gone)
    }

    /// Whether an id gets through. Where either is right, `said` is what the
    /// queue says, and what it has forgotten once stays forgotten.
    fn claim(&mut self, id: Option<u8>, own_line: Option<u64>, said: bool) -> bool {
        let Some(id) = id else { return true };
        if self.queued.iter().any(|row| row.id == Some(id)) {
            return false;
        }
        let through = match self.standing(id, own_line) {
            Standing::Stands => false,
            Standing::Either => said,
            Standing::Gone => true,
        };
        if through {
            self.marks
                .retain(|mark| mark.id != id || Some(mark.line) == own_line);
        }
        through
    }

    /// Where more than one answer is right, `said` is what the queue says.
    pub(super) fn append(&mut self, tag: u64, draft: Draft, said: Appended) -> Appended {
        if self.claim(draft.id, None, said == Appended::Queued) {
            let row = self.row(tag, draft);
            self.queued.push(row);
            return Appended::Queued;
        }
        let is_kept = self.dead.iter().any(|letter| {
            letter.reason == DeadLetterReason::DifferingDuplicate
                && letter.row.id == draft.id
                && letter.row.says == draft.says
        });
        if is_kept || !self.may_differ(draft, said == Appended::DifferingDuplicate) {
            return Appended::Duplicate;
        }
        let row = self.row(tag, draft);
        self.keep(row, DeadLetterReason::DifferingDuplicate);
        Appended::DifferingDuplicate
    }

    /// Whether what is under the id of `draft` says something else: the row that is
    /// queued, or else a dedup entry. Of several dedup entries any may be the one that is found.
    fn may_differ(&self, draft: Draft, said: bool) -> bool {
        let queued = self.queued.iter().find(|row| row.id == draft.id);
        let marks = self.marks.iter().filter(|mark| Some(mark.id) == draft.id);
        let marks: Vec<_> = marks.map(|mark| mark.says != draft.says).collect();
        match queued {
            // A letter that was sent again may have a dedup entry beside its row.
            Some(row) if marks.is_empty() => row.says != draft.says,
            Some(row) if marks.contains(&(row.says == draft.says)) => said,
            _ if marks.contains(&true) && marks.contains(&false) => said,
            _ => marks.contains(&true),
        }
    }

    /// An event came again: what was rejected at ingest under its id goes. Gives
    /// the tags.
    pub(super) fn supersede(&mut self, id: Option<u8>) -> Vec<u64> {
        let same = |letter: &mut DeadLetterRow| {
            id.is_some() && letter.row.id == id && letter.reason == DeadLetterReason::Invalid
        };
        let gone = self.dead.extract_if(.., same);
        gone.map(|letter| letter.row.tag).collect()
    }

    /// The rows that a lease hands out, by their tags: it leases them.
    pub(super) fn lease(&mut self, place: Place, kind: LeaseKind, max: usize) -> Vec<u64> {
        let now_ms = self.now_ms;
        let mut turn: Vec<_> = self
            .queued
            .iter_mut()
            .filter(|row| row.place == place && !row.leased && !row.is_aside)
            .filter(|row| match row.due_ms {
                None => kind == LeaseKind::Fresh,
                Some(due_ms) => kind == LeaseKind::Retry && is_due(due_ms, now_ms),
            })
            .collect();
        turn.sort_by_key(|row| (row.due_ms, row.order));
        turn.truncate(max);
        turn.into_iter()
            .map(|row| {
                row.leased = true;
                row.tag
            })
            .collect()
    }

    /// When the next row comes due that waits for another try.
    pub(super) fn next_due_ms(&self, place: Place) -> Option<i64> {
        let waiting = self
            .queued
            .iter()
            .filter(|row| row.place == place && !row.leased && !row.is_aside);
        waiting
            .filter_map(|row| row.due_ms)
            .filter(|due_ms| !is_due(*due_ms, self.now_ms))
            .min()
    }

    /// How many fresh rows are not leased.
    pub(super) fn waiting(&self, place: Place) -> u64 {
        let fresh =
            |row: &&Row| row.place == place && row.due_ms.is_none() && !row.leased && !row.is_aside;
        self.queued.iter().filter(fresh).count() as u64
    }

    pub(super) fn release(&mut self, coded: bool) {
        let of_lane = |row: &&mut Row| row.place.coded == coded;
        let leases = self.queued.iter_mut().filter(of_lane);
        leases.for_each(|row| row.leased = false);
        for place in Place::ALL.into_iter().filter(|place| place.coded == coded) {
            let known = &mut self.known[index(place)];
            known.before = covering(known.before, known.window.take());
        }
    }

    /// Keeps up to which row a lane sends, by its tag.
    pub(super) fn keep_window(&mut self, place: Place, up_to: Option<u64>) {
        let of_tag = |tag| self.queued.iter().find(|row| row.tag == tag);
        let order = up_to.and_then(of_tag).map(|row| row.order);
        let known = &mut self.known[index(place)];
        let is_open = |before: &Sent| {
            let mut rows = self.queued.iter().filter(|row| row.place == place);
            rows.any(|row| row.order <= before.0 && !row.outcome_unknown)
        };
        known.before = known.before.filter(is_open);
        known.window = order.map(|order| (order, self.now_ms));
    }

    /// A row as it is handed out: what may have been sent says so.
    pub(super) fn shown(&self, row: &Row) -> Row {
        let mut row = row.clone();
        let before = self.known[index(row.place)].before;
        if let Some((_, since_ms)) = before.filter(|(order, _)| row.order <= *order)
            && !row.outcome_unknown
        {
            row.outcome_unknown = true;
            row.first_attempt_ms = Some(since_ms.max(row.appended_ms));
        }
        row
    }

    pub(super) fn set_aside(&mut self, tag: u64) {
        let known = &self.known;
        if let Some(row) = self.queued.iter_mut().find(|row| row.tag == tag) {
            row.leased = false;
            row.due_ms = Some(1);
            row.is_aside = known[index(row.place)].has_group;
        }
    }

    pub(super) fn free(&mut self, place: Place) {
        self.known[index(place)].has_group = false;
        let of_group = |row: &&mut Row| row.place == place && row.is_aside;
        let rows = self.queued.iter_mut().filter(of_group);
        rows.for_each(|row| row.is_aside = false);
    }

    /// How many rows wait with a group.
    pub(super) fn aside(&self, place: Place) -> u64 {
        let of_group = |row: &&Row| row.place == place && row.is_aside;
        self.queued.iter().filter(of_group).count() as u64
    }

    /// Says whether it has no rows.
    pub(super) fn end_lane(&mut self, coded: bool) -> bool {
        if self.queued.iter().any(|row| row.place.coded == coded) {
            return false;
        }
        for place in Place::ALL.into_iter().filter(|place| place.coded == coded) {
            self.known[index(place)] = Known::default();
        }
        true
    }

    /// A row that is acknowledged and stays knows itself what may have been sent of it.
    pub(super) fn doubt(&mut self, tag: u64) {
        let at = self.queued.iter().position(|row| row.tag == tag);
        let at = at.expect("a leased row is queued");
        self.queued[at] = self.shown(&self.queued[at]);
    }

    pub(super) fn restart(&mut self) {
        self.full = false;
        self.release(false);
        self.release(true);
    }

    /// Whether another one with its id was delivered and is known still.
    pub(super) fn was_delivered(&self, tag: u64) -> bool {
        let row = self.queued.iter().find(|row| row.tag == tag);
        row.and_then(|row| Some((row.id?, row.line)))
            .is_some_and(|(id, line)| self.standing(id, Some(line)) == Standing::Stands)
    }

    pub(super) fn deliver(&mut self, tag: u64) {
        let row = self.take(tag);
        self.mark(&row);
    }

    pub(super) fn retry_at(&mut self, tag: u64, due_ms: i64, outcome_unknown: bool) {
        let now_ms = self.now_ms;
        self.doubt(tag);
        if let Some(row) = self.queued.iter_mut().find(|row| row.tag == tag) {
            row.due_ms = Some(due_ms.min(now_ms + HOUR_MS));
            row.attempts += 1;
            // Of those whose outcome is unknown it is the first.
            if outcome_unknown && !row.outcome_unknown {
                row.first_attempt_ms = None;
            }
            row.first_attempt_ms = row.first_attempt_ms.or(Some(now_ms));
            row.outcome_unknown |= outcome_unknown;
            row.leased = false;
            row.is_aside = false;
        }
    }

    pub(super) fn dead_letter(&mut self, tag: u64, reason: DeadLetterReason) {
        self.doubt(tag);
        let row = self.take(tag);
        self.marks.retain(|mark| mark.line != row.line);
        if reason.keeps_dedup_entry() {
            self.mark(&row);
        }
        self.keep(row, reason);
    }

    /// `said`: whether the queue says that it is not a letter any more.
    pub(super) fn take_back(&mut self, tag: u64, said: bool) {
        let Some(letter) = self.dead.iter().find(|letter| letter.row.tag == tag) else {
            return;
        };
        let (id, line) = (letter.row.id, letter.row.line);
        if self.claim(id, Some(line), said) {
            let mut row = self.take_letter(tag);
            row.due_ms = Some(self.now_ms);
            self.queued.push(row);
        }
    }

    /// Gives the tags of the letters whose place it takes, if it is kept.
    pub(super) fn bury_at_the_door(
        &mut self,
        tag: u64,
        draft: Draft,
        said: bool,
    ) -> Option<Vec<u64>> {
        if !self.claim(draft.id, None, said) {
            return None;
        }
        let earlier = |letter: &mut DeadLetterRow| {
            draft.id.is_some()
                && letter.row.id == draft.id
                && letter.reason == DeadLetterReason::Invalid
        };
        let gone = self.dead.extract_if(.., earlier);
        let gone = gone.map(|letter| letter.row.tag).collect();
        let row = self.row(tag, draft);
        self.keep(row, DeadLetterReason::Invalid);
        Some(gone)
    }

    /// `is_dead`: whether the queue says that a tag is still among its letters.
    pub(super) fn retry_dead(&mut self, id: Option<u8>, is_dead: impl Fn(u64) -> bool) -> Retried {
        let mut done = Retried::default();
        for letter in self.letters(id) {
            if letter.reason == DeadLetterReason::Invalid {
                continue;
            }
            let Row {
                tag,
                line,
                id,
                says,
                ..
            } = letter.row;
            let own_line = letter.reason.keeps_dedup_entry().then_some(line);
            if self.claim(id, own_line, !is_dead(tag)) {
                let old = self.take_letter(tag);
                let place = old.place;
                let row = Row {
                    line,
                    ..self.row(tag, Draft { id, says, place })
                };
                self.queued.push(row);
                done.queued += 1;
            } else {
                done.duplicates += 1;
            }
        }
        done
    }

    /// Gives the tags that are gone.
    pub(super) fn purge_dead(&mut self, id: Option<u8>) -> Vec<u64> {
        let tags: Vec<_> = self
            .letters(id)
            .iter()
            .map(|letter| letter.row.tag)
            .collect();
        self.dead.retain(|letter| !tags.contains(&letter.row.tag));
        tags
    }

    pub(super) fn replace_dead(
        &mut self,
        letter: u64,
        tag: u64,
        draft: Draft,
        said: Replaced,
    ) -> Replaced {
        let Some(found) = self.dead.iter().find(|found| found.row.tag == letter) else {
            return Replaced::Gone;
        };
        let of_same_id = (found.row.id == draft.id).then_some(found.row.line);
        let own_line = of_same_id.filter(|_| found.reason.keeps_dedup_entry());
        if !self.claim(draft.id, own_line, said == Replaced::Queued) {
            return Replaced::Duplicate;
        }
        self.take_letter(letter);
        let row = self.row(tag, draft);
        let line = of_same_id.unwrap_or(row.line);
        self.queued.push(Row { line, ..row });
        Replaced::Queued
    }

    /// The numbers that are known, in the order of appending.
    pub(super) fn numbers(&self) -> Vec<i64> {
        let dead = self.dead.iter().map(|letter| &letter.row);
        let mut rows: Vec<_> = self.queued.iter().chain(dead).collect();
        rows.sort_by_key(|row| row.order);
        rows.into_iter().filter_map(|row| row.seq).collect()
    }

    /// The letters of an id, or all, in the order of their numbers.
    fn letters(&self, id: Option<u8>) -> Vec<DeadLetterRow> {
        let of_id = |letter: &&DeadLetterRow| id.is_none() || letter.row.id == id;
        self.dead.iter().filter(of_id).cloned().collect()
    }

    fn mark(&mut self, row: &Row) {
        self.marks.extend(row.id.map(|id| Mark {
            id,
            says: row.says,
            line: row.line,
            made_ms: self.now_ms,
            latest_ms: self.latest_ms,
        }));
    }

    fn keep(&mut self, mut row: Row, reason: DeadLetterReason) {
        row.leased = false;
        row.is_aside = false;
        let buried_ms = self.now_ms;
        self.dead.push(DeadLetterRow {
            row,
            reason,
            buried_ms,
        });
        self.dead.sort_by_key(|letter| letter.row.order);
    }

    fn take(&mut self, tag: u64) -> Row {
        let at = self.queued.iter().position(|row| row.tag == tag);
        self.queued.remove(at.expect("a leased row is queued"))
    }

    fn take_letter(&mut self, tag: u64) -> Row {
        let at = self.dead.iter().position(|letter| letter.row.tag == tag);
        self.dead.remove(at.expect("the letter was found")).row
    }
}

/// No row waits longer than an hour: one that seems to was acknowledged by a clock
/// that has been put back since.
const fn is_due(due_ms: i64, now_ms: i64) -> bool {
    due_ms <= now_ms || due_ms > now_ms + HOUR_MS
}
