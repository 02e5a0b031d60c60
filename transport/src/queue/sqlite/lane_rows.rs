//! What concerns a lane as a whole, inside the writer's transaction.

use rusqlite::Connection;

use super::super::{Halt, QueueError};

/// Rows that wait for another try wait no longer because the clock went back.
pub(super) fn rebase(connection: &Connection, lane: i64, back_ms: i64) -> Result<(), QueueError> {
    connection
        .prepare_cached(
            "UPDATE queued SET due_at = max(due_at - ?, 1) WHERE lane = ? AND due_at > 0",
        )?
        .execute((back_ms, lane))?;
    Ok(())
}

/// Keeps why a lane does not send.
pub(super) fn keep_halt(
    connection: &Connection,
    lane: i64,
    halt: Option<&Halt>,
) -> Result<(), QueueError> {
    let halt = halt
        .map(serde_json::to_string)
        .transpose()
        .map_err(|error| QueueError::Storage(error.to_string().into()))?;
    match halt {
        Some(halt) => connection
            .prepare_cached("INSERT OR REPLACE INTO lane_halt (lane, halt) VALUES (?, ?)")?
            .execute((lane, halt))?,
        None => connection
            .prepare_cached("DELETE FROM lane_halt WHERE lane = ?")?
            .execute([lane])?,
    };
    Ok(())
}
