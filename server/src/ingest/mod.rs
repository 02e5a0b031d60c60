//! The routes of Segment's tracking API.
//!
//! A door of the [`intake`](crate::intake). A request goes: who sends, where the head
//! says it (`auth`) → room in the intake → body (`body`, unpacked by `coding`) → split
//! into events (`batch`, with `placeholder` where it is not JSON), `client_address` → the
//! intake → the answer (`answer`). Nothing is acknowledged before it is on disk.

mod answer;
mod auth;
mod batch;
mod body;
mod calls;
mod client_address;
mod coding;
mod placeholder;
mod routes;
mod take;

pub(crate) use answer::HttpError;
pub(crate) use auth::WriteKeys;
pub(crate) use client_address::{ClientAddress, TrustedProxies};
pub(crate) use routes::router;
pub(crate) use take::Ingest;
