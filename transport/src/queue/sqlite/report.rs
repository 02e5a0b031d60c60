//! What the file holds, and copies of it.

use std::path::Path;

use rusqlite::Connection;

use super::super::{LaneReport, QueueError, QueueReport};
use super::schema;

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

/// Copies the file as it is at this moment, also while it is written.
pub(super) fn backup(file: &Path, to: &Path) -> Result<(), QueueError> {
    let failed = |reason: &str| QueueError::Copy {
        file: to.to_owned(),
        reason: reason.into(),
    };
    if to.exists() {
        return Err(failed("there is such a file already; name a new one"));
    }
    // Made first, so that nobody else can read it for a moment.
    drop(super::folder::open_private(to).map_err(|error| failed(&error.to_string()))?);
    let to = to.to_string_lossy();
    schema::connect(file)?.execute("VACUUM INTO ?", [to])?;
    Ok(())
}
