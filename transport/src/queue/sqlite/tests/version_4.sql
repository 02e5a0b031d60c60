-- A queue as version 4 wrote it, with a row of each table.
PRAGMA application_id = 1667330153;
PRAGMA user_version = 4;

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

CREATE TABLE lane_halt (
    lane INTEGER PRIMARY KEY REFERENCES lane (id),
    halt TEXT NOT NULL                          -- Halt, as JSON
) STRICT;

CREATE TABLE dataset (
    destination TEXT NOT NULL,
    dataset_id  TEXT NOT NULL                   -- what its rows and letters have
) STRICT;

INSERT INTO dead_size VALUES (0);
INSERT INTO lane (id, destination, test_event_code) VALUES (1, 'shop', '');
INSERT INTO queued VALUES (1, 1, 0, 0, 1700000000000, 0, NULL, 0, '1', 'Purchase', 'waiting',
    1700000000, x'00000000000000000000000000000001', 1, CAST('{"event_id":"waiting"}' AS BLOB), 'purchase');
INSERT INTO dead VALUES (2, 'shop', '', 0, 1700000000000, 'rejected', NULL, 400, 100, 2804050, 'too broad', 'A1',
    1700000000000, 1, 1700000000000, 0, '1', 'Purchase', 'buried', 1700000000,
    x'00000000000000000000000000000002', 1, CAST('{"event_id":"buried"}' AS BLOB), 'purchase');
INSERT INTO lane_halt VALUES (1, '{"state":"throttled","until_ms":7}');
INSERT INTO dataset VALUES ('shop', '1');
CREATE TABLE seen_20000 (dedup_key BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;

ALTER TABLE queued ADD COLUMN source TEXT;
ALTER TABLE dead ADD COLUMN source TEXT;
CREATE TABLE set_aside (
    lane           INTEGER NOT NULL REFERENCES lane (id),
    id             INTEGER NOT NULL,            -- its rows have due_at = -id
    physical_store INTEGER NOT NULL,
    action         TEXT,
    event_name     TEXT NOT NULL,
    source         TEXT,
    refusal        TEXT NOT NULL,               -- Refusal, as JSON
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
