//! A filter in memory that answers for nearly all fresh ids.

use std::ops::RangeInclusive;

use fastbloom::BloomFilter;

use super::super::DedupKey;

/// No part holds fewer keys than this.
const FIRST_PART: usize = 1 << 16;

/// So many fresh ids cost a look at the disk for nothing, for each part that is
/// asked.
const FALSE_POSITIVES: f64 = 0.001;

/// Says of a key that it was surely not added, or in which days it may have been.
///
/// Keys are added in the order of their days, so that a part holds those of a
/// span of days, and goes when its last day does. A new part holds half as many
/// as there are: a few parts answer for ten million keys, whether they came in
/// two days or in thirty. About 15 bits a key, and up to half more.
#[derive(Debug, Default)]
pub(super) struct Filter {
    parts: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    bits: BloomFilter,
    days: RangeInclusive<i64>,
    keys: usize,
    room: usize,
}

impl Filter {
    /// Adds a key of `day`, which is no earlier than any before.
    pub(super) fn insert(&mut self, day: i64, key: &DedupKey) {
        if self.parts.last().is_none_or(|part| part.room == 0) {
            let keys: usize = self.parts.iter().map(|part| part.keys).sum();
            let room = (keys / 2).max(FIRST_PART);
            self.parts.push(Part {
                bits: BloomFilter::with_false_pos(FALSE_POSITIVES).expected_items(room),
                days: day..=day,
                keys: 0,
                room,
            });
        }
        if let Some(part) = self.parts.last_mut() {
            part.bits.insert_hash(hash(key));
            part.days = *part.days.start()..=day.max(*part.days.end());
            part.keys += 1;
            part.room -= 1;
        }
    }

    /// The spans of days that the key may have been added in, the latest first.
    pub(super) fn days_of(&self, key: &DedupKey) -> impl Iterator<Item = RangeInclusive<i64>> {
        let hash = hash(key);
        self.parts
            .iter()
            .rev()
            .filter(move |part| part.bits.contains_hash(hash))
            .map(|part| part.days.clone())
    }

    /// Forgets what was added up to `day`, as far as no part holds later keys too.
    pub(super) fn forget_until(&mut self, day: i64) {
        self.parts.retain(|part| *part.days.end() > day);
    }
}

/// A key is a digest: any of its bytes are as good as a hash of it, and all parts
/// can be asked with the same.
fn hash(key: &DedupKey) -> u64 {
    key.first_chunk()
        .map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha256};

    use super::*;

    fn key(number: usize) -> DedupKey {
        let digest = Sha256::digest(number.to_le_bytes());
        *digest.first_chunk().unwrap()
    }

    #[test]
    fn knows_all_it_holds_and_little_else() {
        let mut filter = Filter::default();
        let held = FIRST_PART * 4;
        for number in 0..held {
            filter.insert((number / FIRST_PART) as i64, &key(number));
        }
        assert!(filter.parts.len() <= 4, "{}", filter.parts.len());
        for number in 0..held {
            let day = (number / FIRST_PART) as i64;
            assert!(filter.days_of(&key(number)).any(|days| days.contains(&day)));
        }
        let wrong = (held..held + 10_000)
            .filter(|number| filter.days_of(&key(*number)).next().is_some())
            .count();
        assert!(wrong < 60, "{wrong} of 10000");
    }

    #[test]
    fn forgets_whole_parts_and_no_key_of_a_day_that_stands() {
        let mut filter = Filter::default();
        let a_day = FIRST_PART / 2;
        for number in 0..a_day * 40 {
            let day = (number / a_day) as i64;
            filter.forget_until(day - 4);
            filter.insert(day, &key(number));
        }
        assert!(filter.parts.len() <= 5, "{}", filter.parts.len());
        for number in a_day * 37..a_day * 40 {
            let day = (number / a_day) as i64;
            assert!(filter.days_of(&key(number)).any(|days| days.contains(&day)));
        }
        filter.forget_until(39);
        assert!(filter.parts.is_empty());
    }
}
