//! Refusals in a row. Many of one group with one error and nothing of the group accepted
//! between them are a fault of the configuration in disguise: a mapping that leaves a
//! field out, an app that demands a proof. The group is set aside then, and what was
//! dead-lettered of it is requeued.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::ApiError;
use crate::queue::{Class, Group};

/// So many, and the group is set aside.
const FAILURE_THRESHOLD: usize = 20;

/// Meta took an event of the group after that: the dead letters were right, and the next time
/// so many times more are needed.
const GROWTH_FACTOR: usize = 50;

/// What was learned so is good for this long.
const MEMORY_MS: i64 = 60 * 60 * 1000;

/// So many groups are watched together: names of events may come from clients.
const MOST_GROUPS: usize = 1_000;

type Error = (Option<i64>, Option<i64>);

/// What each group of a lane has seen refused since Meta last took something of it.
#[derive(Debug, Default)]
pub(super) struct Streaks {
    of: HashMap<(Class, Arc<Group>), Streak>,
    /// Buried rows of which it is not known yet that they are on disk.
    unsettled: HashSet<i64>,
    /// To be requeued as soon as they are on disk.
    taken: Vec<i64>,
}

#[derive(Debug)]
struct Streak {
    too_many: usize,
    /// When the group was set aside last.
    broke_ms: Option<i64>,
    /// Whether nothing was accepted since then.
    in_doubt: bool,
    /// The rows that were dead-lettered, by error.
    rows: HashMap<Error, Vec<i64>>,
    last_ms: i64,
}

impl Streaks {
    /// Meta took something of a group: the fault was the events'.
    pub(super) fn accepted(&mut self, class: Class, group: &Arc<Group>) {
        if self.of.is_empty() {
            return;
        }
        let key = (class, Arc::clone(group));
        let Some(streak) = self.of.get_mut(&key) else {
            return;
        };
        streak.rows.clear();
        if std::mem::take(&mut streak.in_doubt) {
            streak.too_many = streak.too_many.saturating_mul(GROWTH_FACTOR);
        }
        if streak.broke_ms.is_none() {
            self.of.remove(&key);
        }
    }

    /// A row is to be dead-lettered for `refusal`. Gives how many were before it when it is one
    /// too many: then it is not to be dead-lettered, and those before it are requeued.
    pub(super) fn record(
        &mut self,
        now_ms: i64,
        class: Class,
        group: &Arc<Group>,
        seq: i64,
        refusal: &ApiError,
    ) -> Option<usize> {
        let key = (class, Arc::clone(group));
        if self.of.len() >= MOST_GROUPS && !self.of.contains_key(&key) {
            self.forget_one();
        }
        let streak = self.of.entry(key).or_insert_with(|| Streak {
            too_many: FAILURE_THRESHOLD,
            broke_ms: None,
            in_doubt: false,
            rows: HashMap::new(),
            last_ms: now_ms,
        });
        streak.last_ms = now_ms;
        let is_over = |at: i64| now_ms.saturating_sub(at) >= MEMORY_MS;
        if streak.broke_ms.is_some_and(is_over) {
            (streak.too_many, streak.broke_ms) = (FAILURE_THRESHOLD, None);
        }
        let rows = streak.rows.entry(refusal.error()).or_default();
        if rows.len() + 1 >= streak.too_many {
            let before = std::mem::take(rows);
            (streak.broke_ms, streak.in_doubt) = (Some(now_ms), true);
            let count = before.len();
            self.taken.extend(before);
            return Some(count);
        }
        rows.push(seq);
        self.unsettled.insert(seq);
        None
    }

    /// The group that was refused longest ago is watched no more.
    fn forget_one(&mut self) {
        let oldest = self.of.iter().min_by_key(|(_, streak)| streak.last_ms);
        if let Some(key) = oldest.map(|(key, _)| key.clone()) {
            self.of.remove(&key);
        }
    }

    /// The dead-lettering of a row is on disk.
    pub(super) fn acknowledged(&mut self, seq: i64) {
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
    use super::super::tests::group;
    use super::*;

    const CLASS: Class = Class::Standard;

    fn refusal(code: i64, subcode: Option<i64>) -> ApiError {
        ApiError {
            code: Some(code),
            subcode,
            ..ApiError::default()
        }
    }

    /// Buries rows until it is one too many, or `most`; gives how many.
    fn dead_letter(streaks: &mut Streaks, now_ms: i64, error: &ApiError, most: i64) -> i64 {
        (1..=most)
            .find(|seq| {
                let group = group("Purchase");
                streaks.record(now_ms, CLASS, &group, *seq, error).is_some()
            })
            .unwrap_or(most + 1)
    }

    #[test]
    fn twenty_with_one_error_are_taken_back_once_they_are_on_disk() {
        let mut streaks = Streaks::default();
        assert_eq!(dead_letter(&mut streaks, 0, &refusal(100, None), 100), 20);
        assert_eq!(streaks.take_back(), [0; 0]);
        (1..20).for_each(|seq| streaks.acknowledged(seq));
        assert_eq!(streaks.take_back(), (1..20).collect::<Vec<_>>());
        assert_eq!(streaks.take_back(), [0; 0]);
    }

    #[test]
    fn errors_count_each_for_itself_and_an_acceptance_begins_anew() {
        let (few, many) = (refusal(100, Some(2_804_050)), refusal(100, Some(2_804_003)));
        let mut streaks = Streaks::default();
        assert_eq!(dead_letter(&mut streaks, 0, &few, 19), 20);
        assert_eq!(dead_letter(&mut streaks, 0, &many, 18), 19);
        streaks.accepted(CLASS, &group("Lead"));
        assert_eq!(
            dead_letter(&mut streaks, 0, &many, 100),
            2,
            "another group's"
        );
        streaks.accepted(CLASS, &group("Purchase"));
        assert_eq!(dead_letter(&mut streaks, 0, &few, 19), 20);
    }

    #[test]
    fn an_acceptance_after_it_proves_the_burials_right_for_an_hour() {
        let mut streaks = Streaks::default();
        let error = refusal(100, None);
        assert_eq!(dead_letter(&mut streaks, 0, &error, 1000), 20);
        streaks.accepted(CLASS, &group("Purchase"));
        assert_eq!(dead_letter(&mut streaks, 1, &error, 2000), 1000);
        streaks.accepted(CLASS, &group("Purchase"));
        assert_eq!(dead_letter(&mut streaks, 1 + MEMORY_MS, &error, 1000), 20);
    }

    #[test]
    fn groups_of_ever_new_names_take_no_more_room() {
        let mut streaks = Streaks::default();
        for number in 0..3 * MOST_GROUPS as i64 {
            let group = group(&format!("Name{number}"));
            streaks.record(number, CLASS, &group, number, &refusal(100, None));
        }
        assert_eq!(streaks.of.len(), MOST_GROUPS);
    }
}
