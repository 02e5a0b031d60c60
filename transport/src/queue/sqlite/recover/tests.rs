//! Real queues, damaged on purpose.

mod contradiction;
mod damage;
mod earlier;
mod log;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use bytes::Bytes;
use capi_core::{ActionSource, Fingerprint};
use rusqlite::Connection;
use rusqlite::types::Value;
use tempfile::TempDir;

use super::super::super::conversion::tests::conversion_in;
use super::super::super::{
    Ack, Class, Conversion, DeadLetterReason, Disposition, LaneKey, LeaseKind, LeaseRequest, Queue,
};
use super::super::SqliteOptions;
use super::*;

const NOW_MS: i64 = 1_790_000_000_000;

/// A folder with a queue's files.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn with(main: &[u8]) -> Self {
        let folder = Self::new();
        fs::write(folder.file(), main).unwrap();
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn file(&self) -> PathBuf {
        self.path().join(FILE)
    }

    fn queue(&self) -> SqliteQueue {
        SqliteQueue::open(SqliteOptions::new(self.path())).unwrap()
    }

    fn recover(&self) -> Result<Recovered, QueueError> {
        run(self.path(), NOW_MS)
    }

    fn names(&self) -> BTreeSet<String> {
        let entries = fs::read_dir(self.path()).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }
}

/// All that counts of a queue, by number.
#[derive(Clone, Debug, Default, PartialEq)]
struct Held {
    lanes: Vec<Vec<Value>>,
    queued: BTreeMap<i64, Vec<Value>>,
    dead: BTreeMap<i64, Vec<Value>>,
    dead_bytes: i64,
    /// Keys and fingerprints.
    marks: BTreeSet<(Vec<u8>, Option<Vec<u8>>)>,
}

impl Held {
    fn by(folder: &Folder) -> Self {
        let connection = Connection::open(folder.file()).unwrap();
        let rows = |query: &str| -> Vec<Vec<Value>> {
            let mut statement = connection.prepare(query).unwrap();
            let columns = statement.column_count();
            let rows = statement.query_map([], |row| (0..columns).map(|at| row.get(at)).collect());
            rows.unwrap().map(Result::unwrap).collect()
        };
        let by_number = |query: &str| -> BTreeMap<i64, Vec<Value>> {
            let number = |row: &[Value]| match row[0] {
                Value::Integer(seq) => seq,
                _ => panic!("a number"),
            };
            rows(query)
                .into_iter()
                .map(|row| (number(&row), row))
                .collect()
        };
        let mut marks = BTreeSet::new();
        for name in rows("SELECT name FROM sqlite_schema WHERE name LIKE 'seen%'") {
            let [Value::Text(name)] = &name[..] else {
                panic!("a name")
            };
            for mark in rows(&format!("SELECT dedup_key, fingerprint FROM {name}")) {
                match &mark[..] {
                    [Value::Blob(key), Value::Blob(fingerprint)] => {
                        marks.insert((key.clone(), Some(fingerprint.clone())))
                    }
                    [Value::Blob(key), Value::Null] => marks.insert((key.clone(), None)),
                    _ => panic!("a key and a fingerprint"),
                };
            }
        }
        let check: String = connection
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(check, "ok");
        Self {
            lanes: rows("SELECT * FROM lane ORDER BY id"),
            queued: by_number("SELECT * FROM queued"),
            dead: by_number("SELECT * FROM dead"),
            dead_bytes: connection
                .query_row("SELECT bytes FROM dead_size", [], |row| row.get(0))
                .unwrap(),
            marks,
        }
    }

    /// What `recover` says of it.
    fn counts(&self) -> (u64, u64, u64) {
        let [queued, dead, marks] =
            [self.queued.len(), self.dead.len(), self.marks.len()].map(|count| count as u64);
        (queued, dead, marks)
    }
}

fn counts(recovered: &Recovered) -> (u64, u64, u64) {
    (recovered.queued, recovered.dead, recovered.marks)
}

fn lane() -> LaneKey {
    LaneKey::new("shop", None)
}

/// Stands in all of a row's payload, and nowhere else.
fn tag(number: usize) -> String {
    format!("<{number:06}>")
}

