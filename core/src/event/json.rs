//! One JSON tree for the whole way of an event.
//!
//! The tree is `Copy` and borrows from the request's body and its [`Arena`],
//! so an event is parsed once and never cloned: a step that keeps a part of
//! it keeps a reference. What parses and what writes stands in this file
//! only; nothing else of the project knows which library reads JSON.

use std::collections::HashMap;
use std::fmt;

use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};

use super::Arena;

/// A JSON value borrowed from a request.
///
/// It holds what a customer said of himself, so that its `Debug` form tells
/// the kind of value only: a log line cannot leak it.
#[derive(Clone, Copy, PartialEq)]
pub enum Json<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number; see [`Number`].
    Number(Number),
    /// A string.
    Str(&'a str),
    /// An array.
    List(&'a [Self]),
    /// An object, in the order it came. A key may stand twice: the last one
    /// counts ([`Json::get`]), and is the only one written.
    Object(&'a [(&'a str, Self)]),
}

/// A JSON number, kept as exactly as it came: 17-digit ids survive.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// A negative integer.
    Signed(i64),
    /// A non-negative integer.
    Unsigned(u64),
    /// Anything else that fits a double; always finite.
    Float(f64),
}

/// A text that is not JSON, or not JSON that we hold.
///
/// The message names what is wrong and where, never what stands there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} at line {line}, column {column}")]
pub struct JsonError {
    /// What is wrong.
    pub message: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in bytes, from 1.
    pub column: usize,
}

/// Objects up to this many members are searched in place when duplicates are
/// looked for; larger ones through a table.
const SMALL_OBJECT: usize = 24;

impl<'a> Json<'a> {
    /// Parses one JSON text. A byte order mark before it is skipped.
    ///
    /// # Errors
    ///
    /// Malformed JSON, invalid UTF-8, a lone surrogate, a number beyond a
    /// double, more than 127 nestings.
    pub fn parse(arena: &'a Arena, bytes: &'a [u8]) -> Result<Self, JsonError> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut scratch = Scratch::default();
        let mut deserializer = serde_json::Deserializer::from_slice(bytes);
        Tree {
            arena,
            scratch: &mut scratch,
        }
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| JsonError::from_serde(&error))
    }

    /// The member `key` of an object, the last one where it stands twice.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Self> {
        match self {
            Json::Object(members) => members
                .iter()
                .rev()
                .find(|(name, _)| *name == key)
                .map(|(_, value)| *value),
            _ => None,
        }
    }

    /// The member behind a chain of keys.
    #[must_use]
    pub fn at(self, keys: &[&str]) -> Option<Self> {
        keys.iter().try_fold(self, |value, key| value.get(key))
    }

    /// The text of a string.
    #[must_use]
    pub const fn as_str(self) -> Option<&'a str> {
        match self {
            Json::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The members of an object.
    #[must_use]
    pub const fn as_object(self) -> Option<&'a [(&'a str, Self)]> {
        match self {
            Json::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The items of an array.
    #[must_use]
    pub const fn as_list(self) -> Option<&'a [Self]> {
        match self {
            Json::List(items) => Some(items),
            _ => None,
        }
    }

    /// The value of a boolean.
    #[must_use]
    pub const fn as_bool(self) -> Option<bool> {
        match self {
            Json::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// Whether this is `null`.
    #[must_use]
    pub const fn is_null(self) -> bool {
        matches!(self, Json::Null)
    }

    /// What kind of value this is, for messages: `a string`, `an object`…
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Json::Null => "null",
            Json::Bool(_) => "a boolean",
            Json::Number(_) => "a number",
            Json::Str(_) => "a string",
            Json::List(_) => "an array",
            Json::Object(_) => "an object",
        }
    }

    /// The members of an object with each key once, the last value of each,
    /// in the order in which the keys first came.
    pub fn distinct_members(
        members: &'a [(&'a str, Self)],
    ) -> impl Iterator<Item = (&'a str, Self)> {
        let last: Option<HashMap<&str, (usize, usize)>> =
            (members.len() > SMALL_OBJECT).then(|| {
                let mut places = HashMap::with_capacity(members.len());
                for (index, (key, _)) in members.iter().enumerate() {
                    places
                        .entry(*key)
                        .and_modify(|place: &mut (usize, usize)| place.1 = index)
                        .or_insert((index, index));
                }
                places
            });
        members
            .iter()
            .enumerate()
            .filter_map(move |(index, (key, _))| {
                let (first, last) = match &last {
                    Some(places) => *places.get(key)?,
                    None => (
                        members.iter().position(|(name, _)| name == key)?,
                        members.iter().rposition(|(name, _)| name == key)?,
                    ),
                };
                (first == index).then(|| (*key, members[last].1))
            })
    }

    /// Appends this value as JSON text. Numbers are written so that reading
    /// them gives the same number; each key of an object is written once.
    pub fn write(self, out: &mut Vec<u8>) {
        match self {
            Json::Null => out.extend_from_slice(b"null"),
            Json::Bool(true) => out.extend_from_slice(b"true"),
            Json::Bool(false) => out.extend_from_slice(b"false"),
            Json::Number(number) => number.write(out),
            Json::Str(text) => write_text(text, out),
            Json::List(items) => {
                out.push(b'[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(b',');
                    }
                    item.write(out);
                }
                out.push(b']');
            }
            Json::Object(members) => {
                out.push(b'{');
                for (index, (key, value)) in Self::distinct_members(members).enumerate() {
                    if index > 0 {
                        out.push(b',');
                    }
                    write_text(key, out);
                    out.push(b':');
                    value.write(out);
                }
                out.push(b'}');
            }
        }
    }

    /// This value as JSON text.
    #[must_use]
    pub fn to_text(self) -> String {
        let mut out = Vec::new();
        self.write(&mut out);
        String::from_utf8(out).unwrap_or_default()
    }
}

