//! What each page holds, and whether that still stands.
//!
//! A page that was freed keeps what was in it: rows that were delivered long
//! ago. Which pages are free follows from the list of free pages, and from the
//! trees: what a whole tree does not lead to is not in it. Either is enough.

use std::collections::{BTreeSet, HashMap};

use rusqlite::types::ValueRef;

use super::btree::{Kind, Node};
use super::numbers::number;
use super::pages::Pages;
use super::record;
use super::row::Table;

/// The type of a blob of 16 bytes in a record.
const KEY: i64 = 12 + 2 * 16;

/// What a page holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// Nothing that can be read as a page of a tree.
    Unknown,
    /// A page of a tree that is looked into no further.
    Tree,
    Rows(Table),
    Lanes,
    LanesByName,
    Marks,
}

/// Whether what a page holds still stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It does.
    Certain,
    /// Nobody can tell any more.
    Doubtful,
    /// It does not: the page is free.
    Gone,
}

/// What is known of all pages.
pub(super) struct Survey {
    pages: HashMap<u32, Found>,
    /// Whether the list of free pages is whole.
    free_is_known: bool,
    /// The tables of which all pages are reached.
    whole: Whole,
}

#[derive(Clone, Copy)]
struct Found {
    kind: Option<Kind>,
    content: Content,
    is_free: bool,
    is_reached: bool,
}

impl Found {
    const UNKNOWN: Self = Self {
        kind: None,
        content: Content::Unknown,
        is_free: false,
        is_reached: false,
    };
}

/// Which tables' trees lead everywhere they should.
#[derive(Clone, Copy, Default)]
struct Whole {
    queued: bool,
    dead: bool,
    lanes: bool,
    marks: bool,
}

impl Survey {
    pub(super) fn of(pages: &Pages) -> Self {
        let mut survey = Self {
            pages: HashMap::new(),
            free_is_known: false,
            whole: Whole::default(),
        };
        for page in pages.numbers() {
            if pages.is_map_page(page) {
                continue;
            }
            let found = classify(pages, page).map(|(kind, content)| Found {
                kind: Some(kind),
                content,
                ..Found::UNKNOWN
            });
            survey.pages.insert(page, found.unwrap_or(Found::UNKNOWN));
        }
        survey.free_is_known = survey.follow_free_list(pages).is_some();
        survey.whole = survey.walk_all(pages);
        survey
    }

    pub(super) fn content(&self, page: u32) -> Content {
        self.pages
            .get(&page)
            .map_or(Content::Unknown, |found| found.content)
    }

    pub(super) fn standing(&self, page: u32) -> Standing {
        let Some(found) = self.pages.get(&page) else {
            return Standing::Gone;
        };
        let tree_is_whole = match found.content {
            Content::Unknown | Content::Tree => false,
            Content::Rows(Table::Queued) => self.whole.queued,
            Content::Rows(Table::Dead) => self.whole.dead,
            Content::Lanes | Content::LanesByName => self.whole.lanes,
            Content::Marks => self.whole.marks,
        };
        match *found {
            Found {
                is_reached: true, ..
            } => Standing::Certain,
            Found { is_free: true, .. } => Standing::Gone,
            _ if self.free_is_known => Standing::Certain,
            _ if tree_is_whole => Standing::Gone,
            _ => Standing::Doubtful,
        }
    }

    /// `None` where the list is damaged or has another length than the header
    /// says.
    ///
    /// Source: SQLite, Database File Format, The Freelist.
    fn follow_free_list(&mut self, pages: &Pages) -> Option<()> {
        let header = pages.header()?;
        let (mut trunk, mut found) = (header.first_free, 0);
        while trunk != 0 {
            let page = pages.read(trunk)?;
            let leaves = usize::try_from(number(&page, 4)?).ok()?;
            let listed = page.get(8..)?.get(..leaves.checked_mul(4)?)?;
            let listed = listed.as_chunks::<4>().0;
            for free in [trunk]
                .into_iter()
                .chain(listed.iter().map(|page| u32::from_be_bytes(*page)))
            {
                // One that never held anything need not be in the file.
                let free = self.pages.entry(free).or_insert(Found::UNKNOWN);
                if std::mem::replace(&mut free.is_free, true) {
                    return None;
                }
                found += 1;
            }
            trunk = number(&page, 0)?;
        }
        (found == header.free).then_some(())
    }