/// Of sizes from 100 bytes to five pages; every seventh without an id.
fn event(number: usize) -> Conversion {
    let id = (!number.is_multiple_of(7)).then(|| tag(number));
    let lane = match number % 3 {
        0 => LaneKey::new("shop", Some("TEST1")),
        _ => lane(),
    };
    let mut conversion = conversion_in(lane, ActionSource::Website, id.as_deref(), NOW_MS / 1000);
    let size = [1, 30, 90, 300, 2_200][number % 5] + number % 11;
    let id = id.map_or_else(String::new, |id| format!(r#""event_id":"{id}","#));
    conversion.payload = Bytes::from(format!(
        r#"{{"event_name":"Purchase","event_time":{},{id}"custom_data":{{"a":"{}"}}}}"#,
        NOW_MS / 1000,
        tag(number).repeat(size)
    ));
    if !number.is_multiple_of(5) {
        let [low, high, ..] = number.to_le_bytes();
        conversion.fingerprint = Some(Fingerprint::stored([1, 0, 0, low, high]));
    }
    if number.is_multiple_of(2) {
        conversion.action = Some("purchase".into());
    }
    conversion
}

async fn lease(queue: &SqliteQueue, max: usize) -> Vec<i64> {
    let request = LeaseRequest {
        lane: lane(),
        class: Class::Standard,
        kind: LeaseKind::Fresh,
        max,
        max_bytes: usize::MAX,
        now_ms: NOW_MS,
    };
    let lease = queue.lease(request).await.unwrap();
    lease.rows.iter().map(|row| row.seq).collect()
}

async fn acknowledge(queue: &SqliteQueue, rows: &[i64], disposition: Disposition) {
    let ack = |seq: &i64| Ack {
        seq: *seq,
        disposition: disposition.clone(),
    };
    queue
        .acknowledge(rows.iter().map(ack).collect())
        .await
        .unwrap();
}

/// A queue with a past: of its events some were delivered, so that it has dedup entries
/// and free pages, some dead-lettered, some tried.
async fn lived(events: usize) -> Folder {
    let folder = Folder::new();
    let queue = folder.queue();
    for batch in 0..events / 100 {
        let batch = (batch * 100..(batch + 1) * 100).map(event);
        queue.append(batch.collect()).await.unwrap();
    }
    let delivered = lease(&queue, events / 4).await;
    acknowledge(&queue, &delivered, Disposition::Delivered).await;
    let dead_lettered = Disposition::DeadLettered {
        reason: DeadLetterReason::Rejected,
        refusal: None,
    };
    acknowledge(&queue, &lease(&queue, events / 20).await, dead_lettered).await;
    let retry = Disposition::RetryAt {
        due_ms: NOW_MS,
        attempted_ms: NOW_MS - 5,
        outcome_unknown: true,
    };
    acknowledge(&queue, &lease(&queue, events / 20).await, retry).await;
    drop(queue);
    folder
}

/// Such a queue's file, and what it holds.
fn whole() -> &'static (Vec<u8>, Held) {
    static WHOLE: OnceLock<(Vec<u8>, Held)> = OnceLock::new();
    WHOLE.get_or_init(|| made(2_000))
}

fn made(events: usize) -> (Vec<u8>, Held) {
    let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
    let make = async move {
        let folder = lived(events).await;
        let held = Held::by(&folder);
        (fs::read(folder.file()).unwrap(), held)
    };
    // A test may run on a runtime already, which cannot wait for another.
    std::thread::spawn(move || runtime.block_on(make))
        .join()
        .unwrap()
}

#[test]
fn a_queue_that_is_not_damaged_comes_back_as_it_was() {
    let (main, held) = whole();
    let folder = Folder::with(main);
    let recovered = folder.recover().unwrap();
    assert_eq!(counts(&recovered), held.counts());
    assert_eq!(
        (recovered.unreadable_pages, recovered.unreadable_rows),
        (0, 0)
    );
    assert!(&Held::by(&folder) == held);
    assert!(held.queued.len() > 1_000 && held.dead.len() > 50 && held.marks.len() > 300);
    let seconds = NOW_MS / 1000;
    let kept = format!("queue.sqlite.damaged-{seconds}");
    assert_eq!(recovered.kept_as, folder.path().join(&kept));
    assert!(&fs::read(&recovered.kept_as).unwrap() == main);
    // A second time within the second is kept under another name.
    let again = folder.recover().unwrap();
    assert_eq!(counts(&again), held.counts());
    let other = format!("queue.sqlite.damaged-{}", seconds + 1);
    assert_eq!(
        folder.names(),
        BTreeSet::from([kept, other, FILE.to_owned(), "lock".to_owned()])
    );
    // The numbers go on where they were, and dedup entries are dedup entries.
    drop(folder.queue());
    assert!(Held::by(&folder).queued == held.queued);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_new_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::with(&whole().0);
    folder.recover().unwrap();
    let mode = fs::metadata(folder.file()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_crash_in_the_middle_is_gone_on_from() {
    let (main, held) = whole();
    // As it is after the first rename, the log being there still.
    let folder = Folder::new();
    fs::write(folder.path().join("queue.recovered.sqlite"), main).unwrap();
    let kept = folder.path().join("queue.sqlite.damaged-7");
    fs::write(&kept, "damaged").unwrap();
    fs::write(folder.path().join("queue.sqlite-wal"), "its log").unwrap();
    drop(folder.queue());
    assert!(Held::by(&folder).queued == held.queued);
    assert_eq!(fs::read(&kept).unwrap(), b"damaged");
    assert_eq!(fs::read(side_file(&kept, "-wal")).unwrap(), b"its log");

    // Before it, the new file is worth nothing.
    let folder = Folder::with(main);
    for left in ["queue.recovering.sqlite", "queue.recovered.sqlite"] {
        fs::write(folder.path().join(left), "half").unwrap();
    }
    drop(folder.queue());
    assert_eq!(counts(&folder.recover().unwrap()), held.counts());
    assert!(!folder.names().iter().any(|name| name.contains("recover")));
}

#[test]
fn a_running_queue_no_queue_and_a_later_one_are_left_alone() {
    let folder = Folder::with(&whole().0);
    let queue = folder.queue();
    let error = folder.recover().unwrap_err();
    assert!(matches!(error, QueueError::Locked { .. }), "{error}");
    drop(queue);
    Connection::open(folder.file())
        .unwrap()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    let before = folder.names();
    let error = folder.recover().unwrap_err();
    assert!(
        matches!(error, QueueError::Schema { found: 99, .. }),
        "{error}"
    );
    assert_eq!(folder.names(), before);
    let empty = Folder::new();
    let error = empty.recover().unwrap_err();
    assert!(error.to_string().contains("no queue is in it"), "{error}");
    assert_eq!(empty.names(), BTreeSet::from(["lock".to_owned()]));
}
