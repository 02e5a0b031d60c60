//! The event's id as the mapping gave it, or the message id where that is none.
//!
//! Two events with one id are one event, for the queue and for Meta: of a mapping
//! that makes `order-` of every order without an id, only the first order would
//! be sent.

use super::diagnostics::Diagnostics;
use crate::event::{Event, is_id};
use crate::json::{Arena, Json};
use crate::mapping::Draft;
use crate::rejection::{Code, Diagnostic};

const KEY: &str = "event_id";

/// The draft with an event id that tells its event from others, or with none.
pub(super) fn settle<'a>(
    draft: Draft<'a>,
    event: Event<'a>,
    arena: &'a Arena,
    findings: &mut Diagnostics,
) -> Json<'a> {
    let Draft { value, id_has_hole } = draft;
    let is_wrong = value.get(KEY).is_some_and(|id| !id.is_null() && !is_id(id));
    if !id_has_hole && !is_wrong {
        return value;
    }
    let other = event.get("messageId").filter(|id| is_id(*id));
    let instead = match other {
        Some(_) => "the message id is sent in its place",
        None => "none is sent",
    };
    findings.warn(match id_has_hole {
        true => Diagnostic::new(
            Code::EventIdWithHole,
            KEY,
            format!("the mapping's template fills nothing in, so that other events would have the same id; {instead}; map the id to something that every event has, or give another with `@coalesce`, `@if` or `default`"),
        ),
        false => Diagnostic::new(
            Code::UnusableEventId,
            KEY,
            format!("the mapping gave nothing that tells the event from others, such as a word for no value; {instead}"),
        ),
    });
    let members = value.as_object().unwrap_or_default().iter().copied();
    let mut settled: Vec<_> = members.filter(|(key, _)| *key != KEY).collect();
    settled.extend(other.map(|id| (KEY, id)));
    Json::Object(arena.list(&settled))
}