    /// Walks the trees of all tables and indexes.
    fn walk_all(&mut self, pages: &Pages) -> Whole {
        let mut schema = Vec::new();
        let schema_is_whole = self.walk(pages, 1, true, &mut schema);
        let mut roots = Vec::new();
        for page in schema {
            roots.extend(roots_in(pages, page));
        }
        if !roots.iter().any(|(name, ..)| name == "queued") {
            roots.push(("queued".to_owned(), pages.queued_root(), true));
        }
        let mut walks = Vec::new();
        for (name, root, is_table) in roots {
            let is_whole = self.walk(pages, root, is_table, &mut Vec::new());
            walks.push((name, is_whole));
        }
        let all = |wanted: &dyn Fn(&str) -> bool| {
            let mut wanted = walks.iter().filter(|(name, _)| wanted(name)).peekable();
            wanted.peek().is_some() && wanted.all(|(_, is_whole)| *is_whole)
        };
        let lanes = ["lane", "sqlite_autoindex_lane_1"];
        Whole {
            queued: all(&|name| name == "queued"),
            dead: schema_is_whole && all(&|name| name == "dead"),
            lanes: schema_is_whole && all(&|name| lanes.contains(&name)),
            marks: schema_is_whole && all(&|name| name.starts_with("seen_")),
        }
    }

    /// Marks what a tree leads to, and says whether that is all of it. The
    /// leaves go to `leaves`.
    ///
    /// All leaves of a tree are equally deep. So a page that cannot be read and
    /// is as deep as they are was a leaf, and hides no other page.
    fn walk(&mut self, pages: &Pages, root: u32, is_table: bool, leaves: &mut Vec<u32>) -> bool {
        let mut is_tree = true;
        let (mut leaf_depths, mut lost_depths) = (BTreeSet::new(), BTreeSet::new());
        let mut open = vec![(root, 0_u32)];
        while let Some((page, depth)) = open.pop() {
            // A table WITHOUT ROWID is called a table and is an index.
            let found = self.pages.get_mut(&page);
            let Some(found) =
                found.filter(|found| found.kind.is_some_and(|kind| is_table || !kind.is_table()))
            else {
                lost_depths.insert(depth);
                continue;
            };
            if std::mem::replace(&mut found.is_reached, true) {
                is_tree = false;
                continue;
            }
            if !found.kind.is_some_and(Kind::is_interior) {
                leaf_depths.insert(depth);
                leaves.push(page);
                continue;
            }
            match children(pages, page) {
                Some(children) => open.extend(children.into_iter().map(|page| (page, depth + 1))),
                None => is_tree = false,
            }
        }
        is_tree && leaf_depths.len() == 1 && lost_depths.is_subset(&leaf_depths)
    }
}

fn children(pages: &Pages, page: u32) -> Option<Vec<u32>> {
    Node::read(page, &pages.read(page)?, pages.usable())?.children()
}

/// Says what a page is by its first record that can be read.
fn classify(pages: &Pages, page: u32) -> Option<(Kind, Content)> {
    let bytes = pages.read(page)?;
    let node = Node::read(page, &bytes, pages.usable())?;
    if node.kind == Kind::TableInterior {
        node.children()?;
        return Some((node.kind, Content::Tree));
    }
    if node.is_empty() {
        return (!node.kind.is_interior()).then_some((node.kind, Content::Tree));
    }
    let shapes = node.cells().flatten();
    let shape = shapes.filter_map(|cell| record::shape(cell.local)).next()?;
    let content = match (node.kind.is_table(), &*shape) {
        (false, [KEY]) => Content::Marks,
        // Behind the key of an index stands a number.
        (false, [KEY, fingerprint]) if is_blob_or_nothing(*fingerprint) => Content::Marks,
        (false, [name, code, _]) if is_text(*name) && is_text(*code) => Content::LanesByName,
        (true, [_, _, _]) => Content::Lanes,
        (true, shape) => {
            Table::columns(shape.len()).map_or(Content::Tree, |(table, _)| Content::Rows(table))
        }
        (false, _) => Content::Tree,
    };
    Some((node.kind, content))
}

const fn is_text(kind: i64) -> bool {
    kind > 12 && kind % 2 == 1
}

const fn is_blob_or_nothing(kind: i64) -> bool {
    kind == 0 || (kind >= 12 && kind % 2 == 0)
}

/// The names and roots that a page of the schema has, and whether each is a
/// table.
fn roots_in(pages: &Pages, page: u32) -> Vec<(String, u32, bool)> {
    let Some(bytes) = pages.read(page) else {
        return Vec::new();
    };
    let Some(node) = Node::read(page, &bytes, pages.usable()) else {
        return Vec::new();
    };
    let root = |record: Vec<u8>| {
        let values = record::values(&record)?;
        let [
            ValueRef::Text(kind),
            ValueRef::Text(name),
            _,
            ValueRef::Integer(root),
            _,
        ] = values[..]
        else {
            return None;
        };
        let root = u32::try_from(root).ok().filter(|root| *root > 0)?;
        let name = std::str::from_utf8(name).ok()?;
        Some((name.to_owned(), root, kind == b"table"))
    };
    let records = node
        .cells()
        .flatten()
        .filter_map(|cell| pages.record(&cell));
    records.filter_map(root).collect()
}
