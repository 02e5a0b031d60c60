//! The operators of expressions.

use std::cmp::Ordering;

use super::value::{Value, is_space};
use crate::event::Json;

/// An operator of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterEqual,
    LessEqual,
    Contains,
    Not,
    And,
    Or,
}

/// How they are written. Of two that begin alike the longer comes first.
pub(super) const OPERATORS: &[(&str, Operator)] = &[
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    (">=", Operator::GreaterEqual),
    ("<=", Operator::LessEqual),
    (">", Operator::Greater),
    ("<", Operator::Less),
    ("contains", Operator::Contains),
    ("not", Operator::Not),
    ("and", Operator::And),
    ("or", Operator::Or),
];

impl Operator {
    /// What binds more strongly has more; equals bind from the right.
    pub(super) const fn precedence(self) -> u8 {
        match self {
            Self::And | Self::Or => 0,
            Self::Not => 1,
            _ => 2,
        }
    }

    /// Applies the operator; `not` looks at `right` only.
    pub(super) fn apply(self, left: Value<'_>, right: Value<'_>) -> bool {
        match self {
            Self::Equal => equal(left, right),
            Self::NotEqual => !equal(left, right),
            Self::Greater => ordered(left, right, |order| order == Ordering::Greater),
            Self::Less => ordered(left, right, |order| order == Ordering::Less),
            Self::GreaterEqual => ordered(left, right, |order| order != Ordering::Less),
            Self::LessEqual => ordered(left, right, |order| order != Ordering::Greater),
            Self::Contains => contains(left, right),
            Self::Not => !right.is_truthy(),
            Self::And => left.is_truthy() && right.is_truthy(),
            Self::Or => left.is_truthy() || right.is_truthy(),
        }
    }
}

pub(super) fn equal(left: Value<'_>, right: Value<'_>) -> bool {
    match (left, right) {
        (Value::Nil, other) | (other, Value::Nil) => other.is_nil(),
        (Value::Empty | Value::Blank, Value::Empty | Value::Blank) => false,
        (Value::Empty, other) | (other, Value::Empty) => is_empty(other),
        (Value::Blank, other) | (other, Value::Blank) => is_blank(other),
        (Value::Undefined, other) | (other, Value::Undefined) => {
            matches!(other, Value::Undefined)
        }
        (Value::Json(left), Value::Json(right)) => json_equal(left, right),
    }
}

/// Objects are equal where they are the same one.
fn json_equal(left: Json<'_>, right: Json<'_>) -> bool {
    match (left, right) {
        (Json::List(left), Json::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(a, b)| json_equal(*a, *b))
        }
        (Json::Object(left), Json::Object(right)) => std::ptr::eq(left, right),
        _ => left == right,
    }
}

fn is_empty(value: Value<'_>) -> bool {
    match value {
        Value::Json(Json::Str(text)) => text.is_empty(),
        Value::Json(Json::List(items)) => items.is_empty(),
        Value::Json(Json::Object(members)) => members.is_empty(),
        _ => false,
    }
}

fn is_blank(value: Value<'_>) -> bool {
    match value {
        Value::Json(Json::Bool(false)) => true,
        Value::Json(Json::Str(text)) => text.chars().all(is_space),
        _ => value.is_nil() || is_empty(value),
    }
}

/// JavaScript's `<` and its like: texts by their UTF-16 units, anything else
/// as numbers; nothing is less or greater than what is no number.
fn ordered(left: Value<'_>, right: Value<'_>, wanted: fn(Ordering) -> bool) -> bool {
    let is_word = |value| matches!(value, Value::Nil | Value::Empty | Value::Blank);
    if is_word(left) || is_word(right) {
        return false;
    }
    let is_text = |value| {
        matches!(
            value,
            Value::Json(Json::Str(_) | Json::List(_) | Json::Object(_))
        )
    };
    let order = if is_text(left) && is_text(right) {
        let (left, right) = (left.script_text(), right.script_text());
        Some(left.encode_utf16().cmp(right.encode_utf16()))
    } else {
        left.to_double().partial_cmp(&right.to_double())
    };
    order.is_some_and(wanted)
}

fn contains(left: Value<'_>, right: Value<'_>) -> bool {
    match left.plain() {
        Value::Json(Json::List(items)) => items.iter().any(|item| equal(Value::Json(*item), right)),
        Value::Json(Json::Str(text)) => text.contains(&*right.plain().script_text()),
        _ => false,
    }
}
