//! Each key of an object once.

use std::collections::HashMap;

/// Objects up to this many members are compared pair by pair; larger ones
/// through a table, so that no input costs the square of its length.
const SMALL: usize = 24;

/// Of the members from `start` on, keeps those with distinct keys: of equal
/// keys the last value, where the first stood.
pub(crate) fn keep_last_of_each<T: Copy>(members: &mut Vec<(&str, T)>, start: usize) {
    if surely_distinct(&members[start..]) {
        return;
    }
    let mut kept = start;
    let mut places: HashMap<&str, usize> = HashMap::new();
    let large = members.len() - start > SMALL;
    for index in start..members.len() {
        let (key, value) = members[index];
        let before = if large {
            let place = *places.entry(key).or_insert(kept);
            (place < kept).then_some(place)
        } else {
            members[start..kept]
                .iter()
                .position(|(name, _)| *name == key)
                .map(|place| start + place)
        };
        match before {
            Some(place) => members[place].1 = value,
            None => {
                members[kept] = (key, value);
                kept += 1;
            }
        }
    }
    members.truncate(kept);
}

/// Whether the keys differ, as far as a glance tells: each in a slot of its
/// own by its length and a few letters. Nearly all objects pass here.
fn surely_distinct<T>(members: &[(&str, T)]) -> bool {
    let mut taken = 0_u128;
    members.len() <= SMALL
        && members.iter().all(|(key, _)| {
            let bytes = key.as_bytes();
            let letter = |index: usize| bytes.get(index).map_or(0, |byte| usize::from(*byte));
            let last = bytes.len().saturating_sub(1);
            let slot =
                (bytes.len() * 31 + letter(0) * 7 + letter(last) * 3 + letter(last / 2)) % 128;
            let free = taken & (1 << slot) == 0;
            taken |= 1 << slot;
            free
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Json, Number};

    fn kept(keys: &[&'static str]) -> Vec<(&'static str, u64)> {
        let mut members: Vec<(&str, Json<'_>)> = (0_u64..)
            .zip(keys)
            .map(|(index, key)| (*key, Json::Number(Number::Unsigned(index))))
            .collect();
        keep_last_of_each(&mut members, 1);
        let number = |value: Json<'_>| match value {
            Json::Number(Number::Unsigned(number)) => number,
            _ => u64::MAX,
        };
        members
            .iter()
            .map(|(key, value)| (*key, number(*value)))
            .collect()
    }

    #[test]
    fn of_equal_keys_the_last_value_stays_where_the_first_stood() {
        assert_eq!(
            kept(&["a", "a", "b", "a", "c", "b"]),
            [("a", 0), ("a", 3), ("b", 5), ("c", 4)],
            "what stands before the start is another object's"
        );
    }

    #[test]
    fn keys_that_only_look_alike_stay() {
        assert_eq!(kept(&["x", "abc", "acc", "adc", "aec"]).len(), 5);
    }

    #[test]
    fn large_objects_keep_the_same_as_small_ones() {
        let keys: Vec<&'static str> = ["p", "q", "r"].into_iter().cycle().take(100).collect();
        assert_eq!(kept(&keys), [("p", 0), ("q", 97), ("r", 98), ("p", 99)]);
    }
}
