//! Rows of destinations that are gone: no lane sends them, and nobody would give them up.
//! They become dead letters once their events are older than Meta takes.

use std::collections::HashSet;

use tracing::info;

use super::super::{Class, DeadLetterReason, LaneKey, QueueError};
use super::acknowledge;
use super::lanes::Lanes;
use super::work::Work;

/// So many rows are looked at in one transaction.
const CHUNK_SIZE: i64 = 500;

/// How long after the last round the next one begins.
const INTERVAL_MS: i64 = 60 * 60 * 1000;

const DAY_S: i64 = 24 * 60 * 60;

/// A round over the rows of destinations that are gone, page by page.
#[derive(Clone, Debug, Default)]
pub(super) struct Gone {
    /// When the next round begins, by the monotonic clock.
    next_ms: Option<i64>,
    /// What is still to be gone through.
    pages: Vec<Page>,
}

/// Where the next page begins.
#[derive(Clone, Debug)]
struct Page {
    lane: LaneKey,
    class: Class,
    /// Behind the row with this time and number.
    after: (i64, i64),
}

impl Gone {
    /// Whether there is something to go through, or it is time to look.
    pub(super) fn is_due(&self, now_ms: i64) -> bool {
        self.is_under_way() || self.next_ms.is_none_or(|next_ms| now_ms >= next_ms)
    }

    pub(super) const fn is_under_way(&self) -> bool {
        !self.pages.is_empty()
    }

    /// Breaks off, and begins anew an hour later.
    pub(super) fn put_off(&mut self, now_ms: i64) {
        self.pages.clear();
        self.next_ms = Some(now_ms.saturating_add(INTERVAL_MS));
    }

    /// Begins a round, if it is time.
    pub(super) fn begin(&mut self, lanes: &Lanes, destinations: &HashSet<String>, now_ms: i64) {
        if self.is_under_way() || !self.is_due(now_ms) {
            return;
        }
        self.next_ms = Some(now_ms.saturating_add(INTERVAL_MS));
        let gone = lanes.ids(|key| !destinations.contains(&*key.destination));
        let pages = gone.into_iter().flat_map(|(lane, _)| {
            Class::ALL.map(|class| Page {
                lane: lane.clone(),
                class,
                after: (i64::MIN, 0),
            })
        });
        self.pages = pages.collect();
    }

    /// Goes through the next page.
    pub(super) fn step(&mut self, work: &mut Work<'_>) -> Result<(), QueueError> {
        let Some(page) = self.pages.last_mut() else {
            return Ok(());
        };
        let Some(lane) = work.lane(&page.lane) else {
            self.pages.pop();
            return Ok(());
        };
        let mut statement = work.connection.prepare_cached(PAGE)?;
        let (due_at, seq) = page.after;
        let rows = statement.query_map((lane, page.class, due_at, seq, CHUNK_SIZE), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
        let rows: Vec<(i64, i64, i64)> = rows.collect::<Result<_, _>>()?;
        let oldest = work.now_ms / 1000 - page.class.days_allowed() * DAY_S;
        let mut expired = 0;
        for (_, seq, _) in rows.iter().filter(|(.., event_time)| *event_time < oldest) {
            acknowledge::dead_letter(work, *seq, DeadLetterReason::Expired, None)?;
            expired += 1;
        }
        if expired > 0 {
            info!(
                destination = %page.lane.destination,
                expired,
                "Events of a destination that is not configured any more became too old, and are \
                 dead letters."
            );
        }
        match rows.last() {
            Some((due_at, seq, _)) => page.after = (*due_at, *seq),
            None => drop(self.pages.pop()),
        }
        Ok(())
    }
}

pub(super) const PAGE: &str = "SELECT due_at, seq, event_time FROM queued
     WHERE lane = ? AND physical_store = ? AND (due_at, seq) > (?, ?)
     ORDER BY due_at, seq LIMIT ?";
