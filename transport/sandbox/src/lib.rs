//! A local stand-in for Meta's `POST /{version}/{dataset}/events` that refuses
//! what Meta refuses.
//!
//! It is written from Meta's documents and from errors recorded in the field,
//! and depends on none of capi's crates: when capi's output passes here, two
//! independent readings of the rules agree.
//!
//! ```no_run
//! # async fn run() -> std::io::Result<()> {
//! use capi_sandbox::{Options, Sandbox};
//!
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! let sandbox = Sandbox::new(Options::default());
//! let seen = sandbox.clone();
//! sandbox.serve(listener, std::future::pending()).await?;
//! println!("{:?}", seen.stats());
//! # Ok(())
//! # }
//! ```
//!
//! # The Graph side
//!
//! Bodies may be JSON (`{"data":[…]}`), a URL-encoded form or a multipart form;
//! the items of `data` may be objects or JSON-encoded strings, as Meta's SDKs
//! send both. The token may come as `Authorization: Bearer`, in the query, or
//! in the body. One bad event refuses the whole request. Any `vN.M` is taken
//! for a version, but for those that have ended by Meta's table of the Marketing API.
//!
//! # The control side
//!
//! | request | answer |
//! |---|---|
//! | `GET /_sandbox/events` | accepted events, NDJSON: `{"dataset":…,"request":n,"event":{…}}` |
//! | `GET /_sandbox/stats` | [`Stats`] |
//! | `PUT /_sandbox/faults` | replaces the list of [`FaultRule`]s; `{"rules":n}` |
//!
//! # What is counted
//!
//! Every request outside `/_sandbox` counts in `requests`, and then in
//! `accepted` or in `refused`. An answer made up by a fault rule counts in
//! `refused`, whatever it says, because its events were not taken; a
//! connection cut *before* the events count is in neither.

mod answer;
mod api_error;
mod body;
mod control;
mod endpoint;
mod faults;
mod graph;
mod ledger;
mod path;
mod rules;
mod sandbox;
mod serve;
mod token;
mod version;

pub use faults::{FaultError, FaultRule};
pub use ledger::Stats;
pub use sandbox::{Options, Sandbox};
