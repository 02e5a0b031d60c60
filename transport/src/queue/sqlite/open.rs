//! Opening the file: the settings of each connection, new tables, those of earlier
//! versions.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::super::QueueError;
use super::schema::{APPLICATION_ID, MIGRATIONS, TABLES, VERSION};
use super::volume::{self, Space};

/// A file with less than this in it is brought to give room back when it is opened, which
/// takes a second or so, and as much memory. In bytes.
const VACUUMED_UP_TO: u64 = 64 << 20;

/// Opens the file for the writer, and makes the tables where there are none.
pub(super) fn open(file: &Path) -> Result<Connection, QueueError> {
    super::folder::open_private(file)
        .map_err(|error| QueueError::Storage(format!("{}: {error}", file.display()).into()))?;
    let mut connection = connect(file)?;
    // What is delivered gives its room back. Counts in a new file, and at a VACUUM.
    connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // The log is synced at every commit: what was acknowledged survives the
    // loss of power. NORMAL would sync at checkpoints only.
    connection.pragma_update(None, "synchronous", "FULL")?;
    // Keys come in no order: with the default of 2 MB a deep queue reads a page
    // of the key's index back for nearly every row. More than this (64 MB) was
    // measured and gained nothing. In kibibytes when negative.
    connection.pragma_update(None, "cache_size", -8 * 1024)?;
    // Checkpoints have a thread of their own, off the path of commits.
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match version {
        0 => create(&mut connection, file)?,
        VERSION => {}
        1..VERSION => migrate(&mut connection, version)?,
        found => {
            return Err(QueueError::Schema {
                file: file.to_owned(),
                found,
                known: VERSION,
            });
        }
    }
    give_room_back(&connection, file)?;
    // A tool that holds the file for longer than this is logged: everybody waits.
    connection.busy_timeout(Duration::from_secs(1))?;
    Ok(connection)
}

/// Brings a file of an earlier capi to give room back, where that is quick.
fn give_room_back(connection: &Connection, file: &Path) -> Result<(), QueueError> {
    let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, u64>(0));
    let pages = number("page_count")?.saturating_sub(number("freelist_count")?);
    let bytes = pages.saturating_mul(number("page_size")?);
    // The log takes all of it, and the file another time.
    let has_room = |space: Space| space.free > bytes.saturating_mul(3);
    let space = file.parent().and_then(volume::space);
    if number("auto_vacuum")? > 0 || bytes > VACUUMED_UP_TO || !space.is_none_or(has_room) {
        return Ok(());
    }
    let vacuum = "PRAGMA temp_store = MEMORY; VACUUM; PRAGMA temp_store = DEFAULT;";
    if let Err(error) = connection.execute_batch(vacuum) {
        tracing::warn!(%error, "The queue's file could not be made to give room back; it goes on as it is.");
    }
    Ok(())
}

/// Opens the file for reading beside the writer.
pub(super) fn open_reader(file: &Path) -> Result<Connection, QueueError> {
    let connection = connect(file)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

/// Opens the file for checkpoints beside the writer.
pub(super) fn connect(file: &Path) -> Result<Connection, QueueError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    // Somebody's tool may hold the file for a moment.
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Brings a file of an earlier version up to this one, all or nothing.
fn migrate(connection: &mut Connection, from: i64) -> Result<(), QueueError> {
    let transaction = connection.transaction()?;
    let done = usize::try_from(from - 1).unwrap_or_default();
    for migration in MIGRATIONS.iter().skip(done).copied().flatten() {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", VERSION)?;
    Ok(transaction.commit()?)
}

fn create(connection: &mut Connection, file: &Path) -> Result<(), QueueError> {
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables > 0 {
        return Err(QueueError::Foreign {
            file: file.to_owned(),
        });
    }
    let transaction = connection.transaction()?;
    for table in TABLES {
        transaction.execute_batch(table)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    Ok(transaction.commit()?)
}
