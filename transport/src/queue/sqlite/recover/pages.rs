//! The pages of a database, one at a time: the main file's, and where the log
//! has a newer copy, that one.
//!
//! Source: SQLite, Database File Format, Pages; The Database Header.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use super::super::folder::side_file;
use super::btree::Cell;
use super::log::Log;
use super::numbers::{is_page_size, number};

const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// What SQLite takes by itself: the queue never asked for another.
const DEFAULT_PAGE_SIZE: usize = 4096;

/// The longest row that SQLite stores, in bytes.
const LONGEST_ROW: u64 = 1_000_000_000;

/// The first page that maps others, where there are such.
const FIRST_MAP: u32 = 2;

/// The page with this byte is never used: SQLite locks it.
const LOCK_BYTE: u64 = 1 << 30;

/// The pages of a database.
pub(super) struct Pages {
    /// `None` where it is gone and only its log is left.
    main: Option<File>,
    log: Option<Log>,
    size: usize,
    /// How many the main file has.
    in_main: u32,
    /// Those that only the log has, in order.
    beyond: Vec<u32>,
    /// Whether there are pages that say where others are led to from.
    has_maps: bool,
    header: Option<Header>,
}

/// What the first page says of the whole file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    /// What of a page is used, in bytes.
    usable: usize,
    /// The first page of the list of free pages; 0 for none.
    pub(super) first_free: u32,
    /// How many pages are free.
    pub(super) free: u32,
    has_maps: bool,
    pub(super) schema_version: u32,
    pub(super) application_id: u32,
}

impl Pages {
    /// Opens a database of which anything may be damaged.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened.
    pub(super) fn open(file: &Path) -> io::Result<Self> {
        let main = match File::open(file) {
            Ok(main) => Some(main),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let bytes = match &main {
            Some(main) => main.metadata()?.len(),
            None => 0,
        };
        let mut start = [0; 100];
        // A short file has no header, and that is all there is to say.
        let reported = main
            .as_ref()
            .and_then(|mut main| main.read_exact(&mut start).ok())
            .and_then(|()| page_size(&start));
        let log = Log::open(&side_file(file, "-wal"));
        let size = reported
            .or(log.as_ref().map(Log::page_size))
            .unwrap_or(DEFAULT_PAGE_SIZE);
        let log = log.filter(|log| log.page_size() == size);
        let in_main = u32::try_from(bytes.div_ceil(size as u64)).unwrap_or(u32::MAX - 1);
        let beyond = log
            .as_ref()
            .map_or_else(Vec::new, |log| log.beyond(in_main));
        let mut pages = Self {
            main,
            log,
            size,
            in_main,
            beyond,
            has_maps: false,
            header: None,
        };
        pages.header = pages.read(1).and_then(|page| Header::read(&page, size));
        pages.has_maps = match pages.header {
            Some(header) => header.has_maps,
            // No page of a tree begins like a map of which the first page is a root.
            None => pages
                .read(FIRST_MAP)
                .is_some_and(|page| page.starts_with(&[1, 0, 0, 0, 0])),
        };
        Ok(pages)
    }

    pub(super) const fn header(&self) -> Option<Header> {
        self.header
    }

    /// The pages that there are, whatever the file says of itself.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u32> + '_ {
        (1..=self.in_main).chain(self.beyond.iter().copied())
    }

    fn contains(&self, page: u32) -> bool {
        (1..=self.in_main).contains(&page) || self.beyond.binary_search(&page).is_ok()
    }

    /// What of a page is used, in bytes.
    pub(super) fn usable(&self) -> usize {
        self.header.map_or(self.size, |header| header.usable)
    }

    /// Whether SQLite leaves the page alone.
    pub(super) fn is_lock_page(&self, page: u32) -> bool {
        u64::from(page) == LOCK_BYTE / self.size as u64 + 1
    }

