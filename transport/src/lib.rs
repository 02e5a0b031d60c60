//! Everything after the door: the durable queue, the lanes that empty it, and
//! the client side of Meta's Graph API.
//!
//! # Layout
//!
//! - `queue`: what is acknowledged is on disk. The trait [`Queue`] and the
//!   embedded [`SqliteQueue`].
//! - `delivery`: a lane per destination and test code. Every decision (batch,
//!   pace, retry, bisect, park, dead-letter) is taken by a state machine without I/O;
//!   a thin driver runs it against the queue and the network.
//! - `graph`: one request to Meta, its answer, and the table of errors.
//!
//! A [`Conversion`] can only be made from a [`capi_core::ServerEvent`], and a
//! [`RejectedConversion`] from a [`capi_core::RejectedEvent`], so that nothing that
//! was not hashed gets into the queue or among the dead letters.

mod api_error;
mod clock;
mod clock_doubt;
mod condition;
mod delivery;
#[cfg(test)]
mod end_to_end;
mod graph;
mod graph_target;
mod queue;
mod tls;

pub use api_error::ApiError;
pub use clock::{Clock, SystemClock};
pub use condition::{Condition, Ended, Told};
pub use delivery::{
    Delivery, DeliveryOptions, DestinationStats, LaneState, LaneStats, StartError, Stopped,
};
pub use graph::{
    Decision, Evidence, GraphError, RULES, Rule, SUBCODES, Subcode, UNKNOWN, When, remedy_of,
    rules_of, subcode_of,
};
pub use graph_target::GraphTarget;
pub use queue::{
    Ack, Appended, Class, Conversion, DeadCode, DeadFilter, DeadLetter, DeadLetterReason,
    Disposition, Group, LaneBlock, LaneDepth, LaneKey, LaneReport, Lease, LeaseKind, LeaseRequest,
    Leased, Parcel, Queue, QueueError, QueueReport, QueueStats, Recovered, RejectedConversion,
    Replaced, Retried, Salvageable, SetAside, SqliteOptions, SqliteQueue, StoredDiagnostic,
    Waiting, Window,
};
pub use tls::install_tls;
