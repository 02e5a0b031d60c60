//! What the queue holds, for people.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension};

use super::super::{Class, LaneReport, QueueError, QueueReport};
use super::lanes::Lanes;

/// The oldest of those that wait for another try is looked for among so many: they are in
/// the order of their turn.
const LOOKED_THROUGH: i64 = 10_000;

/// What is known in memory, and of the file what is found quickly.
pub(super) fn report(
    connection: &Connection,
    lanes: &Lanes,
    file: &Path,
) -> Result<QueueReport, QueueError> {
    let mut reports: Vec<LaneReport> = Vec::new();
    for (lane, groups, report) in lanes.reports() {
        let oldest_ms = oldest(connection, lane, &groups)?;
        reports.push(LaneReport {
            oldest_ms,
            ..report
        });
    }
    let dead_bytes = connection.query_row("SELECT bytes FROM dead_size", [], |row| row.get(0))?;
    let size = |suffix: &str| {
        let mut name = file.as_os_str().to_owned();
        name.push(suffix);
        std::fs::metadata(Path::new(&name)).map_or(0, |file| file.len())
    };
    Ok(QueueReport {
        queued: reports.iter().map(|lane| lane.queued).sum(),
        dead: lanes.stats().dead,
        dead_bytes,
        oldest_ms: reports.iter().filter_map(|lane| lane.oldest_ms).min(),
        bytes: size("") + size("-wal"),
        lanes: reports,
    })
}

/// When the oldest row of a lane was appended.
fn oldest(connection: &Connection, lane: i64, groups: &[i64]) -> Result<Option<i64>, QueueError> {
    let mut oldest: Option<i64> = None;
    for class in Class::ALL {
        let waiting = [0].into_iter().chain(groups.iter().map(|group| -group));
        for due_at in waiting {
            let first: Option<i64> = connection
                .prepare_cached(FIRST)?
                .query_row((lane, class, due_at), |row| row.get(0))?;
            oldest = [oldest, first].into_iter().flatten().min();
        }
        let first: Option<i64> = connection
            .prepare_cached(FIRST_TRIED)?
            .query_row((lane, class, LOOKED_THROUGH), |row| row.get(0))?;
        oldest = [oldest, first].into_iter().flatten().min();
    }
    // It may have been acknowledged meanwhile.
    Ok(connection
        .prepare_cached("SELECT appended_at FROM queued WHERE seq = ?")?
        .query_row([oldest], |row| row.get(0))
        .optional()?)
}

pub(super) const FIRST: &str =
    "SELECT min(seq) FROM queued WHERE lane = ? AND physical_store = ? AND due_at = ?";

pub(super) const FIRST_TRIED: &str = "SELECT min(seq) FROM (SELECT seq FROM queued
     WHERE lane = ? AND physical_store = ? AND due_at > 0 ORDER BY due_at, seq LIMIT ?)";
