//! What a queue holds, for people.

use serde::{Deserialize, Serialize};

/// What a queue holds at this moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueReport {
    /// Events that wait or are on their way.
    pub queued: u64,
    /// Dead letters.
    pub dead: u64,
    /// The text that they hold, in bytes.
    pub dead_bytes: u64,
    /// When the oldest waiting event was appended, in Unix milliseconds.
    pub oldest_ms: Option<i64>,
    /// The size of the queue's file and its log, in bytes.
    pub bytes: u64,
    /// By lane.
    pub lanes: Vec<LaneReport>,
}

/// What one lane holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaneReport {
    /// The destination.
    pub destination: String,
    /// The test code of the lane.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_event_code: Option<String>,
    /// Events that wait or are on their way.
    pub queued: u64,
    /// Those among them that were tried before.
    pub tried: u64,
    /// When the oldest of them was appended, in Unix milliseconds.
    pub oldest_ms: Option<i64>,
}
