//! What keeps a lane from sending and outlives the process.

use serde::{Deserialize, Serialize};

use crate::ApiError;

/// Why a lane does not send. It is kept with the queue: a server that is started
/// again asks no sooner than Meta said, and does not try a token that is dead with
/// a batch of events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum LaneBlock {
    /// Meta named a time to wait.
    Throttled {
        /// Until then, in Unix milliseconds.
        until_ms: i64,
    },
    /// Something needs fixing.
    Parked {
        /// What Meta said.
        refusal: ApiError,
    },
}
