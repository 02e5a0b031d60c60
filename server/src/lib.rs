//! The server: takes events over HTTP, answers once they are safe, delivers
//! them.
//!
//! # Layout
//!
//! | module | what it is |
//! |---|---|
//! | [`load`] | the configuration from its file, its secrets, the actions linked in |
//! | `connections` | clients' connections: how many, how long, how they are read |
//! | `ingest` | the door of Segment's HTTP API: from bytes to events, from receipts to answers |
//! | `intake` | events in, whichever door they come by: mapped, stored, counted, within bounds |
//! | [`admin`] | what an operator sees and does |
//! | [`Server`] | all of it composed, and its life: open, serve, stop |
//! | [`run()`] | the program: its arguments, its exit codes |

pub mod admin;
mod connections;
pub mod exit;
mod health;
mod ingest;
mod intake;
pub mod load;
mod logging;
mod run;
mod server;
mod status;
mod stop_signal;

pub use logging::log_to_stderr;
pub use run::run;
pub use server::{Server, ServerError};
pub use status::status;
pub use stop_signal::stop_signal;

// Without this line the linker leaves every action out.
use capi_actions as _;
