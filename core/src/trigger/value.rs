//! A value while a statement is evaluated: of the event, of the statement, or
//! built by a function.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::literal::Literal;
use super::tree::{Comparison, Unary};
use super::words;
use crate::json::{Json, Number};
use crate::mapping::number_text;

#[derive(Clone, Debug)]
pub(super) enum Value<'a> {
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'a, str>),
    List(Items<'a>),
    Object(Json<'a>),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Items<'a> {
    Event(&'a [Json<'a>]),
    Fixed(&'a [Literal]),
}

impl<'a> From<Json<'a>> for Value<'a> {
    fn from(json: Json<'a>) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(value),
            Json::Number(number) => Self::Number(number),
            Json::Str(text) => Self::Text(Cow::Borrowed(text)),
            Json::List(items) => Self::List(Items::Event(items)),
            Json::Object(_) => Self::Object(json),
        }
    }
}

impl<'a> From<&'a Literal> for Value<'a> {
    fn from(literal: &'a Literal) -> Self {
        match literal {
            Literal::Null => Self::Null,
            Literal::Bool(value) => Self::Bool(*value),
            Literal::Number(number) => Self::Number(*number),
            Literal::Text(text) => Self::Text(Cow::Borrowed(text)),
        }
    }
}

impl<'a> Items<'a> {
    const fn len(self) -> usize {
        match self {
            Self::Event(items) => items.len(),
            Self::Fixed(items) => items.len(),
        }
    }

    fn iter(self) -> impl Iterator<Item = Value<'a>> {
        let (event, fixed): (&[Json<'a>], &[Literal]) = match self {
            Self::Event(items) => (items, &[]),
            Self::Fixed(items) => (&[], items),
        };
        event
            .iter()
            .map(|item| Value::from(*item))
            .chain(fixed.iter().map(Value::from))
    }

    /// Whether one of the items is `value`.
    pub(super) fn hold(self, value: &Value<'_>) -> bool {
        self.iter().any(|item| item.equals(value))
    }
}

impl<'a> Value<'a> {
    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The same type and the same value. Objects are equal when they hold the
    /// same members in the same order.
    fn equals(&self, other: &Value<'_>) -> bool {
        match (self, other) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Number(a), Value::Number(b)) => a == b,
            (Value::Text(a), Value::Text(b)) => a == b,
            (Value::List(Items::Event(a)), Value::List(Items::Event(b))) => a == b,
            (Value::List(a), Value::List(b)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.equals(&b))
            }
            (Value::Object(a), Value::Object(b)) => a == b,
            _ => false,
        }
    }

    pub(super) fn compares(&self, comparison: Comparison, other: &Value<'_>) -> bool {
        let ordered = |wanted: fn(Ordering) -> bool| match (self, other) {
            (Value::Number(a), Value::Number(b)) => order(*a, *b).is_some_and(wanted),
            _ => false,
        };
        match comparison {
            Comparison::Equal => self.equals(other),
            Comparison::NotEqual => !self.equals(other),
            Comparison::Below => ordered(Ordering::is_lt),
            Comparison::AtMost => ordered(Ordering::is_le),
            Comparison::Above => ordered(Ordering::is_gt),
            Comparison::AtLeast => ordered(Ordering::is_ge),
        }
    }

    /// What `function` makes of this value.
    pub(super) fn apply(self, function: Unary) -> Self {
        match function {
            Unary::Length => match self {
                Value::Null => count(0),
                Value::Text(text) => count(text.len()),
                Value::List(items) => count(items.len()),
                _ => Value::Null,
            },
            Unary::TypeOf => Value::Text(Cow::Borrowed(match self {
                Value::Null => "null",
                Value::Bool(_) => "bool",
                Value::Number(_) => "number",
                Value::Text(_) => "string",
                Value::List(_) => "list",
                Value::Object(_) => "object",
            })),
            Unary::Bool => match self.as_text() {
                Some("true") => Value::Bool(true),
                Some("false") => Value::Bool(false),
                _ => self.only(|value| matches!(value, Value::Bool(_))),
            },
            Unary::Number => match self.as_text() {
                Some(text) => Literal::number(text.trim()).map_or(Value::Null, Value::Number),
                None => self.only(|value| matches!(value, Value::Number(_))),
            },
            Unary::Text => match self {
                Value::Bool(true) => Value::Text(Cow::Borrowed("true")),
                Value::Bool(false) => Value::Text(Cow::Borrowed("false")),
                Value::Number(number) => Value::Text(Cow::Owned(number_text(number))),
                other => other.only(|value| matches!(value, Value::Text(_))),
            },
            Unary::Lowercase => self.rewrite(str::to_lowercase),
            Unary::Uppercase => self.rewrite(str::to_uppercase),
            Unary::Snakecase => self.rewrite(|text| words::joined(text, "_")),
            Unary::Kebabcase => self.rewrite(|text| words::joined(text, "-")),
            Unary::Titlecase => self.rewrite(words::titled),
        }
    }

    fn only(self, wanted: fn(&Self) -> bool) -> Self {
        if wanted(&self) { self } else { Value::Null }
    }

    fn rewrite(self, rewrite: impl Fn(&str) -> String) -> Self {
        self.as_text()
            .map_or(Value::Null, |text| Value::Text(Cow::Owned(rewrite(text))))
    }
}

fn count(length: usize) -> Value<'static> {
    Value::Number(Number::Unsigned(length as u64))
}

/// Integers are compared exactly, anything else as doubles.
fn order(left: Number, right: Number) -> Option<Ordering> {
    match (left, right) {
        (Number::Unsigned(a), Number::Unsigned(b)) => Some(a.cmp(&b)),
        (Number::Signed(a), Number::Signed(b)) => Some(a.cmp(&b)),
        (Number::Long(a), Number::Long(b)) => Some(a.get().cmp(&b.get())),
        (a, b) => a.to_f64().partial_cmp(&b.to_f64()),
    }
}
