//! Up to which row a lane may have sent, inside the writer's transaction.
//!
//! What a crash finds written down covers rows of which nobody knows whether they
//! arrived. It stays written down until each of them is acknowledged: a row that is to be
//! tried again says so itself from then on. So one window is kept of a lane and class,
//! over what it sends now and what it may have sent before.

use super::super::{Class, LaneKey, QueueError, Window};
use super::effects::Change;
use super::work::Work;

/// Keeps up to which row a lane sends.
pub(super) fn keep(
    work: &mut Work<'_>,
    key: &LaneKey,
    class: Class,
    window: Option<Window>,
) -> Result<(), QueueError> {
    let Some(lane) = work.lane(key) else {
        return Ok(());
    };
    let before = match work.lanes.sent_before(lane, class) {
        Some(before) if has_open_rows(work, lane, class, before)? => Some(before),
        _ => None,
    };
    match Window::covering(before, window) {
        Some(all) => work
            .connection
            .prepare_cached(
                "INSERT OR REPLACE INTO lane_window (lane, physical_store, up_to, since)
                 VALUES (?, ?, ?, ?)",
            )?
            .execute((lane, class, all.up_to, all.since_ms))?,
        None => work
            .connection
            .prepare_cached("DELETE FROM lane_window WHERE lane = ? AND physical_store = ?")?
            .execute((lane, class))?,
    };
    work.change(
        lane,
        Change::Sends {
            class,
            window,
            before,
        },
    );
    Ok(())
}

/// The plan of it is tested.
pub(super) fn open_rows(range: &str) -> String {
    format!(
        "SELECT 1 FROM queued WHERE lane = ? AND physical_store = ? AND {range}
             AND seq <= ? AND NOT outcome_unknown LIMIT 1"
    )
}

/// Whether a row of the window was not acknowledged since: those that were are gone, or say
/// themselves that their outcome is unknown.
fn has_open_rows(
    work: &Work<'_>,
    lane: i64,
    class: Class,
    before: Window,
) -> Result<bool, QueueError> {
    // Fresh rows first: they are found quickly.
    for range in ["due_at = 0", "due_at < 0", "due_at > 0"] {
        let found = work.connection.prepare_cached(&open_rows(range))?.exists((
            lane,
            class,
            before.up_to,
        ))?;
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}
