//! The whole way of one event, told: which subscriptions take it and why, what
//! each field was made from, how each identifier was normalized, how each check
//! ended, what would be sent, and how well it can be matched.
//!
//! It takes the pipeline's own steps (`way.rs`) and shows what is between
//! them, so that it cannot tell another story than what is sent. Identifiers
//! are hidden before they become part of it (`redactor/`), unless they were asked for raw.

mod check;
mod clause;
mod explainer;
mod field;
mod identifier;
mod member;
mod off;
mod path_read;
mod received;
mod redactor;
mod repeat;
mod shown;
mod trace;

use jiff::Timestamp;
use serde::Serialize;

pub use check::{Check, CheckDiagnostic, CheckResult};
pub use clause::{DecidingClause, Read};
pub use field::Mapped;
pub use identifier::{Form, FormOf, IdentifierReport, Step, UnusedValue, Value};
pub use off::ActionNotSubscribed;
pub use path_read::PathRead;
pub use received::{Change, ChangeKind};
pub use shown::Shown;

use self::explainer::Explainer;
use self::redactor::Redactor;
use crate::Spec;
use crate::destination::Destination;
use crate::event::{Arrival, Event};
use crate::json::{Arena, Json};
use crate::match_quality::MatchQuality;
use crate::rejection::Diagnostic;

/// What an event is explained by.
#[derive(Clone, Copy)]
pub struct ExplainOptions<'a> {
    /// Every destination.
    pub destinations: &'a [Destination],
    /// What time it is, for the rules on an event's age.
    pub now: Timestamp,
    /// Every action that there is, to tell of those that are off.
    pub actions: &'a [&'static Spec],
    /// Whether identifiers are shown as they are.
    pub raw: bool,
    /// Where the steps allocate.
    pub arena: &'a Arena,
}

/// The whole way of one event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation<'a> {
    /// Whether identifiers are hidden.
    pub masked: bool,
    /// The event's own fields, without what it carries.
    pub event: Shown<'a>,
    /// What receiving it changed.
    pub received: Vec<Change<'a>>,
    /// What each destination makes of it.
    pub destinations: Vec<DestinationReport<'a>>,
}

impl Explanation<'_> {
    /// How many conversions would be sent, duplicates not counted.
    #[must_use]
    pub fn sent(&self) -> usize {
        let subscriptions = self.destinations.iter().flat_map(|of| &of.subscriptions);
        let conversions = subscriptions.filter_map(|of| of.conversion.as_ref());
        conversions
            .filter(|of| of.is_sent && !of.is_duplicate)
            .count()
    }
}

/// What a destination makes of an event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DestinationReport<'a> {
    /// Its name.
    pub destination: &'a str,
    /// The id of its dataset.
    pub dataset_id: &'a str,
    /// The sources whose events it takes; nothing where it takes all. The event
    /// is explained as if it came through one of them.
    pub sources: Option<&'a [String]>,
    /// Whether the event's `integrations` let it have the event.
    pub switched_on: bool,
    /// The key of `integrations` that says so; nothing where none does.
    pub switched_by: Option<&'a str>,
    /// Its subscriptions, in the order of the configuration; none where the
    /// event is switched off.
    pub subscriptions: Vec<SubscriptionReport<'a>>,
    /// The actions that would take the event and that it has no subscription to;
    /// none where the event is switched off.
    pub off: Vec<ActionNotSubscribed>,
}

/// What a subscription makes of an event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SubscriptionReport<'a> {
    /// Its action.
    pub action: &'static str,
    /// Which events it takes.
    pub trigger: &'a str,
    /// Whether it takes this one.
    pub matched: bool,
    /// The clauses of the trigger that decided it: those that hold where it
    /// matched, those that fail where it did not.
    pub clauses: Vec<DecidingClause<'a>>,
    /// What it makes of it, where it takes it.
    pub conversion: Option<Conversion<'a>>,
}

/// One conversion.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Conversion<'a> {
    /// Whether it would be sent.
    #[serde(rename = "sent")]
    pub is_sent: bool,
    /// Whether it is the same as one before it, by name, id and dataset, so that it
    /// would be dropped as a duplicate.
    #[serde(rename = "duplicate")]
    pub is_duplicate: bool,
    /// What each field was made from.
    pub fields: Vec<Mapped<'a>>,
    /// How the identifiers were normalized and hashed.
    pub identifiers: Vec<IdentifierReport<'a>>,
    /// How each check ended.
    pub checks: Vec<Check>,
    /// Meta's event: as it would be sent, or as far as it could be made.
    pub event: Shown<'a>,
    /// The test code that it would be sent with.
    pub test_event_code: Option<Shown<'a>>,
    /// How well it can be expected to be matched.
    pub match_quality: MatchQuality,
    /// What makes it one and not another, where it has an id.
    #[serde(skip)]
    identity: Option<[Box<str>; 2]>,
}

impl<'a> Conversion<'a> {
    /// Gives it the test code of its destination's configuration, where it has none.
    pub fn default_test_event_code(&mut self, code: Option<&'a str>) {
        let code = code.map(|code| Shown::as_is(Json::Str(code)));
        self.test_event_code = self.test_event_code.or(code);
    }
}

/// Explains the event that came as `root`. `generate` makes the id of one that has
/// none. Each destination is explained as if the event came through one of its
/// sources.
///
/// ```
/// # mod shop { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/shop.rs")); }
/// // `shop` has a destination that takes completed orders, and such an order.
/// use capi_core::event::{Arena, Json};
/// use capi_core::explain::{ExplainOptions, explain};
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
/// let destinations = [shop::destination()?];
/// let setting = ExplainOptions {
///     destinations: &destinations,
///     now,
///     actions: &[&shop::PURCHASE],
///     raw: false,
///     arena: &arena,
/// };
/// let explanation = explain(root, setting, &mut || "new-id".into())
///     .map_err(|reason| reason.message)?;
///
/// assert_eq!(explanation.sent(), 1);
/// let purchase = &explanation.destinations[0].subscriptions[0];
/// assert!(purchase.matched);
/// let conversion = purchase.conversion.as_ref().ok_or("no conversion")?;
/// let value = conversion.fields.iter().find(|field| field.field == "value");
/// assert_eq!(value.map(|field| field.to.as_str()), Some("custom_data.value"));
/// // Nobody is shown whose event it is.
/// let json = serde_json::to_string(&explanation)?;
/// assert!(json.contains(r#""sent":true"#) && !json.contains("ana@example.com"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// It is not an event: `root` is not an object, or its type is none of
/// [`TYPES`](crate::event::TYPES).
pub fn explain<'a>(
    root: Json<'a>,
    setting: ExplainOptions<'a>,
    generate: &mut dyn FnMut() -> String,
) -> Result<Explanation<'a>, Diagnostic> {
    // As the server would take it now.
    let arrival = Arrival::at(setting.now);
    let event = Event::receive(root, &arrival, setting.arena, generate)?;
    let explainer = Explainer {
        event,
        redactor: Redactor::new(event, setting),
        setting,
    };
    let mut destinations: Vec<DestinationReport<'a>> = setting
        .destinations
        .iter()
        .map(|destination| explainer.destination(destination))
        .collect();
    repeat::mark(&mut destinations);
    Ok(Explanation {
        masked: !setting.raw,
        event: explainer.own_fields(),
        received: received::changes(root, event, &explainer.redactor),
        destinations,
    })
}
