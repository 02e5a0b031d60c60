//! The server: takes events over HTTP, answers once they are safe, delivers
//! them.
//!
//! # Layout
//!
//! | module | what it is |
//! |---|---|
//! | [`load`] | the configuration from its file, its secrets, the actions linked in |
//! | `ingest` | the HTTP routes: from bytes to events, from outcomes to answers |
//! | `engine` | one request's events through core's pipeline |
//! | [`admin`] | what an operator sees and does |
//! | `counters` | what came in and what became of it |
//! | [`Server`] | all of it composed, and its life: open, serve, stop |
//! | [`run()`] | the program: its arguments, its exit codes |

pub mod admin;
mod connections;
mod counters;
mod engine;
pub mod exit;
mod health;
mod ingest;
pub mod load;
mod logging;
mod run;
mod server;
mod stop_signal;
mod talk;
mod warnings;

pub use logging::log_to_stderr;
pub use run::run;
pub use server::{Server, ServerError};
pub use stop_signal::stop_signal;
pub use talk::talk;

// Without this line the linker leaves every action out.
use capi_actions as _;