impl fmt::Debug for Json<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Json({})", self.kind())
    }
}

/// Appends `text` as a JSON string, quotes included.
pub fn write_text(text: &str, out: &mut Vec<u8>) {
    let plain = |byte: &u8| *byte >= 0x20 && *byte != b'"' && *byte != b'\\';
    out.push(b'"');
    if text.as_bytes().iter().all(plain) {
        out.extend_from_slice(text.as_bytes());
    } else {
        for character in text.chars() {
            match character {
                '"' => out.extend_from_slice(b"\\\""),
                '\\' => out.extend_from_slice(b"\\\\"),
                '\n' => out.extend_from_slice(b"\\n"),
                '\r' => out.extend_from_slice(b"\\r"),
                '\t' => out.extend_from_slice(b"\\t"),
                control if (control as u32) < 0x20 => {
                    out.extend_from_slice(format!("\\u{:04x}", control as u32).as_bytes());
                }
                other => out.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
    }
    out.push(b'"');
}

impl Number {
    /// The number that `text` spells in JSON's way, spaces around it allowed.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let text = text.trim();
        // Rust also reads "inf", "NaN", "+1" and "1."; none of them is a number here.
        let spelled = text
            .starts_with(|first: char| first.is_ascii_digit() || first == '-' || first == '.')
            && text.ends_with(|last: char| last.is_ascii_digit())
            && text
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E'));
        if !spelled {
            return None;
        }
        if let Ok(integer) = text.parse::<u64>() {
            return Some(Self::Unsigned(integer));
        }
        if let Ok(integer) = text.parse::<i64>() {
            return Some(Self::from(integer));
        }
        text.parse()
            .ok()
            .filter(|float: &f64| float.is_finite())
            .map(Self::Float)
    }

    /// The nearest double.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "the nearest double is what is asked for"
    )]
    pub const fn to_f64(self) -> f64 {
        match self {
            Self::Signed(value) => value as f64,
            Self::Unsigned(value) => value as f64,
            Self::Float(value) => value,
        }
    }

    /// The integer that this number is, if it is one that fits: `3.0` is 3.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
    pub fn to_i64(self) -> Option<i64> {
        const LIMIT: f64 = 9_007_199_254_740_992.0; // 2^53: beyond it a double names no single integer
        match self {
            Self::Signed(value) => Some(value),
            Self::Unsigned(value) => i64::try_from(value).ok(),
            Self::Float(value) if value.fract() == 0.0 && value.abs() <= LIMIT => {
                Some(value as i64)
            }
            Self::Float(_) => None,
        }
    }

    fn write(self, out: &mut Vec<u8>) {
        // Writing to a Vec cannot fail, and every float here is finite.
        let written = match self {
            Self::Signed(value) => serde_json::to_writer(out, &value),
            Self::Unsigned(value) => serde_json::to_writer(out, &value),
            Self::Float(value) => serde_json::to_writer(out, &value),
        };
        debug_assert!(written.is_ok(), "a finite number has a JSON text");
    }
}

/// Numbers are equal by value: `1` and `1.0` are the same number.
impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Signed(a), Self::Signed(b)) => a == b,
            (Self::Unsigned(a), Self::Unsigned(b)) => a == b,
            (Self::Signed(_), Self::Unsigned(_)) | (Self::Unsigned(_), Self::Signed(_)) => false,
            _ => self.to_f64() == other.to_f64(),
        }
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        u64::try_from(value).map_or(Self::Signed(value), Self::Unsigned)
    }
}

impl JsonError {
    fn from_serde(error: &serde_json::Error) -> Self {
        // serde_json's own messages speak of syntax only ("expected `,` or
        // `}`", "invalid number"): they hold nothing of the text.
        let message = error.to_string();
        let message = message
            .rsplit_once(" at line ")
            .map_or(message.as_str(), |(head, _)| head);
        Self {
            message: message.to_owned(),
            line: error.line(),
            column: error.column(),
        }
    }
}

/// Items of the lists and objects being read, innermost last: one pair of
/// growing buffers for the whole text instead of one per container.
#[derive(Default)]
struct Scratch<'a> {
    items: Vec<Json<'a>>,
    members: Vec<(&'a str, Json<'a>)>,
}

