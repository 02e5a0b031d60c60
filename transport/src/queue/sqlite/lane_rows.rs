//! What concerns a lane as a whole, inside the writer's transaction.

use super::super::{LaneBlock, LaneKey, QueueError};
use super::effects::Change;
use super::work::Work;

/// Forgets the leases of a lane.
pub(super) fn release(work: &mut Work<'_>, key: &LaneKey) {
    if let Some(lane) = work.lane(key) {
        work.change(lane, Change::Released);
    }
}

/// Rows that wait for another try wait no longer because the clock went back.
pub(super) fn shift_deadlines(
    work: &mut Work<'_>,
    key: &LaneKey,
    back_ms: i64,
) -> Result<(), QueueError> {
    if let Some(lane) = work.lane(key) {
        work.connection
            .prepare_cached(
                "UPDATE queued SET due_at = max(due_at - ?, 1)
                 WHERE lane = ? AND physical_store IN (0, 1) AND due_at > 0",
            )?
            .execute((back_ms, lane))?;
    }
    Ok(())
}

/// Keeps why a lane does not send.
pub(super) fn store_lane_block(
    work: &mut Work<'_>,
    key: &LaneKey,
    lane_block: Option<&LaneBlock>,
) -> Result<(), QueueError> {
    let Some(lane) = work.lane(key) else {
        return Ok(());
    };
    let stored = lane_block
        .map(serde_json::to_string)
        .transpose()
        .map_err(|error| QueueError::Storage(error.to_string().into()))?;
    match stored {
        Some(lane_block) => work
            .connection
            .prepare_cached("INSERT OR REPLACE INTO lane_halt (lane, halt) VALUES (?, ?)")?
            .execute((lane, lane_block))?,
        None => work
            .connection
            .prepare_cached("DELETE FROM lane_halt WHERE lane = ?")?
            .execute([lane])?,
    };
    work.change(lane, Change::Halted(lane_block.cloned().map(Box::new)));
    Ok(())
}

/// Forgets a lane that has no rows, with all that was kept of it. Says whether it has
/// none.
pub(super) fn end(work: &mut Work<'_>, key: &LaneKey) -> Result<bool, QueueError> {
    let Some(lane) = work.lane(key) else {
        return Ok(true);
    };
    let has_rows = work
        .connection
        .prepare_cached("SELECT 1 FROM queued WHERE lane = ? LIMIT 1")?
        .exists([lane])?;
    if has_rows {
        return Ok(false);
    }
    for table in ["lane_halt", "lane_window", "set_aside"] {
        work.connection
            .prepare_cached(&format!("DELETE FROM {table} WHERE lane = ?"))?
            .execute([lane])?;
    }
    work.connection
        .prepare_cached("DELETE FROM lane WHERE id = ?")?
        .execute([lane])?;
    work.effects.named.insert(key.clone(), None);
    work.change(lane, Change::Ended);
    Ok(true)
}
