//! The dedup entries of what was delivered. A table for each day, so that forgetting is
//! dropping a table; and a further one for each 32,768 dedup entries, so that a dedup entry
//! costs the same whether its day has a thousand or five million: keys come in no
//! order, and each would dirty a page of its own in a large table.

use capi_core::Fingerprint;
use rusqlite::{Connection, OptionalExtension};

use super::super::{DedupKey, QueueError};
use super::filter::{Column, Filter};
use super::found::Found;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// A table this many days in the future is of a clock that was far ahead.
const DAYS_AHEAD: i64 = 3;

/// A table takes no more once it has so many dedup entries: the next commit begins
/// another.
const MARKS_A_TABLE: u64 = 1 << 15;

/// So many tables are dropped before a commit.
const DROPPED_AT_ONCE: usize = 8;

/// What may be forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Forget {
    /// The tables whose time is over.
    Old,
    /// Nothing: the clock is in doubt.
    Nothing,
}

/// The dedup entries of the last days. The newest table takes new dedup entries.
#[derive(Debug)]
pub(super) struct DedupIndex {
    /// In order.
    tables: Vec<Table>,
    filter: Filter,
    /// A table is dropped when its day is this many days past: its last mark
    /// is then as old as it must get.
    kept: i64,
}

/// A table of dedup entries: `seen_<day>`, `seen_<day>_1`, `seen_<day>_2`…
#[derive(Clone, Copy, Debug)]
struct Table {
    day: i64,
    part: u32,
    marks: u64,
    /// Those of schemas up to version 4 have none.
    has_fingerprints: bool,
    column: Column,
}

impl DedupIndex {
    /// Finds the tables and reads their keys into the filter. A dedup entry stands
    /// for `dedup_days` whole days, and for one more at most.
    pub(super) fn load(connection: &Connection, dedup_days: u32) -> Result<Self, QueueError> {
        let mut filter = Filter::default();
        let mut tables = Vec::new();
        for place @ (day, part) in places(connection)? {
            let column = filter.column();
            let marks = read(connection, place, |key| filter.insert(column, key))?;
            let has_fingerprints = has_fingerprints(connection, place)?;
            tables.push(Table {
                day,
                part,
                marks,
                has_fingerprints,
                column,
            });
        }
        Ok(Self {
            tables,
            filter,
            kept: i64::from(dedup_days) + 1,
        })
    }

    /// Makes today's table, or another one where the newest is full, and drops
    /// those whose time is over, in transactions of their own. Nothing to do,
    /// nearly always.
    ///
    /// A clock that went back a little finds the newest table in its future,
    /// and goes on marking there: a dedup entry must not get into a table that is
    /// dropped earlier. A clock that was far ahead left tables that would never
    /// be dropped: they become today's.
    pub(super) fn rotate(
        &mut self,
        connection: &mut Connection,
        now_ms: i64,
        forget: Forget,
    ) -> Result<(), QueueError> {
        let today = now_ms.div_euclid(DAY_MS);
        let first = match forget {
            Forget::Old => today - self.kept + 1,
            Forget::Nothing => i64::MIN,
        };
        let stands = first..=(today + DAYS_AHEAD);
        let takes_more = |table: &Table| {
            table.day >= today && table.marks < MARKS_A_TABLE && table.has_fingerprints
        };
        if self.tables.iter().all(|table| stands.contains(&table.day))
            && self.tables.last().is_some_and(takes_more)
        {
            return Ok(());
        }
        self.drop_before(connection, first)?;
        let transaction = connection.transaction()?;
        let mut tables = self.tables.clone();
        tables.retain(|table| table.day <= *stands.end());
        for table in self.tables.iter().filter(|table| table.day > *stands.end()) {
            let part = next_part(&tables, today);
            let moved = Table {
                day: today,
                part,
                ..*table
            };
            transaction.execute_batch(&format!(
                "ALTER TABLE {} RENAME TO {}",
                table.name(),
                moved.name()
            ))?;
            tables.push(moved);
        }
        tables.sort_unstable_by_key(Table::place);
        let newest = tables.last().copied();
        let wanted = (!newest.as_ref().is_some_and(takes_more)).then(|| {
            let day = newest.map_or(today, |newest| newest.day.max(today));
            (day, next_part(&tables, day))
        });
        if let Some((day, part)) = wanted {
            transaction.execute_batch(&format!(
                "CREATE TABLE {} (dedup_key BLOB PRIMARY KEY, fingerprint BLOB)
                 STRICT, WITHOUT ROWID",
                name(day, part)
            ))?;
        }
        transaction.commit()?;
        tables.extend(wanted.map(|(day, part)| Table {
            day,
            part,
            marks: 0,
            has_fingerprints: true,
            column: self.filter.column(),
        }));
        self.tables = tables;
        Ok(())
    }

