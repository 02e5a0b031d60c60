//! Which of many triggers an event can match, found by its `type` and `event`
//! instead of by asking each.

use std::collections::HashMap;

use super::{Trigger, nearly};
use crate::json::Json;

/// The places of triggers in a list, by what they ask for.
///
/// Its answer is never too small: a trigger that it leaves out does not match.
/// Those that it gives must still be asked.
///
/// ```
/// use capi_core::event::{Arena, Json};
/// use capi_core::trigger::{Trigger, TriggerIndex};
///
/// let triggers = [
///     Trigger::parse(r#"event = "Signed Up" and properties.plan = "pro""#)?,
///     Trigger::parse(r#"type = "page""#)?,
/// ];
/// let index = TriggerIndex::new(&triggers);
/// let arena = Arena::new();
/// let event = Json::parse(&arena, br#"{"type":"track","event":"Signed Up"}"#)?;
///
/// // The first may match, the second cannot; asked, the first does not either.
/// assert!(index.candidates(event).eq([0]));
/// assert!(!triggers[0].matches(event));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct TriggerIndex {
    /// By the `event` that they ask for.
    by_event: HashMap<Box<str>, Vec<usize>>,
    /// By the `type` that they ask for, whatever the `event`.
    by_kind: HashMap<Box<str>, Vec<usize>>,
    /// Those that say neither.
    always: Vec<usize>,
    /// The `event`s that they ask for, by what is nearly the same.
    nearly: HashMap<String, Box<str>>,
}

impl TriggerIndex {
    /// An index of `triggers`, each named by its place.
    #[must_use]
    pub fn new<'t>(triggers: impl IntoIterator<Item = &'t Trigger>) -> Self {
        let mut index = Self::default();
        for (place, trigger) in triggers.into_iter().enumerate() {
            let Some(anchors) = trigger.anchors() else {
                index.always.push(place);
                continue;
            };
            for anchor in anchors {
                for key in anchor.event.and_then(nearly::keys).into_iter().flatten() {
                    let name = || anchor.event.unwrap_or_default().into();
                    index.nearly.entry(key).or_insert_with(name);
                }
                let places = match (anchor.event, anchor.kind) {
                    (Some(event), _) => index.by_event.entry(event.into()).or_default(),
                    (None, Some(kind)) => index.by_kind.entry(kind.into()).or_default(),
                    (None, None) => &mut index.always,
                };
                if places.last() != Some(&place) {
                    places.push(place);
                }
            }
        }
        index
    }

    /// The `event` that a trigger asks for and that of `event` is not, but for its case,
    /// what is between its words, or their order. For events that no trigger takes:
    /// it costs more than finding those that do.
    ///
    /// ```
    /// use capi_core::event::{Arena, Json};
    /// use capi_core::trigger::{Trigger, TriggerIndex};
    ///
    /// let trigger = Trigger::parse(r#"type = "track" and event = "Order Completed""#)?;
    /// let index = TriggerIndex::new([&trigger]);
    /// let arena = Arena::new();
    /// let event = Json::parse(&arena, br#"{"type":"track","event":"completed_order"}"#)?;
    /// assert_eq!(index.nearly(event), Some("Order Completed"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn nearly(&self, event: Json<'_>) -> Option<&str> {
        let name = event.get("event")?.as_str()?;
        // What is called so exactly is not taken for another reason.
        if self.nearly.is_empty() || self.by_event.contains_key(name) {
            return None;
        }
        let keys = nearly::keys(name)?;
        let found = keys.iter().find_map(|key| self.nearly.get(key))?;
        (**found != *name).then_some(found)
    }

    /// The places of the triggers that may match `event`, in order, each once.
    pub fn candidates(&self, event: Json<'_>) -> impl Iterator<Item = usize> {
        Merge([
            found(&self.by_event, event.get("event")),
            found(&self.by_kind, event.get("type")),
            &self.always,
        ])
    }
}

fn found<'i>(index: &'i HashMap<Box<str>, Vec<usize>>, value: Option<Json<'_>>) -> &'i [usize] {
    value
        .and_then(Json::as_str)
        .and_then(|value| index.get(value))
        .map_or(&[], Vec::as_slice)
}

/// Sorted lists as one.
struct Merge<'i>([&'i [usize]; 3]);

impl Iterator for Merge<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let least = self
            .0
            .iter()
            .filter_map(|list| list.first())
            .min()
            .copied()?;
        for list in &mut self.0 {
            if let [first, rest @ ..] = list
                && *first == least
            {
                *list = rest;
            }
        }
        Some(least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Arena;

    fn candidates(statements: &[&str], event: &str) -> Vec<usize> {
        let triggers: Vec<Trigger> = statements
            .iter()
            .map(|statement| Trigger::parse(statement).unwrap())
            .collect();
        let arena = Arena::new();
        let event = Json::parse(&arena, event.as_bytes()).unwrap();
        let found: Vec<usize> = TriggerIndex::new(&triggers).candidates(event).collect();
        for (place, trigger) in triggers.iter().enumerate() {
            assert!(
                found.contains(&place) || !trigger.matches(event),
                "{}",
                trigger.text()
            );
        }
        found
    }

    #[test]
    fn only_those_that_can_match_are_asked_in_their_order() {
        let statements = [
            "type = 'page'",
            "type = 'track' and event = 'A'",
            "properties.x",
            "type = 'track' and (event = 'B' or event = 'A' or event = 'B')",
            "type = 'track' or type = 'page'",
            "event = 'A' or type = 'page'",
            "type = 'page' and type = 'track'",
        ];
        for (event, places) in [
            (r#"{"type":"track","event":"A"}"#, &[1, 2, 3, 4, 5][..]),
            (r#"{"type":"track","event":"B"}"#, &[2, 3, 4]),
            (r#"{"type":"page"}"#, &[0, 2, 4, 5]),
            (r#"{"type":"page","event":"A"}"#, &[0, 1, 2, 3, 4, 5]),
            (r#"{"type":5,"event":["A"]}"#, &[2]),
            ("[]", &[2]),
        ] {
            assert_eq!(candidates(&statements, event), places, "{event}");
        }
    }

    #[test]
    fn one_of_fifty_is_asked() {
        let statements: Vec<String> = (0..50)
            .map(|number| format!("type = 'track' and event = 'Event {number}'"))
            .collect();
        let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
        let found = candidates(&statements, r#"{"type":"track","event":"Event 7"}"#);
        assert_eq!(found, [7]);
    }
}
