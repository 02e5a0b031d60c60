//! The breaker: many burials in a row with one error and nothing accepted
//! between them are a configuration fault in disguise. An app that demands a
//! proof, for one, answers with the code of an invalid event.

use std::collections::HashSet;

use crate::Refusal;

/// So many, and they are taken back.
const TOO_MANY: usize = 20;

/// Meta took an event after that: the burials were right, and the next time
/// so many times more are needed.
const MORE: usize = 10;

/// What was learned so is good for this long.
const MEMORY_MS: i64 = 60 * 60 * 1000;

/// The burials since the last acceptance, all with one error.
#[derive(Debug)]
pub(super) struct Burials {
    too_many: usize,
    /// When they were taken back last.
    broke_ms: Option<i64>,
    /// Whether nothing was accepted since then.
    in_doubt: bool,
    error: Option<(Option<i64>, Option<i64>)>,
    rows: Vec<i64>,
    /// Those of which it is not known yet that they are on disk.
    unsettled: HashSet<i64>,
    /// To be taken back as soon as they are on disk.
    taken: Vec<i64>,
}

impl Burials {
    pub(super) fn new() -> Self {
        Self {
            too_many: TOO_MANY,
            broke_ms: None,
            in_doubt: false,
            error: None,
            rows: Vec::new(),
            unsettled: HashSet::new(),
            taken: Vec::new(),
        }
    }

    /// Meta took something: the fault was the events'.
    pub(super) fn accepted(&mut self) {
        self.rows.clear();
        self.error = None;
        if std::mem::take(&mut self.in_doubt) {
            self.too_many = self.too_many.saturating_mul(MORE);
        }
    }

    /// A row is to be buried for `refusal`. Says whether that is one too many:
    /// then it is not to be buried, and those before it are taken back.
    pub(super) fn record(&mut self, now_ms: i64, seq: i64, refusal: &Refusal) -> bool {
        if self
            .broke_ms
            .is_some_and(|at| now_ms.saturating_sub(at) >= MEMORY_MS)
        {
            (self.too_many, self.broke_ms) = (TOO_MANY, None);
        }
        let error = Some(refusal.error());
        if self.error != error {
            self.error = error;
            self.rows.clear();
        }
        if self.rows.len() + 1 >= self.too_many {
            self.taken.append(&mut self.rows);
            self.error = None;
            (self.broke_ms, self.in_doubt) = (Some(now_ms), true);
            return true;
        }
        self.rows.push(seq);
        self.unsettled.insert(seq);
        false
    }

    /// How many are to be taken back.
    pub(super) const fn taken(&self) -> usize {
        self.taken.len()
    }

    /// The burial of a row is on disk.
    pub(super) fn settled(&mut self, seq: i64) {
        self.unsettled.remove(&seq);
    }

    /// The rows to take back now.
    pub(super) fn take_back(&mut self) -> Vec<i64> {
        let unsettled = &self.unsettled;
        self.taken
            .extract_if(.., |seq| !unsettled.contains(seq))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(code: i64, subcode: Option<i64>) -> Refusal {
        Refusal {
            code: Some(code),
            subcode,
            ..Refusal::default()
        }
    }

    /// Buries rows until it is one too many, or `most`; gives how many.
    fn bury(burials: &mut Burials, now_ms: i64, error: &Refusal, most: i64) -> i64 {
        (1..=most)
            .find(|seq| burials.record(now_ms, *seq, error))
            .unwrap_or(most + 1)
    }

    #[test]
    fn twenty_with_one_error_are_taken_back_once_they_are_on_disk() {
        let mut burials = Burials::new();
        assert_eq!(bury(&mut burials, 0, &refusal(100, None), 100), 20);
        assert_eq!(burials.take_back(), [0; 0]);
        (1..20).for_each(|seq| burials.settled(seq));
        assert_eq!(burials.take_back(), (1..20).collect::<Vec<_>>());
        assert_eq!(burials.take_back(), [0; 0]);
    }

    #[test]
    fn another_error_or_an_acceptance_begins_anew() {
        let (few, many) = (refusal(100, Some(2_804_050)), refusal(100, Some(2_804_003)));
        let mut burials = Burials::new();
        assert_eq!(bury(&mut burials, 0, &few, 19), 20);
        assert_eq!(bury(&mut burials, 0, &many, 19), 20);
        burials.accepted();
        assert_eq!(bury(&mut burials, 0, &many, 100), 20);
    }

    #[test]
    fn an_acceptance_after_it_proves_the_burials_right_for_an_hour() {
        let mut burials = Burials::new();
        let error = refusal(100, None);
        assert_eq!(bury(&mut burials, 0, &error, 1000), 20);
        burials.accepted();
        assert_eq!(bury(&mut burials, 1, &error, 1000), 200);
        burials.accepted();
        assert_eq!(bury(&mut burials, 1 + MEMORY_MS, &error, 1000), 20);
    }
}
