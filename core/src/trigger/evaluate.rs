//! Whether a statement holds for an event.

use super::glob::Glob;
use super::tree::{Condition, Pattern, Term};
use super::value::{Items, Value};
use crate::json::Json;

impl Condition {
    pub(super) fn holds(&self, event: Json<'_>) -> bool {
        match self {
            Self::All(conditions) => conditions.iter().all(|condition| condition.holds(event)),
            Self::Any(conditions) => conditions.iter().any(|condition| condition.holds(event)),
            Self::Not(condition) => !condition.holds(event),
            Self::Holds(term) => matches!(term.value(event), Value::Bool(true)),
            Self::Compare {
                left,
                comparison,
                right,
            } => left.value(event).compares(*comparison, &right.value(event)),
            Self::Within { item, list } => match list.value(event) {
                Value::List(items) => items.hold(&item.value(event)),
                _ => false,
            },
        }
    }
}

impl Term {
    fn value<'a>(&'a self, event: Json<'a>) -> Value<'a> {
        match self {
            Self::Path(keys) => keys
                .iter()
                .try_fold(event, |value, key| value.get(key))
                .map_or(Value::Null, Value::from),
            Self::Literal(literal) => literal.into(),
            Self::List(items) => Value::List(Items::Fixed(items)),
            Self::Contains { text, part } => {
                let (text, part) = (text.value(event), part.value(event));
                Value::Bool(match (text.as_text(), part.as_text()) {
                    (Some(text), Some(part)) => text.contains(part),
                    _ => false,
                })
            }
            Self::Match { text, pattern } => Value::Bool(
                text.value(event)
                    .as_text()
                    .is_some_and(|text| pattern.matches(text, event)),
            ),
            Self::Apply(function, term) => term.value(event).apply(*function),
        }
    }
}

impl Pattern {
    fn matches(&self, text: &str, event: Json<'_>) -> bool {
        match self {
            Self::Fixed(glob) => glob.matches(text),
            Self::Computed(term) => term
                .value(event)
                .as_text()
                .and_then(|pattern| Glob::parse(pattern).ok())
                .is_some_and(|glob| glob.matches(text)),
        }
    }
}
