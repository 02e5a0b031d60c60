//! The queue on real files.

mod commits;
mod dead;
mod duplicates;
mod files;
mod full;
mod leases;
mod measure;
mod model;
mod people;
mod plans;
mod sent;
mod set_aside;
mod small_disk;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use capi_core::ActionSource;
use rusqlite::Connection;
use tempfile::TempDir;

use super::super::conversion::tests::{conversion, conversion_in};
use super::super::{
    Ack, Appended, Class, Conversion, DeadFilter, DeadLetter, DeadLetterReason, Disposition, Group,
    LaneBlock, LaneDepth, LaneKey, Lease, LeaseKind, LeaseRequest, Leased, Parcel, Queue,
    QueueStats, RejectedConversion, Replaced, Retried, SetAside, Waiting, Window,
};
use super::*;

use crate::{ApiError, Clock};

const START_MS: i64 = 1_790_000_000_000;
const HOUR_MS: i64 = 60 * 60 * 1000;

#[derive(Clone)]
struct TestClock(Arc<AtomicI64>);

impl Clock for TestClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl TestClock {
    fn pass(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::Relaxed);
    }
}

struct World {
    folder: TempDir,
    clock: TestClock,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            folder,
            clock: TestClock(Arc::new(AtomicI64::new(START_MS))),
        }
    }

    fn open(&self) -> SqliteQueue {
        self.try_open().unwrap()
    }

    fn try_open(&self) -> Result<SqliteQueue, QueueError> {
        SqliteQueue::open(self.options())
    }

    fn options(&self) -> SqliteOptions {
        let options = SqliteOptions::new(self.folder.path().join("data"));
        options.reserve(1 << 20).clock(Arc::new(self.clock.clone()))
    }

    fn lane() -> LaneKey {
        LaneKey::new("shop", None)
    }

    async fn lease(&self, queue: &SqliteQueue, kind: LeaseKind, max: usize) -> Lease {
        let now_ms = self.clock.now_ms();
        let request = LeaseRequest {
            lane: Self::lane(),
            class: Class::Standard,
            kind,
            max,
            max_bytes: usize::MAX,
            now_ms,
        };
        queue.lease(request).await.unwrap()
    }
}

impl SqliteQueue {
    /// Makes the disk look full.
    async fn limit_pages(&self, pages: i64) {
        let limit = move |work: &mut Work<'_>| {
            let pragma = "PRAGMA max_page_count";
            let limited = format!("{pragma} = {pages}");
            Ok(work.connection.query_row(&limited, [], |_| Ok(()))?)
        };
        self.ask(0, limit).await.unwrap();
    }
}

/// Appends one conversion and says what became of it.
async fn append(queue: &SqliteQueue, id: &str) -> Appended {
    queue.append(vec![conversion(Some(id), 7)]).await.unwrap()[0]
}

async fn acknowledge(queue: &SqliteQueue, rows: &[Leased], disposition: Disposition) {
    let ack = |row: &Leased| Ack {
        seq: row.seq,
        disposition: disposition.clone(),
    };
    queue
        .acknowledge(rows.iter().map(ack).collect())
        .await
        .unwrap();
}

fn retry_at(due_ms: i64) -> Disposition {
    Disposition::RetryAt {
        due_ms,
        attempted_ms: START_MS,
        outcome_unknown: true,
    }
}

fn dead_lettered() -> Disposition {
    let refusal = ApiError {
        status: Some(400),
        code: Some(100),
        subcode: Some(2_804_050),
        message: "too broad".to_owned(),
        fbtrace_id: Some("A1".to_owned()),
    };
    Disposition::DeadLettered {
        reason: DeadLetterReason::Rejected,
        refusal: Some(refusal),
    }
}

fn payloads(lease: &Lease) -> Vec<String> {
    let text = |row: &Leased| String::from_utf8(row.payload.to_vec()).unwrap();
    lease.rows.iter().map(text).collect()
}
