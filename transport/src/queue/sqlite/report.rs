//! What the file holds, for people.

use std::path::Path;

use rusqlite::Connection;

use super::super::{LaneReport, QueueError, QueueReport};

/// Counts what is in the file.
pub(super) fn report(connection: &Connection, file: &Path) -> Result<QueueReport, QueueError> {
    let mut statement = connection.prepare_cached(
        "SELECT destination, test_event_code, count(*), sum(attempts > 0), min(appended_at)
         FROM queued JOIN lane ON lane.id = queued.lane GROUP BY lane.id ORDER BY 1, 2",
    )?;
    let lanes: Vec<LaneReport> = statement
        .query_map([], |row| {
            Ok(LaneReport {
                destination: row.get(0)?,
                test_event_code: row
                    .get::<_, Option<String>>(1)?
                    .filter(|code| !code.is_empty()),
                queued: row.get(2)?,
                tried: row.get(3)?,
                oldest_ms: row.get(4)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    let dead = connection.query_row("SELECT count(*) FROM dead", [], |row| row.get(0))?;
    let dead_bytes = connection.query_row("SELECT bytes FROM dead_size", [], |row| row.get(0))?;
    let size = |suffix: &str| {
        let mut name = file.as_os_str().to_owned();
        name.push(suffix);
        std::fs::metadata(Path::new(&name)).map_or(0, |file| file.len())
    };
    Ok(QueueReport {
        queued: lanes.iter().map(|lane| lane.queued).sum(),
        dead,
        dead_bytes,
        oldest_ms: lanes.iter().filter_map(|lane| lane.oldest_ms).min(),
        bytes: size("") + size("-wal"),
        lanes,
    })
}
