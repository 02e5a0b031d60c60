//! A page of a tree: its cells and its children.
//!
//! Source: SQLite, Database File Format, B-tree Pages.

use super::numbers::{number, varint};

/// The file's header, before the tree's on the first page.
const FILE_HEADER: usize = 100;

/// What a page of a tree is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    IndexInterior,
    TableInterior,
    IndexLeaf,
    TableLeaf,
}

impl Kind {
    const fn of(byte: u8) -> Option<Self> {
        Some(match byte {
            0x02 => Self::IndexInterior,
            0x05 => Self::TableInterior,
            0x0a => Self::IndexLeaf,
            0x0d => Self::TableLeaf,
            _ => return None,
        })
    }

    pub(super) const fn is_interior(self) -> bool {
        matches!(self, Self::IndexInterior | Self::TableInterior)
    }

    pub(super) const fn is_table(self) -> bool {
        matches!(self, Self::TableInterior | Self::TableLeaf)
    }
}

/// A page of a tree.
pub(super) struct Node<'a> {
    pub(super) kind: Kind,
    /// Only what of it is used.
    page: &'a [u8],
    /// Where the header stands.
    start: usize,
    /// Where the cells' places stand.
    places: usize,
    cells: usize,
}

/// What a cell has of a row.
pub(super) struct Cell<'a> {
    /// Of a table's leaf: the row's number; else 0.
    pub(super) rowid: i64,
    /// How long the record is, in bytes.
    pub(super) size: u64,
    /// What of it is on this page.
    pub(super) local: &'a [u8],
    /// The page with the rest.
    pub(super) overflow: Option<u32>,
}

impl<'a> Node<'a> {
    /// Reads a page's header. `None` where it is none of a tree's.
    pub(super) fn read(page_number: u32, page: &'a [u8], usable: usize) -> Option<Self> {
        let page = page.get(..usable)?;
        let start = if page_number == 1 { FILE_HEADER } else { 0 };
        let header = page.get(start..)?.first_chunk::<8>()?;
        let kind = Kind::of(header[0])?;
        let short = |at: usize| usize::from(u16::from_be_bytes([header[at], header[at + 1]]));
        let (first_gap, cells, content) = (short(1), short(3), short(5));
        let places = start + if kind.is_interior() { 12 } else { 8 };
        let end = places + 2 * cells;
        let content = if content == 0 { 65_536 } else { content };
        let gap_is_plausible = first_gap == 0 || (first_gap >= content && first_gap < usable);
        (end <= content && content <= usable && gap_is_plausible).then_some(Self {
            kind,
            page,
            start,
            places,
            cells,
        })
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.cells == 0
    }

    /// The bytes from each cell's start on; `None` where it cannot be there.
    fn starts(&self) -> impl Iterator<Item = Option<&'a [u8]>> + '_ {
        (0..self.cells).map(|cell| {
            let place = self
                .page
                .get(self.places + 2 * cell..)?
                .first_chunk::<2>()?;
            let start = usize::from(u16::from_be_bytes(*place));
            if start < self.places + 2 * self.cells {
                return None;
            }
            self.page.get(start..)
        })
    }

    /// The cells that hold records: all but those of a table's interior pages.
    pub(super) fn cells(&self) -> impl Iterator<Item = Option<Cell<'a>>> + '_ {
        self.starts().map(|start| self.cell(start?))
    }

    fn cell(&self, mut bytes: &'a [u8]) -> Option<Cell<'a>> {
        if self.kind == Kind::TableInterior {
            return None;
        }
        if self.kind == Kind::IndexInterior {
            bytes = bytes.get(4..)?;
        }
        let (size, mut bytes) = varint(bytes)?;
        let mut rowid = 0;
        if self.kind == Kind::TableLeaf {
            (rowid, bytes) = varint(bytes)?;
        }
        let size = u64::try_from(size).ok()?;
        let here = self.local(size);
        let local = bytes.get(..here)?;
        let overflow = if size > here as u64 {
            Some(number(bytes, here)?)
        } else {
            None
        };
        Some(Cell {
            rowid,
            size,
            local,
            overflow,
        })
    }

    /// How much of a record of this size is on the page itself.
    ///
    /// Source: SQLite, Database File Format, Cell payload overflow.
    fn local(&self, size: u64) -> usize {
        let usable = self.page.len() as u64;
        let most = if self.kind.is_table() {
            usable - 35
        } else {
            (usable - 12) * 64 / 255 - 23
        };
        let least = (usable - 12) * 32 / 255 - 23;
        let here = if size <= most {
            size
        } else {
            let spread = least + size.saturating_sub(least) % (usable - 4);
            if spread <= most { spread } else { least }
        };
        usize::try_from(here).unwrap_or(usize::MAX)
    }

    /// The pages below an interior page; `None` where not all can be told.
    pub(super) fn children(&self) -> Option<Vec<u32>> {
        if !self.kind.is_interior() {
            return Some(Vec::new());
        }
        let mut children: Vec<u32> = self
            .starts()
            .map(|start| number(start?, 0))
            .collect::<Option<_>>()?;
        children.push(number(self.page, self.start + 8)?);
        Some(children)
    }
}
