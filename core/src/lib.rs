//! The pure part of capi: what an event is, where it goes, how it is mapped,
//! checked, normalized, hashed and admitted.
//!
//! Nothing here opens a socket or a file, reads the clock or the environment,
//! or needs an async runtime: *now* is handed in.

mod action_source;
pub mod event;
pub mod mapping;
mod server_event;
pub mod trigger;
pub mod user_data;

pub use action_source::ActionSource;
pub use server_event::ServerEvent;
