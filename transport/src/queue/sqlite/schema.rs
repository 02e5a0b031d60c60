//! The tables. Any SQLite tool opens the file, also while capi runs.
//!
//! | table | what | when a row goes |
//! | --- | --- | --- |
//! | `lane` | the lanes that rows refer to | never; there are few |
//! | `lane_halt` | why a lane does not send, where that outlives the process | when it sends again |
//! | `dataset` | the dataset of each destination | never; there are few |
//! | `queued` | a conversion that is neither delivered nor buried | on delivery or burial |
//! | `dead` | a buried conversion | when somebody sends it again or purges it, or retention does |
//! | `dead_size` | how much text `dead` holds | never; it is one row |
//! | `seen_<day>`, `seen_<day>_1`… | marks of what was delivered on that day (days since 1970), 32,768 in each | the whole table at once, when all of it is older than `dedup_days` |
//!
//! Times are Unix milliseconds, except `event_time`, which is Meta's: Unix
//! seconds. The file's `user_version` is the schema's version, and each row's
//! `payload_version` that of its payload.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::super::QueueError;

/// The schema's version.
const VERSION: i64 = 3;

/// What each version added to the one before: the first leads from version 1 to 2.
const MIGRATIONS: &[&[&str]] = &[
    // Which action made a conversion.
    &["ALTER TABLE queued ADD COLUMN action TEXT; ALTER TABLE dead ADD COLUMN action TEXT;"],
    // What was rejected before it was queued: it may lack a name and a time.
    &[
        "ALTER TABLE dead RENAME TO dead_before;
         DROP INDEX dead_by_time; DROP INDEX dead_by_reason;",
        CREATE_DEAD,
        "INSERT INTO dead_size VALUES (0);
         INSERT INTO dead (seq, destination, test_event_code, physical_store, buried_at, reason,
             http_status, code, subcode, message, fbtrace_id, appended_at, attempts,
             first_attempt_at, outcome_unknown, dataset_id, event_name, event_id, event_time,
             dedup_key, payload_version, payload, action)
         SELECT seq, destination, test_event_code, physical_store, buried_at, reason,
             http_status, code, subcode, message, fbtrace_id, appended_at, attempts,
             first_attempt_at, outcome_unknown, dataset_id, event_name, event_id, event_time,
             dedup_key, payload_version, payload, action
         FROM dead_before;
         DROP TABLE dead_before;",
        // And why a lane does not send, and to which dataset.
        CREATE_HALT,
    ],
];

/// What a conversion is: columns that stand in `queued` and in `dead` alike. Each
/// statement that makes a row or takes it from one table to the other names them by
/// this list, so that a new column is lost on no way. A migration's list is that of its
/// version, and stays as it is.
macro_rules! event_columns {
    () => {
        "physical_store, dataset_id, action, event_name, event_id, event_time, dedup_key, \
         payload_version, payload"
    };
}
pub(super) use event_columns;

/// How a conversion fared: in both tables as well. A letter that is queued again as a
/// fresh row leaves it behind.
macro_rules! tries_columns {
    () => {
        "appended_at, attempts, first_attempt_at, outcome_unknown"
    };
}
pub(super) use tries_columns;

/// The payload's version. 1: Meta's event as it stands in `data`, one JSON
/// object.
pub(super) const PAYLOAD_VERSION: i64 = 1;

/// "capi": `file` and other tools name the file by it.
const APPLICATION_ID: i64 = 0x6361_7069;

/// What every version has beside its dead letters.
const CREATE: &str = "
CREATE TABLE lane (
    id              INTEGER PRIMARY KEY,
    destination     TEXT NOT NULL,
    test_event_code TEXT NOT NULL,              -- '' for none
    UNIQUE (destination, test_event_code)
) STRICT;

CREATE TABLE queued (
    seq              INTEGER PRIMARY KEY,       -- order of appending, never reused
    lane             INTEGER NOT NULL REFERENCES lane (id),
    physical_store   INTEGER NOT NULL,          -- 1: in batches of its own
    due_at           INTEGER NOT NULL,          -- 0: never tried
    appended_at      INTEGER NOT NULL,
    attempts         INTEGER NOT NULL DEFAULT 0,
    first_attempt_at INTEGER,
    outcome_unknown  INTEGER NOT NULL DEFAULT 0, -- 1: Meta may have it already
    dataset_id       TEXT NOT NULL,
    event_name       TEXT NOT NULL,
    event_id         TEXT,
    event_time       INTEGER NOT NULL,
    dedup_key        BLOB,                      -- 16 bytes; none without event_id
    payload_version  INTEGER NOT NULL,
    payload          BLOB NOT NULL,
    action           TEXT                       -- the action's slug; since version 2
) STRICT;
CREATE INDEX queued_by_turn ON queued (lane, physical_store, due_at, seq);
CREATE UNIQUE INDEX queued_by_key ON queued (dedup_key) WHERE dedup_key IS NOT NULL;
";

