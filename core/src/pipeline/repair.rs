//! A stored event taken up again: what somebody changes of it goes through all
//! checks once more.
//!
//! What is stored is Meta's event, hashed: of a rejected conversion, or of one
//! that Meta refused. It is laid out as a draft again, changed, and sent through
//! the same steps as every draft; digests pass them unchanged, and an identifier
//! that the change brings is normalized and hashed.

mod edit;

use jiff::Timestamp;
use tower::Service as _;

pub use edit::{Edit, EditError};

use super::admit::Admitted;
use super::diagnostics::Diagnostics;
use super::pipeline;
use super::stages::{Context, MOST_VALUES, Mapped};
use crate::Spec;
use crate::destination::Destination;
use crate::field::app::EXTINFO;
use crate::field::append::ATTRIBUTION_DATA;
use crate::field::event::EVENT_NAME;
use crate::json::{Arena, Json};
use crate::rejection::Rejection;

/// The action of events of which it is not known any more.
static ANY: Spec = Spec {
    slug: "any",
    title: "Any",
    description: "An event whose action is not known.",
    event_name: None,
    default_trigger: None,
    on_by_default: false,
    fields: &[EVENT_NAME, ATTRIBUTION_DATA],
    example: "{}",
};

/// Changes a stored event and checks it: what `action` requires, and what
/// `destination` and Meta do. Without an action, only what holds for every event.
///
/// `stored` is one event as JSON, as [`RejectedEvent::json`](crate::RejectedEvent::json)
/// and [`ServerEvent::json`](crate::ServerEvent::json) give it; `now` is what its age is
/// judged by. The inner result is that of the checks, the outer one that of the edits.
///
/// ```
/// # mod shop { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/shop.rs")); }
/// // `shop` has a destination that takes completed orders, and such an order.
/// use capi_core::event::{Arena, Json};
/// use capi_core::pipeline::{Edit, repair};
/// use capi_core::rejection::Code;
///
/// let stored = br#"{
///     "event_name": "Purchase",
///     "event_time": 1795867200,
///     "event_id": "order-17",
///     "action_source": "website",
///     "user_data": { "external_id": ["u-1"] },
///     "custom_data": { "value": "lots", "currency": "EUR" }
/// }"#;
/// let now: jiff::Timestamp = "2026-11-28T13:00:00Z".parse()?;
/// let destination = shop::destination()?;
///
/// // As it is, it is rejected again.
/// let rejection = repair(stored, &[], Some(&shop::PURCHASE), &destination, now)?.unwrap_err();
/// assert_eq!(rejection.reasons[0].code, Code::InvalidType);
///
/// let edit: Edit = "custom_data.value=25.5".parse()?;
/// let admitted = repair(stored, &[edit], Some(&shop::PURCHASE), &destination, now)??;
/// let arena = Arena::new();
/// let json = Json::parse(&arena, admitted.event.json())?;
/// assert_eq!(json.at(&["custom_data", "value"]).map(Json::to_text).as_deref(), Some("25.5"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// An edit names no field, brings a value that is left out or taken by halves, or nests
/// the event too deep; or what is stored is not an event.
pub fn repair(
    stored: &[u8],
    edits: &[Edit],
    action: Option<&'static Spec>,
    destination: &Destination,
    now: Timestamp,
) -> Result<Result<Admitted, Rejection>, EditError> {
    let arena = Arena::new();
    let action = action.unwrap_or(&ANY);
    let root = Json::parse(&arena, stored)
        .ok()
        .and_then(Json::as_object)
        .ok_or(EditError::Stored)?;
    let mut draft = draft(root, action, &arena);
    for edit in edits {
        draft = edit.apply(draft, action, &arena)?;
    }
    let outcome = pipeline()
        .call(Mapped {
            context: Context {
                destination,
                action,
                click_id_from: None,
                source_event: None,
                sources: None,
                // What is stored holds both hashes of each value.
                most_values: 2 * MOST_VALUES,
                now,
                arena: &arena,
            },
            draft,
            findings: Diagnostics::default(),
        })
        .into_inner();
    // What a client sends is worth more than one key of it; what somebody sets by
    // hand is to be there.
    if let Ok(admitted) = &outcome
        && let Some(refused) = edits
            .iter()
            .find_map(|edit| edit.refused(&admitted.warnings))
    {
        return Err(refused);
    }
    Ok(outcome)
}

/// The draft of which Meta's event was made.
fn draft<'a>(root: &'a [(&'a str, Json<'a>)], action: &'static Spec, arena: &'a Arena) -> Json<'a> {
    let mut draft = Vec::with_capacity(root.len() + 8);
    for &(key, value) in root {
        match (key, value) {
            ("custom_data", Json::Object(members)) => {
                let is_own = |(key, _): &&(&str, Json<'_>)| action.custom_field(key).is_some();
                draft.extend(members.iter().filter(is_own));
                let free: Vec<_> = members
                    .iter()
                    .filter(|member| !is_own(member))
                    .copied()
                    .collect();
                draft.push((key, Json::Object(arena.list(&free))));
            }
            ("app_data", Json::Object(members)) => {
                draft.push(("app_data_field", app_data(members, arena)));
            }
            ("data_processing_options", Json::List(options)) => {
                draft.push((key, Json::Bool(options.contains(&Json::Str("LDU")))));
            }
            // So far ahead that a reader would take the seconds for milliseconds.
            ("event_time", Json::Number(seconds)) => {
                let seconds = seconds.to_i64().filter(|seconds| *seconds > 10_000_000_000);
                let time = seconds.map(|seconds| seconds.saturating_mul(1000));
                draft.push((key, time.map_or(value, |time| Json::Number(time.into()))));
            }
            _ => draft.push((key, value)),
        }
    }
    Json::Object(arena.list(&draft))
}

/// The members of which `app_data` was made.
fn app_data<'a>(members: &'a [(&'a str, Json<'a>)], arena: &'a Arena) -> Json<'a> {
    let mut given = vec![("use_app_data", Json::Bool(true))];
    for &(key, value) in members {
        match (key, value) {
            ("extinfo", Json::List(slots)) => {
                let filled = EXTINFO.into_iter().zip(slots.iter().copied());
                given.extend(filled.filter(|(_, value)| !value.is_blank()));
            }
            _ => given.push((key, value)),
        }
    }
    Json::Object(arena.list(&given))
}
