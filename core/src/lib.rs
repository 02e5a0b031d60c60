//! The pure part of capi: what an event is, where it goes, how it is mapped,
//! checked, normalized, hashed and admitted.
//!
//! Nothing here opens a socket or a file, reads the clock or the environment,
//! or needs an async runtime: *now* is handed in.
//!
//! # Example
//!
//! The whole way of one event, from the configuration to what Meta gets. A binary
//! has its actions from the crates that it names (`use capi_actions as _;`); the
//! example has one of its own.
//!
//! ```standalone_crate
//! use capi_core::config::Config;
//! use capi_core::event::{Arena, Arrival, Event, Json};
//! use capi_core::field::commerce;
//! use capi_core::pipeline::{convert, pipeline, route};
//! use capi_core::{Action, Registry, Spec, register_action};
//!
//! static PURCHASE: Spec = Spec {
//!     slug: "purchase",
//!     title: "Purchase",
//!     description: "An order was completed.",
//!     event_name: Some("Purchase"),
//!     default_trigger: Some(r#"type = "track" and event = "Order Completed""#),
//!     on_by_default: true,
//!     fields: &[
//!         commerce::CURRENCY,
//!         commerce::VALUE.default(r#"{"@path":"$.properties.total"}"#),
//!     ],
//!     example: r#"{"type":"track","event":"Order Completed"}"#,
//! };
//!
//! struct Purchase;
//!
//! impl Action for Purchase {
//!     fn spec(&self) -> &'static Spec {
//!         &PURCHASE
//!     }
//! }
//!
//! register_action!(Purchase);
//!
//! // Once, at the start: the configuration, and the destinations in it.
//! let text = r#"
//!     [[destination]]
//!     name = "meta"
//!     dataset_id = "1234567890"
//! "#;
//! let (config, diagnostics) =
//!     Config::read(text, &Registry::linked()?, &|_| Err("no other files".into()));
//! let config = config.ok_or_else(|| format!("{diagnostics:?}"))?;
//! let destinations: Vec<_> = config
//!     .destinations
//!     .into_iter()
//!     .map(|of| of.destination)
//!     .collect();
//!
//! // For each event: read it, complete it, convert it for each that takes it.
//! let body = br#"{
//!     "type": "track",
//!     "event": "Order Completed",
//!     "messageId": "order-17",
//!     "timestamp": "2026-11-28T12:00:00Z",
//!     "properties": { "total": "25.50", "currency": "eur" },
//!     "context": {
//!         "traits": { "email": " Ana@Example.com " },
//!         "userAgent": "Mozilla/5.0",
//!         "page": { "url": "https://shop.example.com/thanks" }
//!     }
//! }"#;
//! let now: jiff::Timestamp = "2026-11-28T12:00:05Z".parse()?;
//! let arena = Arena::new();
//! let mut new_id = || "an id of your own making".to_owned();
//! let root = Json::parse(&arena, body)?;
//! let event = Event::receive(root, &Arrival::at(now), &arena, &mut new_id)
//!     .map_err(|reason| reason.message)?;
//!
//! let mut pipeline = pipeline();
//! let mut sent = Vec::new();
//! for routed in route(&destinations, event, None, now, &arena) {
//!     let admitted = convert(&mut pipeline, routed)?;
//!     assert!(admitted.warnings.is_empty());
//!     sent.push(admitted.event);
//! }
//! assert_eq!(sent.len(), 1);
//!
//! // One item of `data` in a request to Meta.
//! let expected = br#"{
//!     "event_name": "Purchase",
//!     "event_time": 1795867200,
//!     "event_id": "order-17",
//!     "event_source_url": "https://shop.example.com/thanks",
//!     "action_source": "website",
//!     "user_data": {
//!         "em": ["8e43ca37701228e74983efdbd0cff5c16b3b1e5d4e29a7c05626d4d25a018e11"],
//!         "client_user_agent": "Mozilla/5.0"
//!     },
//!     "custom_data": { "currency": "EUR", "value": 25.5 }
//! }"#;
//! assert_eq!(Json::parse(&arena, sent[0].json())?, Json::parse(&arena, expected)?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
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
//! | [`address`] | IP addresses of customers, in whatever form they come |
//! | [`destination`] | where conversions go |
//! | [`match_quality`] | how well an event can be matched to a person |
//! | [`explain`] | the whole way of one event, as a person reads it |
//! | [`graph_version`] | until when each version of the Graph API may be used |
//! | [`config`] | all of this as people write it |

mod action;
mod action_source;
pub mod address;
mod code;
mod confidence;
pub mod config;
mod crawler;
pub mod destination;
pub mod event;
pub mod explain;
pub mod field;
mod fingerprint;
mod free_text;
pub mod graph_version;
mod json;
pub mod mapping;
pub mod match_quality;
pub mod pipeline;
mod position;
mod registry;
mod rejected_event;
pub mod rejection;
pub mod rules;
mod server_event;
mod spec_fault;
mod standard_event;
mod suggest;
pub mod trigger;
pub mod user_data;

pub use action::{Action, Spec};
pub use action_source::ActionSource;
pub use confidence::Confidence;
pub use fingerprint::Fingerprint;
pub use free_text::without_personal_data;
pub use registry::{Registered, Registry, RegistryError};
pub use rejected_event::RejectedEvent;
pub use server_event::{ServerEvent, ServerEventParts};

#[doc(hidden)]
pub use inventory as __inventory;