    /// Drops tables, some at a time: clients wait meanwhile. First of all, and for
    /// itself: on a full disk it makes room.
    fn drop_before(&mut self, connection: &mut Connection, day: i64) -> Result<(), QueueError> {
        let tables = self.tables.iter().take(DROPPED_AT_ONCE);
        let over = tables.filter(|table| table.day < day).count();
        if over == 0 {
            return Ok(());
        }
        let transaction = connection.transaction()?;
        for table in &self.tables[..over] {
            transaction.execute_batch(&format!("DROP TABLE {}", table.name()))?;
        }
        transaction.commit()?;
        let mut marks = 0;
        for table in self.tables.drain(..over) {
            self.filter.clear(table.column);
            marks += table.marks;
        }
        tracing::info!(
            marks,
            "Marks of deliveries were thrown away: they were kept as long as `dedup_days` says."
        );
        Ok(())
    }

    /// Whether there is a table in which a dedup entry of now lasts as long as it must.
    pub(super) fn is_current(&self, now_ms: i64) -> bool {
        let today = now_ms.div_euclid(DAY_MS);
        self.tables.last().is_some_and(|newest| newest.day >= today)
    }

    /// Whether a dedup entry of `key` stands. Reads the disk only where the filter
    /// cannot rule it out.
    pub(super) fn contains(
        &self,
        connection: &Connection,
        key: &DedupKey,
    ) -> Result<bool, QueueError> {
        Ok(self.table_of(connection, key)?.is_some())
    }

    /// What is under `key`, where a dedup entry of it is. Reads the disk only where the
    /// filter cannot rule it out.
    pub(super) fn find(
        &self,
        connection: &Connection,
        key: &DedupKey,
    ) -> Result<Option<Found>, QueueError> {
        let found = self.table_of(connection, key)?;
        Ok(found.map(|(_, fingerprint)| Found { fingerprint }))
    }

    /// Takes away the dedup entry of `key` that was made at `marked_ms`, in the
    /// transaction that is open. Says whether no dedup entry of it stands any more: one
    /// of another day is another event's.
    pub(super) fn unmark(
        &self,
        connection: &Connection,
        key: &DedupKey,
        marked_ms: i64,
    ) -> Result<bool, QueueError> {
        let Some((table, _)) = self.table_of(connection, key)? else {
            return Ok(true);
        };
        // A clock that went back since the table was made marked in a later day's. Another
        // event's mark cannot be made before this one is forgotten.
        let days = table.day - marked_ms.div_euclid(DAY_MS);
        if !(0..self.kept).contains(&days) {
            return Ok(false);
        }
        connection
            .prepare_cached(&format!("DELETE FROM {} WHERE dedup_key = ?", table.name()))?
            .execute([key])?;
        Ok(true)
    }

