//! Which record is which, and what of it is kept.
//!
//! What certainly stands goes before what may be gone: a row of a page that
//! nobody can tell to be free is kept only where nothing speaks against it.

use std::collections::{HashMap, HashSet};

use rusqlite::types::ValueRef;

use super::super::super::{DedupKey, QueueError};
use super::btree::{Cell, Node};
use super::pages::Pages;
use super::record;
use super::row::{Row, Table};
use super::survey::{Content, Standing, Survey};

/// Where to put what is found.
pub(super) trait Sink {
    fn lane(&mut self, id: i64, destination: &str, test_code: &str) -> Result<(), QueueError>;

    /// Takes a dedup entry, with the fingerprint of the event that it is of.
    fn mark(&mut self, key: &DedupKey, fingerprint: Option<&[u8]>) -> Result<(), QueueError>;

    /// Takes a row, unless one with its number is there already. All dedup entries come
    /// before.
    fn row(&mut self, row: &Row<'_>) -> Result<(), QueueError>;

    /// Whether a dedup entry of the key was found.
    fn is_marked(&mut self, key: &DedupKey) -> Result<bool, QueueError>;
}

/// What could not be read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lost {
    /// Pages of which nothing could be read.
    pub(super) pages: u64,
    /// Rows, and dedup entries, of pages that could be read otherwise.
    pub(super) rows: u64,
}

/// Reads everything that can be read.
///
/// # Errors
///
/// Those of the sink.
pub(super) fn run(pages: &Pages, sink: &mut impl Sink) -> Result<Lost, QueueError> {
    let survey = Survey::of(pages);
    let mut salvage = Salvage {
        pages,
        survey,
        lanes: HashMap::new(),
        claims: HashMap::new(),
        overflow: HashSet::new(),
        lost: Lost::default(),
    };
    salvage.run(sink)?;
    Ok(salvage.lost)
}

struct Salvage<'a> {
    pages: &'a Pages,
    survey: Survey,
    /// The lanes by number: two copies that differ are none.
    lanes: HashMap<i64, Option<(String, String)>>,
    /// Whose an overflow page is; nobody's where two rows claim it.
    claims: HashMap<u32, Option<(Table, i64)>>,
    /// The pages that rows lead to, be these damaged or not.
    overflow: HashSet<u32>,
    lost: Lost,
}

