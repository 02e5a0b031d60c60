//! The write-ahead log: copies of pages that are newer than the main file's.
//!
//! Source: SQLite, Database File Format, The Write-Ahead Log.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use super::numbers::{is_page_size, number};

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// The first word; its last bit says in which order the checksum reads bytes.
const MAGIC: u32 = 0x377f_0682;

/// The committed pages of a log.
pub(super) struct Log {
    file: File,
    page_size: usize,
    /// Where the newest committed copy of a page is in the file.
    copies: HashMap<u32, u64>,
}

impl Log {
    /// Reads which pages were committed. A frame counts when its salts are the
    /// log's, its checksum is right and a commit follows, as for SQLite: what
    /// is behind the first wrong frame cannot be told from an older log.
    /// `None` if no log can be used.
    pub(super) fn open(path: &Path) -> Option<Self> {
        let file = File::open(path).ok()?;
        let mut input = BufReader::new(&file);
        let mut header = [0; HEADER];
        input.read_exact(&mut header).ok()?;
        let magic = number(&header, 0)?;
        if magic & !1 != MAGIC {
            return None;
        }
        let mut sum = Checksum {
            big_endian: magic & 1 == 1,
            state: (0, 0),
        };
        sum.add(header.get(..24)?);
        let page_size = usize::try_from(number(&header, 8)?).ok()?;
        if !is_page_size(page_size) || !sum.is(&header, 24) {
            return None;
        }
        let (mut copies, mut uncommitted) = (HashMap::new(), Vec::new());
        let mut frame = vec![0; FRAME_HEADER + page_size];
        let mut at = HEADER as u64;
        while input.read_exact(&mut frame).is_ok() {
            sum.add(frame.get(..8)?);
            sum.add(frame.get(FRAME_HEADER..)?);
            if frame.get(8..16) != header.get(16..24) || !sum.is(&frame, 16) {
                break;
            }
            uncommitted.push((number(&frame, 0)?, at + FRAME_HEADER as u64));
            if number(&frame, 4)? != 0 {
                copies.extend(uncommitted.drain(..));
            }
            at += frame.len() as u64;
        }
        Some(Self {
            file,
            page_size,
            copies,
        })
    }

    pub(super) const fn page_size(&self) -> usize {
        self.page_size
    }

    /// The pages that it has behind `last`, in order.
    pub(super) fn beyond(&self, last: u32) -> Vec<u32> {
        let pages = self.copies.keys().copied();
        let mut pages: Vec<u32> = pages.filter(|page| *page > last).collect();
        pages.sort_unstable();
        pages
    }

    pub(super) fn read(&self, page: u32) -> Option<Vec<u8>> {
        let at = *self.copies.get(&page)?;
        let mut bytes = vec![0; self.page_size];
        let mut file = &self.file;
        file.seek(SeekFrom::Start(at)).ok()?;
        file.read_exact(&mut bytes).ok()?;
        Some(bytes)
    }
}

/// The log's running checksum, over words in pairs.
struct Checksum {
    big_endian: bool,
    state: (u32, u32),
}

impl Checksum {
    fn add(&mut self, bytes: &[u8]) {
        let (mut one, mut other) = self.state;
        let word = |word: [u8; 4]| {
            if self.big_endian {
                u32::from_be_bytes(word)
            } else {
                u32::from_le_bytes(word)
            }
        };
        for pair in bytes.as_chunks::<8>().0 {
            let [a, b, c, d, e, f, g, h] = *pair;
            one = one.wrapping_add(word([a, b, c, d])).wrapping_add(other);
            other = other.wrapping_add(word([e, f, g, h])).wrapping_add(one);
        }
        self.state = (one, other);
    }

    /// Whether it is the one that is in `bytes` at `at`.
    fn is(&self, bytes: &[u8], at: usize) -> bool {
        (number(bytes, at), number(bytes, at + 4)) == (Some(self.state.0), Some(self.state.1))
    }
}
