//! Why a request's events are not taken. A door says it in its own protocol's words.

use capi_transport::QueueError;

/// Why a request's events are not taken: none of them is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum IntakeError {
    /// The queue cannot take it now, and why.
    Unavailable(String),
    /// Requests hold as much memory as they may.
    Busy,
    /// Requests of this source hold more than its share while another's wait.
    OverShare,
    /// What a batch says of all its events is larger than an event may be.
    SharedTooLarge {
        /// `context` or `integrations`.
        part: &'static str,
        /// How large an event may be, in bytes.
        limit: usize,
    },
    /// The events are too many for what the batch says of all of them.
    ExpandedTooLarge {
        /// The larger of the shared parts, where there is one.
        part: Option<&'static str>,
        /// What they come to, in bytes.
        bytes: usize,
        /// What they may come to, in bytes.
        limit: usize,
    },
}

impl IntakeError {
    /// The queue cannot take it now.
    pub(crate) fn of(error: &QueueError) -> Self {
        Self::Unavailable(reason(error))
    }
}

/// Why the queue takes nothing, for clients and balancers: without the paths of this
/// machine.
pub(crate) fn reason(error: &QueueError) -> String {
    match error {
        QueueError::Behind { waited_ms, .. } => format!(
            "what waits to be written to the queue has waited for {waited_ms} ms: the disk is \
             too slow, or another program keeps the queue's file locked"
        ),
        QueueError::Spent { .. } => QueueError::Full.to_string(),
        _ => error.to_string(),
    }
}
