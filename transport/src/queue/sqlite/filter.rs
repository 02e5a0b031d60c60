//! A filter in memory that answers for nearly all fresh ids.

use fastbloom::BloomFilter;

use super::super::DedupKey;

/// The first part holds this many keys, each further one twice as many as the
/// one before: a quiet server spends little, a busy one asks few parts.
const FIRST_PART: usize = 1 << 16;

/// So many fresh ids cost a look at the disk for nothing, for each part that is
/// asked. Thirty days may have a hundred parts.
const FALSE_POSITIVES: f64 = 0.001;

/// Says of a key that it was surely never added, or that it may have been.
/// Grows as it fills; about 15 bits a key.
#[derive(Debug, Default)]
pub(super) struct Filter {
    parts: Vec<BloomFilter>,
    capacity: usize,
    room: usize,
}

impl Filter {
    pub(super) fn insert(&mut self, key: &DedupKey) {
        if self.room == 0 {
            self.capacity = (self.capacity * 2).max(FIRST_PART);
            self.room = self.capacity;
            let part = BloomFilter::with_false_pos(FALSE_POSITIVES).expected_items(self.capacity);
            self.parts.push(part);
        }
        if let Some(part) = self.parts.last_mut() {
            part.insert(key);
            self.room -= 1;
        }
    }

    pub(super) fn may_contain(&self, key: &DedupKey) -> bool {
        self.parts.iter().any(|part| part.contains(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_all_it_holds_and_little_else() {
        let mut filter = Filter::default();
        let keys = |range: std::ops::Range<u128>| range.map(u128::to_be_bytes);
        let held = FIRST_PART as u128 * 2;
        keys(0..held).for_each(|key| filter.insert(&key));
        assert_eq!(filter.parts.len(), 2);
        assert!(keys(0..held).all(|key| filter.may_contain(&key)));
        let wrong = keys(held..held + 10_000)
            .filter(|key| filter.may_contain(key))
            .count();
        assert!(wrong < 50, "{wrong} of 10000");
    }
}