    fn table_of(
        &self,
        connection: &Connection,
        key: &DedupKey,
    ) -> Result<Option<(&Table, Option<Fingerprint>)>, QueueError> {
        for column in self.filter.columns_of(key) {
            let Some(table) = self.tables.iter().find(|table| table.column == column) else {
                continue;
            };
            let found = connection
                .prepare_cached(&format!(
                    "SELECT {} FROM {} WHERE dedup_key = ?",
                    if table.has_fingerprints {
                        "fingerprint"
                    } else {
                        "NULL"
                    },
                    table.name()
                ))?
                .query_row([key], |row| row.get::<_, Option<Vec<u8>>>(0))
                .optional()?;
            if let Some(fingerprint) = found {
                return Ok(Some((table, fingerprint.map(Fingerprint::stored))));
            }
        }
        Ok(None)
    }

    /// Marks a key as delivered today, in the transaction that is open, with the
    /// fingerprint of its event.
    ///
    /// The filter knows it immediately, not only after the commit: a duplicate may be
    /// appended in the same transaction, and would find neither the row, which
    /// is gone, nor the dedup entry. After a rollback the filter knows a key too many,
    /// which costs a look at the disk and nothing else.
    pub(super) fn mark(
        &mut self,
        connection: &Connection,
        key: &DedupKey,
        fingerprint: Option<&Fingerprint>,
    ) -> Result<(), QueueError> {
        if let Some(newest) = self.tables.last_mut() {
            connection
                .prepare_cached(&format!(
                    "INSERT OR IGNORE INTO {} (dedup_key, fingerprint) VALUES (?, ?)",
                    newest.name()
                ))?
                .execute((key, fingerprint.map(Fingerprint::as_bytes)))?;
            newest.marks += 1;
            self.filter.insert(newest.column, key);
        }
        Ok(())
    }
}

impl Table {
    const fn place(&self) -> (i64, u32) {
        (self.day, self.part)
    }

    fn name(&self) -> String {
        name(self.day, self.part)
    }
}

fn name(day: i64, part: u32) -> String {
    match part {
        0 => format!("\"seen_{day}\""),
        part => format!("\"seen_{day}_{part}\""),
    }
}

/// The number of the next table of a day.
fn next_part(tables: &[Table], day: i64) -> u32 {
    let parts = tables.iter().filter(|table| table.day == day);
    parts.map(|table| table.part + 1).max().unwrap_or(0)
}

/// The days and parts of the tables that there are.
fn places(connection: &Connection) -> Result<Vec<(i64, u32)>, QueueError> {
    let mut tables = connection.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'seen\\_%' ESCAPE '\\'",
    )?;
    let mut places = Vec::new();
    for name in tables.query_map([], |row| row.get::<_, String>(0))? {
        let name = name?;
        let place = name.strip_prefix("seen_").unwrap_or_default();
        let (day, part) = place.split_once('_').unwrap_or((place, "0"));
        if let (Ok(day), Ok(part)) = (day.parse(), part.parse()) {
            places.push((day, part));
        }
    }
    places.sort_unstable();
    Ok(places)
}

/// Hands out the keys of a table, and counts them.
fn read(
    connection: &Connection,
    (day, part): (i64, u32),
    mut take: impl FnMut(&DedupKey),
) -> Result<u64, QueueError> {
    let mut count = 0;
    let mut keys = connection.prepare(&format!("SELECT dedup_key FROM {}", name(day, part)))?;
    for key in keys.query_map([], |row| row.get::<_, DedupKey>(0))? {
        take(&key?);
        count += 1;
    }
    Ok(count)
}