impl Salvage<'_> {
    fn run(&mut self, sink: &mut impl Sink) -> Result<(), QueueError> {
        self.find_lanes(sink)?;
        for page in self
            .pages_of(|content, standing| content == Content::Marks && standing != Standing::Gone)
        {
            self.marks(page, sink)?;
        }
        self.claim(sink)?;
        for standing in [Standing::Certain, Standing::Doubtful] {
            // A letter's page may be older than a row's only where both are
            // doubtful. Then sending it is for a person to decide.
            for table in [Table::Dead, Table::Queued] {
                for page in self.pages_of(|c, s| c == Content::Rows(table) && s == standing) {
                    self.rows(page, table, standing, sink)?;
                }
            }
        }
        self.count_pages();
        Ok(())
    }

    fn pages_of(&self, wanted: impl Fn(Content, Standing) -> bool) -> Vec<u32> {
        let is_wanted =
            |page: &u32| wanted(self.survey.content(*page), self.survey.standing(*page));
        self.pages.numbers().filter(is_wanted).collect()
    }

    /// Visits the cells of a page; of one that cannot be read as `None`.
    fn cells(&self, page: u32, mut visit: impl FnMut(Option<Cell<'_>>)) {
        let Some(bytes) = self.pages.read(page) else {
            return;
        };
        if let Some(node) = Node::read(page, &bytes, self.pages.usable()) {
            node.cells().for_each(&mut visit);
        }
    }

    /// The lanes stand in the table and in the index of their names.
    fn find_lanes(&mut self, sink: &mut impl Sink) -> Result<(), QueueError> {
        let mut found = Vec::new();
        for page in self.pages_of(|content, standing| {
            matches!(content, Content::Lanes | Content::LanesByName) && standing != Standing::Gone
        }) {
            self.cells(page, |cell| {
                found.extend(cell.and_then(|cell| lane(cell.rowid, &self.pages.record(&cell)?)));
            });
        }
        for (id, lane) in found {
            let known = self.lanes.entry(id).or_insert_with(|| Some(lane.clone()));
            if known.as_ref().is_some_and(|known| *known != lane) {
                *known = None;
            }
        }
        let mut names = HashSet::new();
        let mut ids: Vec<i64> = self.lanes.keys().copied().collect();
        ids.sort_unstable();
        for id in ids {
            let Some(Some((destination, code))) = self.lanes.get(&id) else {
                continue;
            };
            if names.insert((destination.clone(), code.clone())) {
                sink.lane(id, destination, code)?;
            } else {
                self.lanes.insert(id, None);
            }
        }
        Ok(())
    }

    fn marks(&mut self, page: u32, sink: &mut impl Sink) -> Result<(), QueueError> {
        let (mut marks, mut lost) = (Vec::new(), 0);
        self.cells(page, |cell| {
            match cell.and_then(|cell| mark(&self.pages.record(&cell)?)) {
                Some(mark) => marks.push(mark),
                None => lost += 1,
            }
        });
        self.lost.rows += lost;
        marks
            .iter()
            .try_for_each(|(key, fingerprint)| sink.mark(key, fingerprint.as_deref()))
    }

    /// Finds out whose each overflow page is. A row of a freed page may claim
    /// one that was given to another row since.
    fn claim(&mut self, sink: &mut impl Sink) -> Result<(), QueueError> {
        let (mut claims, mut overflow) = (HashMap::new(), HashSet::new());
        for page in self.pages_of(|content, standing| {
            matches!(content, Content::Rows(_)) && standing != Standing::Gone
        }) {
            let Content::Rows(table) = self.survey.content(page) else {
                continue;
            };
            let is_certain = self.survey.standing(page) == Standing::Certain;
            let mut chains = Vec::new();
            self.cells(page, |cell| {
                let Some(cell) = cell.filter(|cell| cell.overflow.is_some()) else {
                    return;
                };
                let chain = self.pages.chain(&cell).unwrap_or_default();
                let key = if is_certain {
                    Some(None)
                } else {
                    let record = self.pages.record(&cell);
                    record.and_then(|r| Some(Row::read(table, cell.rowid, &r)?.key()))
                };
                chains.push((cell.rowid, key, chain));
            });
            for (seq, key, chain) in chains {
                overflow.extend(&chain);
                // What is damaged, or was delivered, claims nothing.
                let Some(key) = key else { continue };
                if let Some(key) = key.filter(|_| table == Table::Queued)
                    && sink.is_marked(&key)?
                {
                    continue;
                }
                let owner = Some((table, seq));
                for page in chain {
                    let claim = claims.entry(page).or_insert(owner);
                    if *claim != owner {
                        *claim = None;
                    }
                }
            }
        }
        (self.claims, self.overflow) = (claims, overflow);
        Ok(())
    }

    fn rows(
        &mut self,
        page: u32,
        table: Table,
        standing: Standing,
        sink: &mut impl Sink,
    ) -> Result<(), QueueError> {
        let is_certain = standing == Standing::Certain;
        let (mut lost, mut outcome) = (0, Ok(()));
        self.cells(page, |cell| {
            if outcome.is_err() {
                return;
            }
            let is_kept = cell.and_then(|cell| {
                let record = self.pages.record(&cell)?;
                let row = Row::read(table, cell.rowid, &record)?;
                if table == Table::Queued {
                    self.lanes.get(&row.lane())?.as_ref()?;
                }
                if !is_certain && !self.is_sole_claim(&cell, table) {
                    return None;
                }
                // A certain row is queued beside its dedup entry where somebody sent
                // a letter of `partly_confirmed` again.
                if let Some(key) = row.key().filter(|_| !is_certain && table == Table::Queued) {
                    match sink.is_marked(&key) {
                        Ok(true) => return Some(()),
                        Ok(false) => {}
                        Err(error) => outcome = Err(error),
                    }
                }
                if outcome.is_ok() {
                    outcome = sink.row(&row);
                }
                Some(())
            });
            lost += u64::from(is_kept.is_none());
        });
        self.lost.rows += lost;
        outcome
    }

    fn is_sole_claim(&self, cell: &Cell<'_>, table: Table) -> bool {
        cell.overflow.is_none()
            || self.pages.chain(cell).is_some_and(|chain| {
                let owner = Some((table, cell.rowid));
                chain
                    .iter()
                    .all(|page| self.claims.get(page) == Some(&owner))
            })
    }

    fn count_pages(&mut self) {
        let lost = self.pages_of(|content, standing| {
            content == Content::Unknown && standing != Standing::Gone
        });
        let lost = lost
            .iter()
            .filter(|page| !self.overflow.contains(page) && !self.pages.is_lock_page(**page));
        self.lost.pages = lost.count() as u64;
    }
}

/// Reads a lane from the table, where its number is before the record, or
/// from the index, where it is the last value.
fn lane(rowid: i64, record: &[u8]) -> Option<(i64, (String, String))> {
    let (id, destination, code) = match record::values(record)?[..] {
        [
            ValueRef::Null,
            ValueRef::Text(destination),
            ValueRef::Text(code),
        ] => (rowid, destination, code),
        [
            ValueRef::Text(destination),
            ValueRef::Text(code),
            ValueRef::Integer(id),
        ] => (id, destination, code),
        _ => return None,
    };
    let text = |bytes: &[u8]| std::str::from_utf8(bytes).ok().map(str::to_owned);
    let lane = (text(destination)?, text(code)?);
    (id > 0 && !lane.0.is_empty()).then_some((id, lane))
}

fn mark(record: &[u8]) -> Option<(DedupKey, Option<Vec<u8>>)> {
    let (key, fingerprint) = match record::values(record)?[..] {
        [ValueRef::Blob(key)] | [ValueRef::Blob(key), ValueRef::Null] => (key, None),
        [ValueRef::Blob(key), ValueRef::Blob(fingerprint)] => (key, Some(fingerprint.to_vec())),
        _ => return None,
    };
    Some((key.try_into().ok()?, fingerprint))
}
