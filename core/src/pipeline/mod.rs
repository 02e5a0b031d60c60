//! The pure path of an event: route, map, validate, normalize, hash, scrub, admit.
//!
//! Each step is in a file of its own and hands the next another type:
//!
//! ```text
//! Event ─route─► Routed ─map─► Mapped ─Validate─► Validated ─Normalize─► Normalized ─Hash─► Hashed ─Scrub─► Scrubbed ─Admit─► Admitted
//! ```
//!
//! [`route`] and [`map`] are functions, because one event becomes many; the
//! others are tower layers, stacked in one place: [`pipeline`].

mod admit;
mod amount;
mod clean;
mod click_id;
mod coerce;
mod currency;
mod diagnostics;
mod draft;
mod encode;
mod event_id;
mod hash;
mod lists;
mod map;
mod normalize;
mod repair;
mod route;
mod scrub;
mod stage;
mod stages;
mod validate;

use std::future::{Ready, ready};
use std::task::{Context, Poll};

use tower::{Service, ServiceBuilder};

pub use admit::{Admit, Admitted};
pub(crate) use click_id::{PLACES as FBCLID_PLACES, fbclids};
pub use hash::Hash;
pub use map::map;
pub use normalize::Normalize;
pub use repair::{Edit, EditError, repair};
pub(crate) use route::switch as integration_switch;
pub use route::{nearly_taken, route};
pub use scrub::Scrub;
pub use stage::{PipelineStage, StageLayer, StageService};
pub use stages::{Hashed, Mapped, Normalized, Routed, Scrubbed, Validated};
pub(crate) use stages::{Passed, Sources};
pub use validate::Validate;

use crate::rejection::Rejection;

/// The stack that [`pipeline`] builds.
pub type Pipeline = StageService<
    StageService<StageService<StageService<StageService<Terminal, Admit>, Scrub>, Hash>, Normalize>,
    Validate,
>;

/// The layers from a mapped draft to an admitted event, in the only order in
/// which they fit:
///
/// ```
/// use capi_core::pipeline::{Mapped, pipeline};
///
/// fn takes_drafts<'a, S: tower::Service<Mapped<'a>>>(_: S) {}
/// takes_drafts(pipeline());
/// ```
///
/// In another order they do not compile, because no step takes what the wrong
/// one hands it:
///
/// ```compile_fail
/// use capi_core::pipeline::{
///     Admit, Hash, Mapped, Normalize, Scrub, StageLayer, Terminal, Validate,
/// };
///
/// fn takes_drafts<'a, S: tower::Service<Mapped<'a>>>(_: S) {}
/// takes_drafts(
///     tower::ServiceBuilder::new()
///         .layer(StageLayer::new(Validate))
///         .layer(StageLayer::new(Hash)) // nothing is normalized yet
///         .layer(StageLayer::new(Normalize))
///         .layer(StageLayer::new(Scrub))
///         .layer(StageLayer::new(Admit))
///         .service(Terminal),
/// );
/// ```
#[must_use]
pub fn pipeline() -> Pipeline {
    ServiceBuilder::new()
        // First: what is not a value of its type is not normalized.
        .layer(StageLayer::new(Validate))
        // Before hashing, because Meta hashes the normalized form.
        .layer(StageLayer::new(Normalize))
        // Behind this line nobody sees an identifier.
        .layer(StageLayer::new(Hash))
        // Behind this one nobody sees what hid in other places: before anything
        // becomes an event, or a rejected one.
        .layer(StageLayer::new(Scrub))
        // Last: it judges what would really be sent, and what was found wrong
        // before gets no further.
        .layer(StageLayer::new(Admit))
        .service(Terminal)
}

/// The end of the stack: it hands out what was admitted.
#[derive(Clone, Copy, Debug)]
pub struct Terminal;

impl Service<Result<Admitted, Rejection>> for Terminal {
    type Response = Admitted;
    type Error = Rejection;
    type Future = Ready<Result<Admitted, Rejection>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Rejection>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, outcome: Result<Admitted, Rejection>) -> Self::Future {
        ready(outcome)
    }
}

/// Takes one routed event all the way.
///
/// ```
/// # mod shop { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/shop.rs")); }
/// // `shop` has a destination that takes completed orders, and such an order.
/// use capi_core::event::{Arena, Event, Json};
/// use capi_core::pipeline::{convert, pipeline, route};
///
/// let now: jiff::Timestamp = "2026-11-28T12:00:05Z".parse()?;
/// let arena = Arena::new();
/// let root = Json::parse(
///     &arena,
///     br#"{
///         "type": "track",
///         "event": "Order Completed",
///         "messageId": "order-17",
///         "timestamp": "2026-11-28T12:00:00Z",
///         "properties": { "total": 25.5, "currency": "EUR" },
///         "context": { "traits": { "email": "ana@example.com" } }
///     }"#,
/// )?;
/// let event = Event::new(root).ok_or("no object")?;
/// let destinations = [shop::destination()?];
/// let mut pipeline = pipeline();
/// for routed in route(&destinations, event, None, now, &arena) {
///     let admitted = convert(&mut pipeline, routed)?;
///     assert_eq!(admitted.event.event_name(), "Purchase");
///     // Nothing of the address is left in it.
///     assert!(!String::from_utf8_lossy(admitted.event.json()).contains("example.com"));
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// The reasons for which it may not be sent.
pub fn convert(pipeline: &mut Pipeline, routed: Routed<'_>) -> Result<Admitted, Rejection> {
    pipeline.call(map(routed)).into_inner()
}