/// Whether a table has a column for fingerprints.
fn has_fingerprints(connection: &Connection, (day, part): (i64, u32)) -> Result<bool, QueueError> {
    let columns = format!("SELECT * FROM {} LIMIT 0", name(day, part));
    Ok(connection.prepare(&columns)?.column_count() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = DAY_MS / 24;
    const KEY: DedupKey = [7; 16];

    fn marked_at(now_ms: i64, days: u32) -> (Connection, DedupIndex) {
        let mut connection = Connection::open_in_memory().unwrap();
        let mut seen = DedupIndex::load(&connection, days).unwrap();
        seen.rotate(&mut connection, now_ms, Forget::Old).unwrap();
        seen.mark(&connection, &KEY, None).unwrap();
        (connection, seen)
    }

    fn holds(connection: &mut Connection, seen: &mut DedupIndex, now_ms: i64) -> bool {
        seen.rotate(connection, now_ms, Forget::Old).unwrap();
        let found = seen.contains(connection, &KEY).unwrap();
        let reloaded = DedupIndex::load(connection, 2).unwrap();
        assert_eq!(reloaded.contains(connection, &KEY).unwrap(), found);
        found
    }

    #[test]
    fn a_mark_holds_its_days_and_is_forgotten_a_day_later() {
        for days in [2, 30] {
            for hour in 0..24 {
                let at = 1000 * DAY_MS + hour * HOUR_MS;
                let (mut connection, mut seen) = marked_at(at, days);
                let last = i64::from(days) * 24;
                for later in [1, 24, last - 1, last] {
                    assert!(
                        holds(&mut connection, &mut seen, at + later * HOUR_MS),
                        "{hour}+{later}"
                    );
                }
                let gone = last + 24;
                assert!(
                    !holds(&mut connection, &mut seen, at + gone * HOUR_MS),
                    "{hour}+{gone}"
                );
            }
        }
    }

    #[test]
    fn fewer_days_forget_at_once_what_is_older() {
        let at = 1000 * DAY_MS;
        let (mut connection, mut seen) = marked_at(at, 30);
        let later = at + 10 * DAY_MS;
        assert!(holds(&mut connection, &mut seen, later));
        let mut seen = DedupIndex::load(&connection, 2).unwrap();
        assert!(!holds(&mut connection, &mut seen, later));
    }

    #[test]
    fn a_full_table_is_followed_by_another_and_none_is_forgotten_early() {
        let at = 1000 * DAY_MS;
        let (mut connection, mut seen) = marked_at(at, 2);
        seen.tables[0].marks = MARKS_A_TABLE;
        for (number, marks) in [(1, MARKS_A_TABLE), (2, 5)] {
            seen.rotate(&mut connection, at + HOUR_MS, Forget::Old)
                .unwrap();
            seen.mark(&connection, &[number; 16], None).unwrap();
            seen.tables.last_mut().unwrap().marks = marks;
        }
        assert_eq!(
            places(&connection).unwrap(),
            [(1000, 0), (1000, 1), (1000, 2)]
        );
        seen.rotate(&mut connection, at + 48 * HOUR_MS, Forget::Old)
            .unwrap();
        let seen = DedupIndex::load(&connection, 2).unwrap();
        for key in [KEY, [1; 16], [2; 16]] {
            assert!(seen.contains(&connection, &key).unwrap());
        }
        let mut seen = seen;
        seen.rotate(&mut connection, at + 72 * HOUR_MS, Forget::Old)
            .unwrap();
        assert_eq!(places(&connection).unwrap(), [(1002, 0), (1003, 0)]);
        assert!(!seen.contains(&connection, &KEY).unwrap());
    }

    #[test]
    fn a_clock_that_goes_back_shortens_nothing() {
        let at = 1000 * DAY_MS;
        let (mut connection, mut seen) = marked_at(at, 2);
        let other: DedupKey = [8; 16];
        seen.rotate(&mut connection, at - HOUR_MS, Forget::Old)
            .unwrap();
        seen.mark(&connection, &other, None).unwrap();
        seen.rotate(&mut connection, at + 47 * HOUR_MS, Forget::Old)
            .unwrap();
        assert!(seen.contains(&connection, &other).unwrap());
    }

    #[test]
    fn marks_of_a_clock_that_was_far_ahead_move_to_today_and_end_in_time() {
        let (mut connection, mut seen) = marked_at(50_000 * DAY_MS, 2);
        let now = 20_000 * DAY_MS;
        assert!(holds(&mut connection, &mut seen, now));
        assert!(holds(&mut connection, &mut seen, now + 48 * HOUR_MS));
        assert!(!holds(&mut connection, &mut seen, now + 72 * HOUR_MS));
    }
}