struct Tree<'s, 'a> {
    arena: &'a Arena,
    scratch: &'s mut Scratch<'a>,
}

impl<'a> DeserializeSeed<'a> for Tree<'_, 'a> {
    type Value = Json<'a>;

    fn deserialize<D: serde::Deserializer<'a>>(
        self,
        deserializer: D,
    ) -> Result<Json<'a>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Tree<'_, 'a> {
    type Value = Json<'a>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json<'a>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json<'a>, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json<'a>, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json<'a>, E> {
        Ok(Json::Number(Number::Unsigned(value)))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Json<'a>, E> {
        if value.is_finite() {
            Ok(Json::Number(Number::Float(value)))
        } else {
            Err(E::custom("number out of range"))
        }
    }

    fn visit_borrowed_str<E>(self, text: &'a str) -> Result<Json<'a>, E> {
        Ok(Json::Str(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json<'a>, E> {
        Ok(Json::Str(self.arena.text(text)))
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut items: A) -> Result<Json<'a>, A::Error> {
        let Self { arena, scratch } = self;
        let start = scratch.items.len();
        while let Some(item) = items.next_element_seed(Tree {
            arena,
            scratch: &mut *scratch,
        })? {
            scratch.items.push(item);
        }
        let list = arena.list(&scratch.items[start..]);
        scratch.items.truncate(start);
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'a>>(self, mut members: A) -> Result<Json<'a>, A::Error> {
        let Self { arena, scratch } = self;
        let start = scratch.members.len();
        while let Some(key) = members.next_key_seed(Key(arena))? {
            let value = members.next_value_seed(Tree {
                arena,
                scratch: &mut *scratch,
            })?;
            scratch.members.push((key, value));
        }
        let object = arena.list(&scratch.members[start..]);
        scratch.members.truncate(start);
        Ok(Json::Object(object))
    }
}

struct Key<'a>(&'a Arena);

impl<'a> DeserializeSeed<'a> for Key<'a> {
    type Value = &'a str;

    fn deserialize<D: serde::Deserializer<'a>>(self, deserializer: D) -> Result<&'a str, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'a> Visitor<'a> for Key<'a> {
    type Value = &'a str;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, text: &'a str) -> Result<&'a str, E> {
        Ok(text)
    }

    fn visit_str<E>(self, text: &str) -> Result<&'a str, E> {
        Ok(self.0.text(text))
    }

    fn visit_bytes<E: serde::de::Error>(self, _: &[u8]) -> Result<&'a str, E> {
        Err(E::custom("a key must be text"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(text: &str) -> String {
        let arena = Arena::new();
        Json::parse(&arena, text.as_bytes()).unwrap().to_text()
    }

    #[test]
    fn numbers_come_back_as_they_came() {
        for text in [
            "0",
            "-1",
            "12345678901234567",
            "18446744073709551615",
            "500000004.1000722",
            "0.1",
            "1e-7",
            "-9223372036854775808",
        ] {
            assert_eq!(round_trip(text), text);
        }
    }

    #[test]
    fn texts_are_escaped_only_where_json_needs_it() {
        let text = r#"{"a":"x\"\\\n\u0001é漢😀/"}"#;
        assert_eq!(round_trip(text), text);
    }

    #[test]
    fn the_last_of_two_equal_keys_counts_and_is_written_once() {
        let arena = Arena::new();
        let value = Json::parse(&arena, br#"{"a":1,"b":2,"a":3}"#).unwrap();
        assert_eq!(value.get("a"), Some(Json::Number(Number::Unsigned(3))));
        assert_eq!(value.to_text(), r#"{"a":3,"b":2}"#);
    }

    #[test]
    fn equal_keys_are_found_in_large_objects_too() {
        let mut text = String::from("{");
        for index in 0..5000 {
            text.push_str(&format!("\"k{}\":{index},", index % 2500));
        }
        text.push_str("\"z\":0}");
        let written = round_trip(&text);
        assert_eq!(written.matches(':').count(), 2501);
        assert!(written.starts_with("{\"k0\":2500,"));
    }

    #[test]
    fn what_is_not_json_is_refused_with_its_place() {
        let arena = Arena::new();
        let deep = "[".repeat(200) + &"]".repeat(200);
        for text in [
            "",
            "{",
            "nope",
            "[1,]",
            r#""\ud800""#,
            "1e400",
            "NaN",
            "{\"a\":1}x",
            deep.as_str(),
        ] {
            assert!(Json::parse(&arena, text.as_bytes()).is_err(), "{text}");
        }
        let error = Json::parse(&arena, b"{\n  \"a\": tru }").unwrap_err();
        assert_eq!((error.line, error.message.contains("line")), (2, false));
        assert!(Json::parse(&arena, b"\"\xff\"").is_err());
    }

    #[test]
    fn a_byte_order_mark_is_skipped() {
        let arena = Arena::new();
        assert_eq!(
            Json::parse(&arena, b"\xef\xbb\xbftrue"),
            Ok(Json::Bool(true))
        );
    }
}
