//! Each value of a list once.

use std::collections::HashSet;
use std::hash::Hash;

/// Values up to this number are compared with each other; more of them are looked up,
/// so that a hostile list costs no quadratic time.
const LINEAR_SEARCH_LIMIT: usize = 16;

/// What the values of one list are looked up by.
pub(crate) struct Distinct<K>(HashSet<K>);

impl<K: Eq + Hash> Distinct<K> {
    pub(crate) fn new() -> Self {
        Self(HashSet::new())
    }

    /// Whether `value` is none of `known`, which are all that were new before.
    pub(crate) fn is_new<T>(
        &mut self,
        value: &T,
        known: &[T],
        is_same: impl Fn(&T, &T) -> bool,
        key: impl Fn(&T) -> K,
    ) -> bool {
        if known.len() < LINEAR_SEARCH_LIMIT {
            return !known.iter().any(|other| is_same(other, value));
        }
        if self.0.is_empty() {
            self.0.extend(known.iter().map(&key));
        }
        self.0.insert(key(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_and_many_are_each_taken_once() {
        for count in [
            1,
            LINEAR_SEARCH_LIMIT - 1,
            LINEAR_SEARCH_LIMIT,
            LINEAR_SEARCH_LIMIT + 1,
            10 * LINEAR_SEARCH_LIMIT,
        ] {
            let mut distinct = Distinct::new();
            let mut known: Vec<usize> = Vec::new();
            for value in (0..count).chain(0..count) {
                if distinct.is_new(&value, &known, usize::eq, |value| *value) {
                    known.push(value);
                }
            }
            assert_eq!(known, Vec::from_iter(0..count));
        }
    }
}
