//! What both sides of the admin API say: its routes, its requests, its answers.
//!
//! | route | body | answer |
//! |---|---|---|
//! | `POST` [`HELLO`] | [`Hello`] | [`Proof`] |
//! | `GET` [`CONDITIONS`] | | sentences |
//! | `GET` [`LANES`] | | [`LaneStatus`](super::LaneStatus)es |
//! | `POST` [`RESUME`] | [`ResumeRequest`] | [`Resumed`] |
//! | `GET` [`QUEUE`] | | what the queue holds |
//! | `POST` [`BACKUP`] | [`BackupRequest`] | the same |
//! | `POST` [`REASSIGN`] | [`ReassignRequest`] | [`Reassigned`] |
//! | `POST` [`PURGE_QUEUED`] | [`PurgeQueuedRequest`] | [`Purged`] |
//! | `POST` [`LIST`] | [`DeadRequest`] | the letters |
//! | `POST` [`RETRY`] | [`RetryRequest`] | [`Repaired`](super::repair::Repaired) |
//! | `POST` [`EDIT`] | [`EditRequest`] | the same |
//! | `POST` [`PURGE`] | [`DeadRequest`] | [`Purged`] |
//!
//! What is refused is answered with [`AdminError`], and a status that says whose fault
//! it is.

use std::path::PathBuf;

use capi_transport::DeadFilter;
use serde::{Deserialize, Serialize};

/// Has the server prove that it is the one of its data folder. The only route that needs
/// no token: who asks does not send it before.
pub const HELLO: &str = "/hello";

/// What keeps the server from working as it should.
pub const CONDITIONS: &str = "/conditions";

/// What each lane does.
pub const LANES: &str = "/lanes";

/// Ends the wait of a destination's parked lanes.
pub const RESUME: &str = "/lanes/resume";

/// What the queue holds.
pub const QUEUE: &str = "/queue";

/// Copies the queue.
pub const BACKUP: &str = "/queue/backup";

/// Gives what is queued for a destination that is gone to another one.
pub const REASSIGN: &str = "/queue/reassign";

/// Throws away what is queued for a destination that is gone.
pub const PURGE_QUEUED: &str = "/queue/purge";

/// Lists dead letters.
pub const LIST: &str = "/dead/list";

/// Queues dead letters again.
pub const RETRY: &str = "/dead/retry";

/// Changes dead letters and queues them again.
pub const EDIT: &str = "/dead/edit";

/// Throws dead letters away.
pub const PURGE: &str = "/dead/purge";

/// Which dead letters a request is about.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeadRequest {
    /// Those of this filter.
    pub filter: DeadFilter,
    /// Beyond this number; for a list.
    pub after: i64,
    /// So many at most, [`PAGE_SIZE`] unless told, and never more than [`MAX_LETTERS`]; for a list.
    pub limit: usize,
}

/// So many dead letters are in a list unless told otherwise.
pub const PAGE_SIZE: usize = 1_000;

/// A list of dead letters has so many at most, whatever is asked for.
pub const MAX_LETTERS: usize = 10_000;

impl Default for DeadRequest {
    fn default() -> Self {
        Self {
            filter: DeadFilter::default(),
            after: 0,
            limit: PAGE_SIZE,
        }
    }
}

/// Which dead letters to queue again.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetryRequest {
    /// Those of this filter.
    pub filter: DeadFilter,
    /// Only those that differ from what their ids were taken for, each under the id of its
    /// message.
    #[serde(default)]
    pub as_new: bool,
}

/// What to change of which dead letters.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditRequest {
    /// Those of this filter.
    pub filter: DeadFilter,
    /// Each as [`Edit`](capi_core::pipeline::Edit) reads it: `custom_data.currency=USD`.
    pub set: Vec<String>,
}

/// Which destination to resume.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ResumeRequest {
    /// Its name.
    pub destination: String,
}

/// Where a copy goes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BackupRequest {
    /// A new file, as an absolute path.
    pub file: PathBuf,
}

/// That lanes were resumed.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Resumed {
    /// It is so: what is not is refused.
    pub resumed: bool,
}

/// A text that was never asked before: only an answer made for it is a proof.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// Up to [`MOST_NONCE`] bytes.
    pub nonce: String,
}

/// The longest text that a proof is made for, in bytes.
pub const MOST_NONCE: usize = 128;

/// That the server knows the secret of its data folder.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Proof {
    /// As [`Secret::proof`](super::endpoint::Secret::proof) makes it.
    pub proof: String,
}

/// What goes from where to where.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReassignRequest {
    /// A destination that the configuration does not have.
    pub from: String,
    /// One that it has.
    pub to: String,
}

/// How many rows another destination has now.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Reassigned {
    /// So many.
    pub reassigned: u64,
}

/// Whose rows to throw away.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PurgeQueuedRequest {
    /// A destination that the configuration does not have.
    pub destination: String,
}

/// How many dead letters, or queued events, were thrown away.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Purged {
    /// So many.
    pub purged: u64,
}

/// Why a request was refused.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AdminError {
    /// What is wrong, in a sentence.
    pub error: String,
}
