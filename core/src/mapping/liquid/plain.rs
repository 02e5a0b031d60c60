//! What a value of a template is, and how JavaScript converts it.

use std::borrow::Cow;
use std::cmp::Ordering;

use liquid_core::ValueView;
use liquid_core::model::{ArrayView, KStringCow, State, Value};

use super::super::text::double_text;
use crate::json::{Arena, Json, Number};

/// A value by its kind.
pub(super) enum Plain<'v> {
    Nil,
    /// The words `empty` and `blank`.
    Word(State),
    Bool(bool),
    Number(f64),
    Text(Cow<'v, str>),
    List(&'v dyn ArrayView),
    Object(Members<'v>),
}

impl<'v> Plain<'v> {
    pub(super) fn of(value: &'v dyn ValueView) -> Self {
        if value.is_nil() {
            return Self::Nil;
        }
        if let Some(word) = value.as_state() {
            return Self::Word(word);
        }
        if value.is_object() || is_object(value) {
            return Self::Object(Members(value));
        }
        if let Some(items) = value.as_array() {
            return Self::List(items);
        }
        let Some(scalar) = value.as_scalar() else {
            return Self::Nil;
        };
        // The kinds of numbers are distinguished by name alone.
        match (scalar.to_bool(), scalar.type_name()) {
            (Some(value), _) => Self::Bool(value),
            (_, "string") => Self::Text(scalar.into_cow_str()),
            _ => Self::Number(scalar.to_float().unwrap_or(f64::NAN)),
        }
    }

    /// Whether Liquid takes the value for true: `0` and `""` are.
    pub(super) const fn is_truthy(&self) -> bool {
        !matches!(self, Self::Nil | Self::Bool(false))
    }

    /// Whether JavaScript takes the value for true: `0` and `""` are not.
    pub(super) fn is_script_true(&self) -> bool {
        match self {
            Self::Nil | Self::Bool(false) => false,
            Self::Number(number) => *number != 0.0 && !number.is_nan(),
            Self::Text(text) => !text.is_empty(),
            _ => true,
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::List(items) => items.size() == 0,
            Self::Object(members) => members.iter().next().is_none(),
            _ => false,
        }
    }

    fn is_blank(&self) -> bool {
        match self {
            Self::Nil | Self::Bool(false) => true,
            Self::Text(text) => text.chars().all(is_space),
            _ => self.is_empty(),
        }
    }

    fn is(&self, word: State) -> bool {
        match word {
            State::Empty => self.is_empty(),
            _ => self.is_blank(),
        }
    }
}

/// What begins the list that stands for an object in the crate's own values:
/// the keys and their values behind it. The crate's own objects forget the
/// order of their members. No template can write this.
const OBJECT: State = State::Truthy;

fn is_object(value: &dyn ValueView) -> bool {
    let first = value.as_array().and_then(ArrayView::first);
    first.and_then(ValueView::as_state) == Some(OBJECT)
}

/// An object as a value of the crate.
pub(super) fn object_value(members: &[(&str, Json<'_>)]) -> Value {
    let members = members.iter();
    let pairs =
        members.flat_map(|(key, value)| [Value::scalar((*key).to_owned()), value.to_value()]);
    Value::array(std::iter::once(Value::State(OBJECT)).chain(pairs))
}

/// The members of an object.
#[derive(Clone, Copy)]
pub(super) struct Members<'v>(&'v dyn ValueView);

impl<'v> Members<'v> {
    pub(super) fn iter(self) -> Box<dyn Iterator<Item = (KStringCow<'v>, &'v dyn ValueView)> + 'v> {
        match (self.0.as_object(), self.0.as_array()) {
            (Some(members), _) => members.iter(),
            (_, Some(items)) => {
                let keys = items.values().skip(1).step_by(2).map(ValueView::to_kstr);
                Box::new(keys.zip(items.values().skip(2).step_by(2)))
            }
            _ => Box::new(std::iter::empty()),
        }
    }
}

/// A value of the crate as JSON.
pub(super) fn json<'a>(value: &dyn ValueView, arena: &'a Arena) -> Json<'a> {
    match Plain::of(value) {
        Plain::Nil => Json::Null,
        Plain::Word(_) => Json::Str(""),
        Plain::Bool(value) => Json::Bool(value),
        Plain::Text(text) => Json::Str(arena.text(&text)),
        Plain::Number(number) => {
            let whole = value.as_scalar().and_then(|scalar| scalar.to_integer());
            Json::Number(match whole.map(|whole| (whole, u64::try_from(whole))) {
                Some((_, Ok(whole))) => Number::Unsigned(whole),
                Some((whole, _)) => Number::Signed(whole),
                None => Number::Float(number),
            })
        }
        Plain::List(items) => {
            let items: Vec<_> = items.values().map(|item| json(item, arena)).collect();
            Json::List(arena.list(&items))
        }
        Plain::Object(members) => {
            let members: Vec<_> = members
                .iter()
                .map(|(key, value)| (arena.text(&key), json(value, arena)))
                .collect();
            Json::Object(arena.list(&members))
        }
    }
}

/// What `{{ value }}` shows: the items of a list stand side by side.
pub(super) fn text(value: &dyn ValueView) -> Cow<'_, str> {
    joined(value, "")
}

