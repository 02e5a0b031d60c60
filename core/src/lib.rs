//! The pure part of capi: what an event is, where it goes, how it is mapped,
//! checked, normalized, hashed and admitted.
//!
//! Nothing here opens a socket or a file, reads the clock or the environment,
//! or needs an async runtime: *now* is handed in.
//!
//! # Layout
//!
//! | module | what it is |
//! |---|---|
//! | [`event`] | the Segment-spec event, and the JSON tree that holds it |
//! | [`field`] | the schema of what actions take |
//! | [`Action`] | what an action is; the registry of those linked in |
//! | [`trigger`] | FQL: which events a subscription takes |
//! | [`mapping`] | directives: how an event becomes a draft |
//! | [`user_data`] | the eleven identifiers: rules, normalization, digests |
//! | [`pipeline`] | the steps in their order |
//! | [`rejection`] | every reason, with its stable code |
//! | [`rules`] | every check and every normalization in one table |
//! | [`destination`] | where conversions go |
//! | [`match_quality`] | how well an event can be matched to a person |
//! | [`explain`] | the whole way of one event, as a person reads it |
//! | [`config`] | all of this as people write it |

mod action;
mod action_source;
mod confidence;
pub mod config;
pub mod destination;
pub mod event;
pub mod explain;
pub mod field;
mod free_text;
pub mod mapping;
pub mod match_quality;
pub mod pipeline;
mod rejected_event;
pub mod rejection;
pub mod rules;
mod server_event;
mod suggest;
pub mod trigger;
pub mod user_data;

pub use action::{Action, Registered, Registry, RegistryError, Spec};
pub use action_source::ActionSource;
pub use confidence::Confidence;
pub use rejected_event::RejectedEvent;
pub use server_event::{ServerEvent, ServerEventParts};

#[doc(hidden)]
pub use inventory as __inventory;