/// Why lanes do not send, and to which dataset.
const CREATE_HALT: &str = "
CREATE TABLE lane_halt (
    lane INTEGER PRIMARY KEY REFERENCES lane (id),
    halt TEXT NOT NULL                          -- Halt, as JSON
) STRICT;

CREATE TABLE dataset (
    destination TEXT NOT NULL,
    dataset_id  TEXT NOT NULL                   -- what its rows and letters have
) STRICT;
";

/// The dead letters, and how much they hold.
const CREATE_DEAD: &str = "
CREATE TABLE dead (
    seq              INTEGER PRIMARY KEY,
    destination      TEXT NOT NULL,
    test_event_code  TEXT NOT NULL,
    physical_store   INTEGER NOT NULL,
    buried_at        INTEGER NOT NULL,
    reason           TEXT NOT NULL,             -- BuryReason: invalid, rejected, expired…
    reasons          TEXT,                      -- invalid: what our checks found, a JSON list
    http_status      INTEGER,
    code             INTEGER,                   -- Meta's error code
    subcode          INTEGER,
    message          TEXT,
    fbtrace_id       TEXT,
    appended_at      INTEGER NOT NULL,
    attempts         INTEGER NOT NULL,
    first_attempt_at INTEGER,
    outcome_unknown  INTEGER NOT NULL,
    dataset_id       TEXT NOT NULL,
    event_name       TEXT,                      -- none, and the next two: only of an invalid one
    event_id         TEXT,
    event_time       INTEGER,
    dedup_key        BLOB,
    payload_version  INTEGER NOT NULL,
    payload          BLOB NOT NULL,
    action           TEXT
) STRICT;
CREATE INDEX dead_by_time ON dead (buried_at);
CREATE INDEX dead_by_reason ON dead (reason, buried_at);
CREATE INDEX dead_by_key ON dead (dedup_key) WHERE dedup_key IS NOT NULL;

-- How much text the dead letters hold, kept by the triggers: one row.
CREATE TABLE dead_size (bytes INTEGER NOT NULL) STRICT;
CREATE TRIGGER dead_added AFTER INSERT ON dead BEGIN
    UPDATE dead_size SET bytes = bytes + length(NEW.payload) + coalesce(length(NEW.reasons), 0);
END;
CREATE TRIGGER dead_gone AFTER DELETE ON dead BEGIN
    UPDATE dead_size SET bytes = bytes - length(OLD.payload) - coalesce(length(OLD.reasons), 0);
END;
";

/// Opens the file for the writer, and makes the tables where there are none.
pub(super) fn open(file: &Path) -> Result<Connection, QueueError> {
    super::folder::open_private(file)
        .map_err(|error| QueueError::Storage(format!("{}: {error}", file.display()).into()))?;
    let mut connection = connect(file)?;
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
    Ok(connection)
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
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
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
    transaction.execute_batch(CREATE)?;
    transaction.execute_batch(CREATE_DEAD)?;
    transaction.execute_batch(CREATE_HALT)?;
    transaction.execute("INSERT INTO dead_size VALUES (0)", [])?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    Ok(transaction.commit()?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The columns of a table in a new file.
    fn columns(table: &str) -> BTreeSet<String> {
        let folder = tempfile::tempdir().unwrap();
        let connection = open(&folder.path().join("queue.sqlite")).unwrap();
        let mut info = connection
            .prepare("SELECT name FROM pragma_table_info(?)")
            .unwrap();
        let names = info.query_map([table], |row| row.get(0)).unwrap();
        names.map(Result::unwrap).collect()
    }

    /// Those that both tables have, and `own` ones.
    fn shared_and(own: &str) -> BTreeSet<String> {
        [event_columns!(), tries_columns!(), own]
            .iter()
            .flat_map(|list| list.split(", "))
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn every_column_goes_with_a_row_that_is_buried_or_taken_back() {
        assert_eq!(columns("queued"), shared_and("seq, lane, due_at"));
        assert_eq!(
            columns("dead"),
            shared_and(
                "seq, destination, test_event_code, buried_at, reason, reasons, http_status, \
                 code, subcode, message, fbtrace_id"
            )
        );
    }
}
