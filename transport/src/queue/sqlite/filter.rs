//! A filter in memory that answers for nearly all fresh ids.

use super::super::DedupKey;

/// Words of a block. With 32,768 keys a table about half of the bits are set, and
/// one in a thousand looks at a table finds nothing.
const ROWS_LOG2: u32 = 19;

/// Bits that a key sets.
const HASHES: u64 = 10;

/// Says of a key in which tables it may be: a Bloom filter for each of them, laid
/// side by side, so that one read answers for 64. What a look costs does not grow
/// with the number of tables, or hardly: ten million keys are five blocks of 4 MB.
#[derive(Debug, Default)]
pub(super) struct Filter {
    blocks: Vec<Block>,
}

#[derive(Debug)]
struct Block {
    rows: Box<[u64]>,
    used: u64,
}

/// A table's place in the filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Column {
    block: usize,
    bit: u32,
}

impl Filter {
    /// A place for another table.
    pub(super) fn column(&mut self) -> Column {
        let free = self.blocks.iter().position(|block| block.used != u64::MAX);
        let block = free.unwrap_or_else(|| {
            self.blocks.push(Block {
                rows: vec![0; 1 << ROWS_LOG2].into(),
                used: 0,
            });
            self.blocks.len() - 1
        });
        let used = &mut self.blocks[block].used;
        let bit = used.trailing_ones();
        *used |= 1 << bit;
        Column { block, bit }
    }

    /// Adds a key of a table.
    pub(super) fn insert(&mut self, column: Column, key: &DedupKey) {
        let rows = &mut self.blocks[column.block].rows;
        for row in rows_of(key) {
            rows[row] |= 1 << column.bit;
        }
    }

    /// The tables that may have a key.
    pub(super) fn columns_of(&self, key: &DedupKey) -> impl Iterator<Item = Column> {
        let blocks = self.blocks.iter().enumerate();
        blocks.flat_map(|(block, Block { rows, used })| {
            let mut found = *used;
            for row in rows_of(key) {
                found &= rows[row];
                if found == 0 {
                    break;
                }
            }
            (0..u64::BITS)
                .filter(move |bit| found >> bit & 1 == 1)
                .map(move |bit| Column { block, bit })
        })
    }

    /// Forgets the keys of a table, and gives its place away.
    pub(super) fn clear(&mut self, column: Column) {
        let is_last = column.block + 1 == self.blocks.len();
        let block = &mut self.blocks[column.block];
        block.used &= !(1 << column.bit);
        if block.used == 0 && is_last {
            self.blocks.pop();
            return;
        }
        for row in &mut block.rows {
            *row &= !(1 << column.bit);
        }
    }
}

/// The rows of a key. It is a digest, so that its halves are two hashes of it.
fn rows_of(key: &DedupKey) -> impl Iterator<Item = usize> {
    let half = |bytes: Option<&[u8; 8]>| bytes.map_or(0, |bytes| u64::from_le_bytes(*bytes));
    let (first, second) = (half(key.first_chunk()), half(key.last_chunk()) | 1);
    (0..HASHES).map(move |turn| {
        let hash = first.wrapping_add(turn.wrapping_mul(second));
        // The upper bits: at most 19, which any platform's index holds.
        (hash >> (u64::BITS - ROWS_LOG2)) as usize
    })
}

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha256};

    use super::*;

    const A_TABLE: usize = 1 << 15;

    fn key(number: usize) -> DedupKey {
        let digest = Sha256::digest(number.to_le_bytes());
        *digest.first_chunk().unwrap()
    }

    #[test]
    fn knows_all_it_holds_and_little_else() {
        let mut filter = Filter::default();
        let columns: Vec<Column> = (0..4).map(|_| filter.column()).collect();
        let held = A_TABLE * columns.len();
        for number in 0..held {
            filter.insert(columns[number / A_TABLE], &key(number));
        }
        for number in 0..held {
            let column = columns[number / A_TABLE];
            assert!(filter.columns_of(&key(number)).any(|other| other == column));
        }
        let wrong: usize = (held..held + 10_000)
            .map(|number| filter.columns_of(&key(number)).count())
            .sum();
        assert!(wrong < 60, "{wrong} of 40000");
    }

    #[test]
    fn a_table_that_goes_takes_its_keys_and_no_others() {
        let mut filter = Filter::default();
        let columns: Vec<Column> = (0..66).map(|_| filter.column()).collect();
        assert_eq!(filter.blocks.len(), 2);
        for (number, column) in columns.iter().enumerate() {
            filter.insert(*column, &key(number));
        }
        filter.clear(columns[3]);
        assert_eq!(filter.columns_of(&key(3)).count(), 0);
        assert_eq!(filter.columns_of(&key(4)).next(), Some(columns[4]));
        assert_eq!(filter.column(), columns[3], "the place is taken again");
        filter.clear(columns[64]);
        filter.clear(columns[65]);
        assert_eq!(filter.blocks.len(), 1, "an empty block at the end goes");
    }
}