    /// Whether the page says where other pages are led to from: such pages stand at even
    /// distances in a file that gives room back.
    ///
    /// Source: SQLite, Database File Format, Pointer Map or Ptrmap Pages.
    pub(super) fn is_map_page(&self, page: u32) -> bool {
        let mapped = u32::try_from(self.usable() / 5).unwrap_or(u32::MAX - 1) + 1;
        let Some(behind) = page.checked_sub(FIRST_MAP).filter(|_| self.has_maps) else {
            return false;
        };
        // The lock page has none of its own before it.
        let map = page - behind % mapped;
        if self.is_lock_page(map) {
            page == map + 1
        } else {
            page == map
        }
    }

    /// Where the tree of `queued` begins: the tables are made in one order, and SQLite
    /// moves no root but the last.
    pub(super) const fn queued_root(&self) -> u32 {
        4 + self.has_maps as u32
    }

    /// A page. `None` where the disk does not give it, or the file ends within
    /// it: half a row must not pass for a whole one.
    pub(super) fn read(&self, page: u32) -> Option<Vec<u8>> {
        if let Some(bytes) = self.log.as_ref().and_then(|log| log.read(page)) {
            return Some(bytes);
        }
        let at = u64::from(page.checked_sub(1)?) * self.size as u64;
        let mut bytes = vec![0; self.size];
        let mut main = self.main.as_ref()?;
        main.seek(SeekFrom::Start(at)).ok()?;
        main.read_exact(&mut bytes).ok()?;
        Some(bytes)
    }

    /// The overflow pages of a cell, in order; `None` where the chain does not
    /// end exactly where the row does.
    pub(super) fn chain(&self, cell: &Cell<'_>) -> Option<Vec<u32>> {
        let mut chain = Vec::new();
        self.follow(cell, |page, _| chain.push(page))?;
        Some(chain)
    }

    /// The whole record of a cell.
    pub(super) fn record(&self, cell: &Cell<'_>) -> Option<Vec<u8>> {
        let mut record = cell.local.to_vec();
        self.follow(cell, |_, bytes| record.extend_from_slice(bytes))?;
        Some(record)
    }

    /// Follows a chain. No page may come twice, so that a row takes no more
    /// memory than the file has.
    fn follow(&self, cell: &Cell<'_>, mut visit: impl FnMut(u32, &[u8])) -> Option<()> {
        let room = self.usable().checked_sub(4)?;
        let pages = u64::from(self.in_main) + self.beyond.len() as u64;
        let capacity = pages * self.size as u64;
        if cell.size > capacity.min(LONGEST_ROW) {
            return None;
        }
        let mut left = usize::try_from(cell.size)
            .ok()?
            .checked_sub(cell.local.len())?;
        let mut next = cell.overflow.unwrap_or_default();
        let mut met = HashSet::new();
        while left > 0 {
            if !self.contains(next) || !met.insert(next) {
                return None;
            }
            let page = self.read(next)?;
            let here = left.min(room);
            visit(next, page.get(4..4 + here)?);
            left -= here;
            next = number(&page, 0)?;
        }
        (next == 0).then_some(())
    }
}

impl Header {
    fn read(page: &[u8], size: usize) -> Option<Self> {
        if page_size(page)? != size {
            return None;
        }
        let reserved = usize::from(*page.get(20)?);
        Some(Self {
            // SQLite takes no less.
            usable: size.checked_sub(reserved).filter(|usable| *usable >= 480)?,
            first_free: number(page, 32)?,
            free: number(page, 36)?,
            has_maps: number(page, 52)? > 0,
            schema_version: number(page, 60)?,
            application_id: number(page, 68)?,
        })
    }
}

/// The page size that a header tells, if it is one.
fn page_size(header: &[u8]) -> Option<usize> {
    if header.get(..16)? != MAGIC {
        return None;
    }
    let reported = match u16::from_be_bytes([*header.get(16)?, *header.get(17)?]) {
        1 => 65_536,
        reported => usize::from(reported),
    };
    is_page_size(reported).then_some(reported)
}
