//! A value as it is in a statement.

use crate::json::Number;

/// A single value; a list of them is a [`Term::List`](super::tree::Term::List).
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Literal {
    Null,
    Bool(bool),
    Number(Number),
    Text(Box<str>),
}

impl Literal {
    /// The number that `text` writes: an optional sign, digits, an optional
    /// fraction and exponent. `None` where it is none or beyond a double.
    pub(super) fn number(text: &str) -> Option<Number> {
        let text = text.strip_prefix('+').unwrap_or(text);
        if let Ok(integer) = text.parse::<i64>() {
            return Some(integer.into());
        }
        if let Ok(integer) = text.parse::<u64>() {
            return Some(Number::Unsigned(integer));
        }
        text.parse()
            .ok()
            .filter(|value: &f64| value.is_finite())
            .map(Number::Float)
    }
}
