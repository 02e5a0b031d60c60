//! What receiving an event changed of it.

use jiff::Timestamp;
use serde::Serialize;

use super::Shown;
use super::redactor::Redactor;
use crate::event::Event;
use crate::json::Json;

/// A field that is not as it came.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change<'a> {
    /// The field of the event.
    pub field: &'static str,
    /// What happened to it.
    pub change: ChangeKind,
    /// What came, if anything.
    pub from: Option<Shown<'a>>,
    /// What it is now, if anything.
    pub to: Option<Shown<'a>>,
}

/// What happened to a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// There was none, and one was made.
    Made,
    /// It was corrected by what else the event says.
    Corrected,
}

/// A value that should be a time: one that is tells of nobody, whatever digits it has.
pub(super) fn time<'a>(value: Json<'a>, redactor: &Redactor<'a>) -> Shown<'a> {
    match value.as_str().map(str::parse::<Timestamp>) {
        Some(Ok(_)) => Shown::as_is(value),
        _ => redactor.any(value),
    }
}

/// The changes from what came as `root` to `event`.
pub(super) fn changes<'a>(
    root: Json<'a>,
    event: Event<'a>,
    redactor: &Redactor<'a>,
) -> Vec<Change<'a>> {
    let shown = |value| time(value, redactor);
    let said = |value: Option<Json<'a>>| value.filter(|value| !value.is_blank());
    let each = ["messageId", "timestamp"].into_iter().filter_map(|field| {
        let (from, to) = (said(root.get(field)), said(event.get(field)));
        let change = match (from, to) {
            (None, Some(_)) => ChangeKind::Made,
            (Some(from), to) if Some(from) != to => ChangeKind::Corrected,
            _ => return None,
        };
        Some(Change {
            field,
            change,
            from: from.map(shown),
            to: to.map(shown),
        })
    });
    each.collect()
}
