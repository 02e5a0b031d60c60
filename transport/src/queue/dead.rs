//! Dead letters: what was given up, and why. They can be looked at, sent again
//! and thrown away.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// A dead-lettered conversion.
#[derive(Clone, Serialize, Deserialize)]
pub struct DeadLetter {
    /// Its number, by which it is asked for.
    pub id: i64,
    /// The destination that it was for.
    pub destination: String,
    /// The test code of its lane.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_event_code: Option<String>,
    /// The action that made it, where it is known.
    pub action: Option<String>,
    /// The source that it came from, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Meta's name of the event. Of a letter that our own checks rejected it may
    /// be missing, as may the next two.
    pub event_name: Option<String>,
    /// The event's id.
    pub event_id: Option<String>,
    /// The id of the message that it was made of, where it is known and another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// When it happened, in Unix seconds.
    pub event_time: Option<i64>,
    /// Why it was dead-lettered: a [`DeadLetterReason`](super::DeadLetterReason) by its name.
    pub reason: String,
    /// Meta's error code, or the first one of ours.
    pub code: Option<DeadCode>,
    /// Meta's subcode.
    pub subcode: Option<i64>,
    /// What Meta said, or the first that our own checks found.
    pub message: Option<String>,
    /// The HTTP status of that answer.
    pub http_status: Option<u16>,
    /// Meta's name for the request.
    pub fbtrace_id: Option<String>,
    /// When it was dead-lettered, in Unix milliseconds.
    pub buried_at: i64,
    /// When it was queued, in Unix milliseconds.
    pub appended_at: i64,
    /// How many requests carried it.
    pub attempts: u32,
    /// Whether one of them may have arrived.
    pub outcome_unknown: bool,
    /// The dataset that it was for.
    pub dataset_id: String,
    /// All that our own checks found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<StoredDiagnostic>,
    /// The event as Meta would have got it: hashed.
    pub event: Box<RawValue>,
}

/// Why a conversion is a dead letter, as a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum DeadCode {
    /// Meta's error code.
    Meta(i64),
    /// A code of our own checks: `missing_field`.
    Own(String),
}

impl fmt::Display for DeadCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Meta(code) => write!(f, "{code}"),
            Self::Own(code) => f.write_str(code),
        }
    }
}

/// One thing that our own checks found, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredDiagnostic {
    /// The stable code.
    pub code: String,
    /// The field.
    pub field: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// Without the event: it holds a person's hashes and address.
impl fmt::Debug for DeadLetter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeadLetter")
            .field("id", &self.id)
            .field("event_name", &self.event_name)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

/// Which dead letters. What is left out asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeadFilter {
    /// This one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// Of this destination.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<String>,
    /// Made by this action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// Buried for this reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// With this code of Meta's, or this one of ours among its reasons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<DeadCode>,
    /// With this subcode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subcode: Option<i64>,
    /// With this event id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_id: Option<String>,
    /// With this order id in its custom data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_id: Option<String>,
    /// Buried at or after then, in Unix milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since_ms: Option<i64>,
    /// Buried before then, in Unix milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before_ms: Option<i64>,
}

/// What became of letters that were to be sent again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Retried {
    /// Queued again.
    pub queued: u64,
    /// Their id was queued or delivered meanwhile: they stay dead-lettered.
    pub duplicates: u64,
    /// Those of destinations that no longer exist: they stay dead letters. Number,
    /// event id and destination.
    pub without_destination: Vec<(i64, Option<String>, String)>,
}

/// What became of a repaired conversion that was to take its letter's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replaced {
    /// It is queued, and the letter is gone.
    Queued,
    /// One with its id was queued or delivered meanwhile: the letter stays.
    Duplicate,
    /// The letter no longer exists.
    Gone,
}
