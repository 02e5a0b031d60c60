//! The marks of what was delivered: a table for each day, so that forgetting
//! is dropping a table.

use rusqlite::{Connection, OptionalExtension};

use super::super::{DedupKey, QueueError};
use super::filter::Filter;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// A table this many days in the future is of a clock that was far ahead.
const DAYS_AHEAD: i64 = 3;

/// The marks of the last days. The newest table takes new marks.
#[derive(Debug)]
pub(super) struct Seen {
    /// Days that have a table, in order.
    days: Vec<i64>,
    filter: Filter,
    /// A table is dropped when its day is this many days past: its last mark
    /// is then as old as it must get.
    kept: i64,
}

impl Seen {
    /// Finds the tables and reads their keys into the filter. A mark stands
    /// for `dedup_days` whole days, and for one more at most.
    pub(super) fn load(connection: &Connection, dedup_days: u32) -> Result<Self, QueueError> {
        let mut tables = connection
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'seen\\_%' ESCAPE '\\'")?;
        let mut days = Vec::new();
        for name in tables.query_map([], |row| row.get::<_, String>(0))? {
            if let Some(day) = name?.strip_prefix("seen_").and_then(|day| day.parse().ok()) {
                days.push(day);
            }
        }
        days.sort_unstable();
        Ok(Self {
            filter: read_filter(connection, &days)?,
            days,
            kept: i64::from(dedup_days) + 1,
        })
    }

    /// Makes today's table and drops those whose time is over, in a
    /// transaction of its own. Nothing to do, nearly always.
    ///
    /// A clock that went back a little finds the newest table in its future,
    /// and goes on marking there: a mark must not get into a table that is
    /// dropped earlier. A clock that was far ahead left tables that would never
    /// be dropped: their marks move to today.
    pub(super) fn rotate(
        &mut self,
        connection: &mut Connection,
        now_ms: i64,
    ) -> Result<(), QueueError> {
        let today = now_ms.div_euclid(DAY_MS);
        let kept_days = self.kept;
        let ahead = |day: i64| day > today + DAYS_AHEAD;
        let over = |day: i64| day <= today - kept_days;
        let stale = self.days.iter().any(|day| ahead(*day) || over(*day));
        if !stale && self.days.last().is_some_and(|newest| *newest >= today) {
            return Ok(());
        }
        let transaction = connection.transaction()?;
        let mut kept = vec![today];
        if !self.days.contains(&today) {
            transaction.execute_batch(&format!(
                "CREATE TABLE {} (dedup_key BLOB PRIMARY KEY) STRICT, WITHOUT ROWID",
                table(today)
            ))?;
        }
        for &day in &self.days {
            if ahead(day) {
                transaction.execute_batch(&format!(
                    "INSERT OR IGNORE INTO {} SELECT dedup_key FROM {}",
                    table(today),
                    table(day)
                ))?;
            }
            if ahead(day) || over(day) {
                transaction.execute_batch(&format!("DROP TABLE {}", table(day)))?;
            } else if day != today {
                kept.push(day);
            }
        }
        transaction.commit()?;
        kept.sort_unstable();
        let moved = self.days.iter().any(|day| ahead(*day));
        self.days = kept;
        if moved {
            self.filter = read_filter(connection, &self.days)?;
        } else {
            self.filter.forget_until(today - kept_days);
        }
        Ok(())
    }

    /// Whether a mark of `key` stands. Reads the disk only where the filter
    /// cannot rule it out.
    pub(super) fn contains(
        &self,
        connection: &Connection,
        key: &DedupKey,
    ) -> Result<bool, QueueError> {
        let mut looked = i64::MAX;
        for span in self.filter.days_of(key) {
            let days = self.days.iter().rev();
            for &day in days.filter(|day| span.contains(day) && **day < looked) {
                let found = connection
                    .prepare_cached(&format!("SELECT 1 FROM {} WHERE dedup_key = ?", table(day)))?
                    .query_row([key], |_| Ok(()))
                    .optional()?;
                if found.is_some() {
                    return Ok(true);
                }
            }
            looked = looked.min(*span.start());
        }
        Ok(false)
    }

    /// Marks a key as delivered today, in the transaction that is open.
    ///
    /// The filter knows it at once, not only after the commit: a repeat may be
    /// appended in the same transaction, and would find neither the row, which
    /// is gone, nor the mark. After a rollback the filter knows a key too many,
    /// which costs a look at the disk and nothing else.
    pub(super) fn mark(
        &mut self,
        connection: &Connection,
        key: &DedupKey,
    ) -> Result<(), QueueError> {
        if let Some(&newest) = self.days.last() {
            connection
                .prepare_cached(&format!(
                    "INSERT OR IGNORE INTO {} (dedup_key) VALUES (?)",
                    table(newest)
                ))?
                .execute([key])?;
            self.filter.insert(newest, key);
        }
        Ok(())
    }
}

fn table(day: i64) -> String {
    format!("\"seen_{day}\"")
}

fn read_filter(connection: &Connection, days: &[i64]) -> Result<Filter, QueueError> {
    let mut filter = Filter::default();
    for &day in days {
        let mut keys = connection.prepare(&format!("SELECT dedup_key FROM {}", table(day)))?;
        for key in keys.query_map([], |row| row.get::<_, DedupKey>(0))? {
            filter.insert(day, &key?);
        }
    }
    Ok(filter)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = DAY_MS / 24;
    const KEY: DedupKey = [7; 16];

    fn marked_at(now_ms: i64, days: u32) -> (Connection, Seen) {
        let mut connection = Connection::open_in_memory().unwrap();
        let mut seen = Seen::load(&connection, days).unwrap();
        seen.rotate(&mut connection, now_ms).unwrap();
        seen.mark(&connection, &KEY).unwrap();
        (connection, seen)
    }

    fn holds(connection: &mut Connection, seen: &mut Seen, now_ms: i64) -> bool {
        seen.rotate(connection, now_ms).unwrap();
        let found = seen.contains(connection, &KEY).unwrap();
        let reloaded = Seen::load(connection, 2).unwrap();
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
        let mut seen = Seen::load(&connection, 2).unwrap();
        assert!(!holds(&mut connection, &mut seen, later));
    }

    #[test]
    fn a_clock_that_goes_back_shortens_nothing() {
        let at = 1000 * DAY_MS;
        let (mut connection, mut seen) = marked_at(at, 2);
        let other: DedupKey = [8; 16];
        seen.rotate(&mut connection, at - HOUR_MS).unwrap();
        seen.mark(&connection, &other).unwrap();
        seen.rotate(&mut connection, at + 47 * HOUR_MS).unwrap();
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
