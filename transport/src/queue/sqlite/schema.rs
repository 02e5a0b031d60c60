//! The tables. Any SQLite tool opens the file, also while capi runs.
//!
//! | table | what | when a row goes |
//! | --- | --- | --- |
//! | `lane` | the lanes that rows refer to | when it has no rows for a while |
//! | `lane_halt` | why a lane does not send, where that outlives the process | when it sends again |
//! | `lane_window` | up to which row a lane may have sent | when it is known what became of all |
//! | `set_aside` | a group of a lane that waits because Meta refuses it | when it is freed |
//! | `dataset` | the dataset of each destination | never; there are few |
//! | `queued` | a conversion that is neither delivered nor dead-lettered | on delivery or dead-lettering |
//! | `dead` | a dead-lettered conversion | when somebody sends it again or purges it, or retention does |
//! | `dead_size` | how much text `dead` holds | never; it is one row |
//! | `seen_<day>`, `seen_<day>_1`… | dedup entries of what was delivered on that day (days since 1970), 32,768 in each; without a fingerprint up to version 4 | the whole table immediately, when all of it is older than `dedup_days` |
//!
//! Times are Unix milliseconds, except `event_time`, which is Meta's: Unix
//! seconds. The file's `user_version` is the schema's version, and each row's
//! `payload_version` that of its payload.

/// The schema's version.
pub(super) const VERSION: i64 = 5;

/// What each version added to the one before: the first leads from version 1 to 2.
pub(super) const MIGRATIONS: &[&[&str]] = &[
    // Which action made a conversion.
    &["ALTER TABLE queued ADD COLUMN action TEXT; ALTER TABLE dead ADD COLUMN action TEXT;"],
    // What was rejected before it was queued: it may lack a name and a time.
    &[
        "ALTER TABLE dead RENAME TO dead_before;
         DROP INDEX dead_by_time; DROP INDEX dead_by_reason;",
        CREATE_DEAD,
        CREATE_DEAD_SIZE,
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
    // Which source a conversion came from, what is set aside, what may have been sent.
    &[
        "ALTER TABLE queued ADD COLUMN source TEXT; ALTER TABLE dead ADD COLUMN source TEXT;",
        CREATE_SET_ASIDE,
    ],
    // What tells an event from another one with its id.
    &[ADD_FINGERPRINTS],
];

/// What a new file is made of, in this order.
pub(super) const TABLES: &[&str] = &[
    CREATE,
    CREATE_DEAD,
    CREATE_DEAD_SIZE,
    "INSERT INTO dead_size VALUES (0);",
    CREATE_HALT,
    // As a migration leaves it, so that a column's place is the same in every file.
    "ALTER TABLE queued ADD COLUMN source TEXT; ALTER TABLE dead ADD COLUMN source TEXT;",
    CREATE_SET_ASIDE,
    ADD_FINGERPRINTS,
];

/// What a conversion is: columns that are in `queued` and in `dead` alike. Each
/// statement that makes a row or takes it from one table to the other names them by
/// this list, so that a new column is lost on no way. A migration's list is that of its
/// version, and stays as it is.
macro_rules! event_columns {
    () => {
        "physical_store, dataset_id, action, source, event_name, event_id, event_time, dedup_key, \
         fingerprint, payload_version, payload"
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

/// The payload's version. 1: Meta's event as it is in `data`, one JSON
/// object.
pub(super) const PAYLOAD_VERSION: i64 = 1;

/// "capi": `file` and other tools name the file by it.
pub(super) const APPLICATION_ID: i64 = 0x6361_7069;

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
    due_at           INTEGER NOT NULL,          -- 0: never tried; below: set aside
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
    halt TEXT NOT NULL                          -- LaneBlock, as JSON
) STRICT;

CREATE TABLE dataset (
    destination TEXT NOT NULL,
    dataset_id  TEXT NOT NULL                   -- what its rows and letters have
) STRICT;
";

/// What lanes have set aside, and what they may have sent.
const CREATE_SET_ASIDE: &str = "
CREATE TABLE set_aside (
    lane           INTEGER NOT NULL REFERENCES lane (id),
    id             INTEGER NOT NULL,            -- its rows have due_at = -id
    physical_store INTEGER NOT NULL,
    action         TEXT,
    event_name     TEXT NOT NULL,
    source         TEXT,
    refusal        TEXT NOT NULL,               -- ApiError, as JSON
    since          INTEGER NOT NULL,
    PRIMARY KEY (lane, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX queued_by_group ON queued (lane, due_at, event_time) WHERE due_at < 0;

CREATE TABLE lane_window (
    lane           INTEGER NOT NULL REFERENCES lane (id),
    physical_store INTEGER NOT NULL,
    up_to          INTEGER NOT NULL,            -- the last row that may have been sent
    since          INTEGER NOT NULL,
    PRIMARY KEY (lane, physical_store)
) STRICT, WITHOUT ROWID;
";

/// What tells an event from another one with its id: of each row, and, in `dead`, the id
/// that it may be sent under instead. A letter is found by it among those of one id.
const ADD_FINGERPRINTS: &str = "
ALTER TABLE queued ADD COLUMN fingerprint BLOB;
ALTER TABLE dead ADD COLUMN fingerprint BLOB;
ALTER TABLE dead ADD COLUMN message_id TEXT;
DROP INDEX dead_by_key;
CREATE INDEX dead_by_key ON dead (dedup_key, fingerprint) WHERE dedup_key IS NOT NULL;
";

/// The dead letters.
const CREATE_DEAD: &str = "
CREATE TABLE dead (
    seq              INTEGER PRIMARY KEY,
    destination      TEXT NOT NULL,
    test_event_code  TEXT NOT NULL,
    physical_store   INTEGER NOT NULL,
    buried_at        INTEGER NOT NULL,
    reason           TEXT NOT NULL,             -- DeadLetterReason: invalid, rejected, expired…
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
";

/// How much the dead letters hold.
const CREATE_DEAD_SIZE: &str = "
-- How much text the dead letters hold, kept by the triggers: one row.
CREATE TABLE dead_size (bytes INTEGER NOT NULL) STRICT;
CREATE TRIGGER dead_added AFTER INSERT ON dead BEGIN
    UPDATE dead_size SET bytes = bytes + length(NEW.payload) + coalesce(length(NEW.reasons), 0);
END;
CREATE TRIGGER dead_gone AFTER DELETE ON dead BEGIN
    UPDATE dead_size SET bytes = bytes - length(OLD.payload) - coalesce(length(OLD.reasons), 0);
END;
";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::open::open;

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
                 code, subcode, message, fbtrace_id, message_id"
            )
        );
    }
}