/// JavaScript's `String(value)`: the items of a list with commas.
pub(super) fn script_text(value: &dyn ValueView) -> Cow<'_, str> {
    joined(value, ",")
}

fn joined<'v>(value: &'v dyn ValueView, separator: &str) -> Cow<'v, str> {
    match Plain::of(value) {
        Plain::Nil | Plain::Word(_) => Cow::Borrowed(""),
        Plain::Text(text) => text,
        Plain::Number(number) if value.type_name() == "fractional number" => {
            double_text(number).into()
        }
        // Integers keep all their digits.
        Plain::Number(_) => value.to_kstr().into_cow_str(),
        Plain::Bool(value) => Cow::Borrowed(if value { "true" } else { "false" }),
        Plain::Object(_) => Cow::Borrowed("[object Object]"),
        Plain::List(items) => {
            let items: Vec<_> = items.values().map(|item| joined(item, separator)).collect();
            items.join(separator).into()
        }
    }
}

/// JavaScript's `Number(value)`.
pub(super) fn number(value: &dyn ValueView) -> f64 {
    match Plain::of(value) {
        Plain::Nil | Plain::Word(_) => 0.0,
        Plain::Bool(value) => f64::from(value),
        Plain::Number(number) => number,
        Plain::Text(text) => double_of(&text),
        Plain::List(_) => double_of(&script_text(value)),
        Plain::Object(_) => f64::NAN,
    }
}

/// As the arithmetic filters read a value: what is not a number is 0.
pub(super) fn operand(value: &dyn ValueView) -> f64 {
    let number = number(value);
    if number.is_nan() { 0.0 } else { number }
}

/// A number as the crate has it. It writes doubles otherwise than JavaScript
/// where these are very small, very large or no numbers, so those are texts.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
pub(super) fn number_value(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0 {
        return Value::scalar(number as i64);
    }
    let text = double_text(number);
    if number.is_finite() && text == number.to_string() {
        Value::scalar(number)
    } else {
        Value::scalar(text)
    }
}

/// A count of something.
pub(super) fn count(count: usize) -> Value {
    Value::scalar(i64::try_from(count).unwrap_or(i64::MAX))
}

/// ECMAScript, StringToNumber, without other bases than ten.
fn double_of(text: &str) -> f64 {
    let text = text.trim_matches(is_space);
    match text.strip_prefix(['+', '-']).unwrap_or(text) {
        "" if text.is_empty() => 0.0,
        "Infinity" if text.starts_with('-') => f64::NEG_INFINITY,
        "Infinity" => f64::INFINITY,
        // Rust also reads "inf" and "nan".
        digits if digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') => {
            text.parse().unwrap_or(f64::NAN)
        }
        _ => f64::NAN,
    }
}

pub(super) fn equal(left: &dyn ValueView, right: &dyn ValueView) -> bool {
    match (Plain::of(left), Plain::of(right)) {
        (Plain::Nil, Plain::Nil) => true,
        (Plain::Word(_), Plain::Word(_)) => false,
        (Plain::Word(word), other) | (other, Plain::Word(word)) => other.is(word),
        (Plain::Bool(left), Plain::Bool(right)) => left == right,
        (Plain::Number(left), Plain::Number(right)) => left == right,
        (Plain::Text(left), Plain::Text(right)) => left == right,
        (Plain::List(left), Plain::List(right)) => {
            left.size() == right.size()
                && left.values().zip(right.values()).all(|(a, b)| equal(a, b))
        }
        _ => false,
    }
}

/// Texts by their UTF-16 units, anything else as numbers; what is missing or
/// no number has no order.
pub(super) fn order(left: &dyn ValueView, right: &dyn ValueView) -> Option<Ordering> {
    match (Plain::of(left), Plain::of(right)) {
        (Plain::Nil | Plain::Word(_), _) | (_, Plain::Nil | Plain::Word(_)) => None,
        (Plain::Text(left), Plain::Text(right)) => {
            Some(left.encode_utf16().cmp(right.encode_utf16()))
        }
        _ => number(left).partial_cmp(&number(right)),
    }
}

pub(super) fn contains(left: &dyn ValueView, right: &dyn ValueView) -> bool {
    match Plain::of(left) {
        Plain::List(items) => items.values().any(|item| equal(item, right)),
        Plain::Text(text) => !right.is_nil() && text.contains(&*script_text(right)),
        _ => false,
    }
}

/// White space as JavaScript's `trim` and `\s` have it.
pub(super) const fn is_space(c: char) -> bool {
    // Rust counts the control character and not the byte order mark.
    (c.is_whitespace() && c != '\u{85}') || c == '\u{feff}'
}

/// The length of a text as JavaScript counts it, in UTF-16 units.
pub(super) fn length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_numbers_as_in_javascript() {
        for (text, number) in [
            ("", 0.0),
            (" 12.5\n", 12.5),
            ("5.", 5.0),
            (".5", 0.5),
            ("+1e3", 1000.0),
            ("-Infinity", f64::NEG_INFINITY),
        ] {
            assert_eq!(double_of(text), number, "{text}");
        }
        for text in ["inf", "NaN", "1,5", "1 2", ".", "--1", "1e", "-", "\u{85}1"] {
            assert!(double_of(text).is_nan(), "{text}");
        }
    }
}
