//! What an expression of a template gives, and how JavaScript converts it.

use std::borrow::Cow;

use super::super::text::{append, number_text};
use crate::event::{Json, Number};

/// A value while a template is rendered. All but the first kinds are JSON of
/// the event, of the template or made in the arena.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    /// What is missing.
    Undefined,
    /// The word `nil` of a template: unlike a null of the event, it is neither
    /// less nor greater than anything.
    Nil,
    /// The word `empty`.
    Empty,
    /// The word `blank`.
    Blank,
    /// Anything else. Here numbers may be `NaN` or infinite, which JSON is not:
    /// only text leaves a template.
    Json(Json<'a>),
}

impl<'a> Value<'a> {
    pub(super) const fn number(value: f64) -> Self {
        Self::Json(Json::Number(Number::Float(value)))
    }

    /// A count of something: an integer.
    pub(super) fn count(count: usize) -> Self {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        Self::Json(Json::Number(Number::Unsigned(count)))
    }

    pub(super) const fn text(text: &'a str) -> Self {
        Self::Json(Json::Str(text))
    }

    pub(super) const fn boolean(value: bool) -> Self {
        Self::Json(Json::Bool(value))
    }

    /// The words of a template as what they stand for outside comparisons.
    pub(super) const fn plain(self) -> Self {
        match self {
            Self::Nil => Self::Json(Json::Null),
            Self::Empty | Self::Blank => Self::text(""),
            other => other,
        }
    }

    /// This value as the item of a list, where what is missing is null.
    pub(super) const fn item(self) -> Json<'a> {
        match self.plain() {
            Self::Json(json) => json,
            _ => Json::Null,
        }
    }

    pub(super) const fn is_nil(self) -> bool {
        matches!(self, Self::Undefined | Self::Nil | Self::Json(Json::Null))
    }

    /// Whether Liquid takes the value for true: `0` and `""` are.
    pub(super) const fn is_truthy(self) -> bool {
        !self.is_nil() && !matches!(self, Self::Json(Json::Bool(false)))
    }

    /// Whether JavaScript takes the value for true.
    pub(super) fn is_script_truthy(self) -> bool {
        match self {
            Self::Undefined => false,
            Self::Json(Json::Number(number)) if number.to_f64().is_nan() => false,
            Self::Json(json) => super::super::text::is_truthy(json),
            Self::Nil | Self::Empty | Self::Blank => true,
        }
    }

    /// Appends what `{{ value }}` shows: the items of a list stand side by side.
    pub(super) fn show(self, out: &mut String) {
        if let Self::Json(json) = self.plain() {
            show(json, out);
        }
    }

    /// What `{{ value }}` shows.
    pub(super) fn shown(self) -> Cow<'a, str> {
        match self.plain() {
            Self::Json(Json::Str(text)) => Cow::Borrowed(text),
            value => {
                let mut out = String::new();
                value.show(&mut out);
                Cow::Owned(out)
            }
        }
    }

    /// JavaScript's `String(value)`: the items of a list with commas.
    pub(super) fn script_text(self) -> Cow<'a, str> {
        match self {
            Self::Undefined => Cow::Borrowed("undefined"),
            Self::Nil | Self::Json(Json::Null) => Cow::Borrowed("null"),
            Self::Empty | Self::Blank => Cow::Borrowed(""),
            Self::Json(Json::Str(text)) => Cow::Borrowed(text),
            Self::Json(json) => {
                let mut out = String::new();
                append(json, &mut out);
                Cow::Owned(out)
            }
        }
    }

    /// JavaScript's `Number(value)`.
    pub(super) fn to_double(self) -> f64 {
        match self.plain() {
            Self::Json(Json::Null) => 0.0,
            Self::Json(Json::Bool(value)) => f64::from(value),
            Self::Json(Json::Number(number)) => number.to_f64(),
            Self::Json(Json::Object(_)) => f64::NAN,
            Self::Json(Json::Str(text)) => double_of(text),
            value @ Self::Json(Json::List(_)) => double_of(&value.script_text()),
            _ => f64::NAN,
        }
    }

    /// As the arithmetic filters read a value: what is no number is 0.
    pub(super) fn to_operand(self) -> f64 {
        let value = self.to_double();
        if value.is_nan() { 0.0 } else { value }
    }
}

fn show(json: Json<'_>, out: &mut String) {
    match json {
        Json::Null => {}
        Json::Number(number) => out.push_str(&number_text(number)),
        Json::List(items) => items.iter().for_each(|item| show(*item, out)),
        other => append(other, out),
    }
}

/// ECMAScript, StringToNumber.
fn double_of(text: &str) -> f64 {
    let text = text.trim_matches(is_space);
    if text.is_empty() {
        return 0.0;
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        let digits = text
            .get(..2)
            .filter(|head| head.eq_ignore_ascii_case(prefix))
            .and_then(|_| text.get(2..));
        if let Some(digits) = digits {
            let digits: Option<Vec<u32>> = digits.chars().map(|c| c.to_digit(radix)).collect();
            return digits
                .filter(|digits| !digits.is_empty())
                .map_or(f64::NAN, |digits| {
                    digits.iter().fold(0.0, |sum, digit| {
                        f64::mul_add(sum, f64::from(radix), f64::from(*digit))
                    })
                });
        }
    }
    match text.strip_prefix(['+', '-']).unwrap_or(text) {
        "Infinity" if text.starts_with('-') => f64::NEG_INFINITY,
        "Infinity" => f64::INFINITY,
        // Rust also reads "inf" and "nan".
        digits if digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') => {
            text.parse().unwrap_or(f64::NAN)
        }
        _ => f64::NAN,
    }
}

/// White space as JavaScript's `trim` and `\s` have it.
pub(super) const fn is_space(c: char) -> bool {
    matches!(
        c,
        '\t'..='\r'
            | ' '
            | '\u{a0}'
            | '\u{1680}'
            | '\u{2000}'..='\u{200a}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{202f}'
            | '\u{205f}'
            | '\u{3000}'
            | '\u{feff}'
    )
}

/// The length of a text as JavaScript counts it, in UTF-16 units.
pub(super) fn length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The text at the UTF-16 unit `index`. Half of a pair is no text; it shows as
/// what encoding it gives, the replacement character.
pub(super) fn unit_at(text: &str, index: usize) -> Option<&str> {
    let mut unit = 0;
    for (at, c) in text.char_indices() {
        if unit + c.len_utf16() > index {
            let whole = c.len_utf16() == 1;
            return Some(if whole {
                &text[at..at + c.len_utf8()]
            } else {
                "\u{fffd}"
            });
        }
        unit += c.len_utf16();
    }
    None
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
            ("0x1F", 31.0),
            ("0b11", 3.0),
            ("-Infinity", f64::NEG_INFINITY),
        ] {
            assert_eq!(double_of(text), number, "{text}");
        }
        for text in [
            "inf", "NaN", "1,5", "0x", "1 2", ".", "--1", "1e", "\u{85}1",
        ] {
            assert!(double_of(text).is_nan(), "{text}");
        }
    }

    #[test]
    fn texts_are_counted_in_units() {
        assert_eq!(length("a😀é"), 4);
        assert_eq!(unit_at("a😀é", 0), Some("a"));
        assert_eq!(unit_at("a😀é", 2), Some("\u{fffd}"));
        assert_eq!(unit_at("a😀é", 3), Some("é"));
        assert_eq!(unit_at("a😀é", 4), None);
    }
}
