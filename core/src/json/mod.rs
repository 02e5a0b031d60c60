//! One JSON tree for the whole path of an event.
//!
//! The tree is `Copy` and borrows from the request's body and its [`Arena`],
//! so an event is parsed once and never cloned: a step that keeps a part of
//! it keeps a reference.

mod arena;
mod distinct;
mod number;
mod read;
mod spelling;
mod write;

use std::fmt;

pub use arena::Arena;
pub(crate) use distinct::keep_last_of_each;
pub use number::Number;
pub(crate) use number::Whole;
pub use read::JsonError;
pub(crate) use write::write_text;

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
    /// An object, in the order it came, each key once: of a key that came
    /// twice the last value counts.
    Object(&'a [(&'a str, Self)]),
}

impl<'a> Json<'a> {
    /// Parses one JSON text. A byte order mark before it is skipped.
    ///
    /// ```
    /// use capi_core::event::{Arena, Json};
    ///
    /// let arena = Arena::new();
    /// let json = Json::parse(&arena, br#"{"order":{"id":"A-1","total":25.50},"tags":["new"]}"#)?;
    /// assert_eq!(json.at(&["order", "id"]).and_then(Json::as_str), Some("A-1"));
    /// assert_eq!(json.get("tags").and_then(Json::as_list).map(<[_]>::len), Some(1));
    /// assert_eq!(json.get("order").map(Json::to_text).as_deref(), Some(r#"{"id":"A-1","total":25.5}"#));
    ///
    /// // An error says where, and not what is there.
    /// let error = Json::parse(&arena, br#"{"email":ana@example.com}"#).unwrap_err();
    /// assert_eq!((error.line, error.column), (1, 10));
    /// assert!(!error.to_string().contains("ana"));
    /// # Ok::<(), capi_core::event::JsonError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Malformed JSON, invalid UTF-8, a lone surrogate, a number beyond a
    /// double, more than 127 nestings.
    pub fn parse(arena: &'a Arena, bytes: &'a [u8]) -> Result<Self, JsonError> {
        read::tree(arena, bytes)
    }

    /// The member `key` of an object.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Self> {
        match self {
            Json::Object(members) => members
                .iter()
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

    /// Whether this says nothing: `null`, or an empty text.
    #[must_use]
    pub fn is_blank(self) -> bool {
        matches!(self, Json::Null | Json::Str(""))
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
        let error = Json::parse(&arena, b"[\n\"\xff\"]").unwrap_err();
        assert_eq!((error.line, error.column), (2, 2));
    }

    #[test]
    fn what_cannot_be_held_is_named() {
        let arena = Arena::new();
        let deep = "[".repeat(128) + &"]".repeat(128);
        for (text, word) in [
            (r#"{"a":"\ud800"}"#, "half a character"),
            (r#"{"a":"\udc00"}"#, "half a character"),
            (r#"{"a":"\ud800\ud800"}"#, "half a character"),
            (r#"{"\ud83d!":1}"#, "half a character"),
            ("1e400", "larger than a double"),
            ("[-1e400]", "larger than a double"),
            (deep.as_str(), "more than 127 deep"),
            ("NaN", "NaN and Infinity"),
            ("[1,\n -Infinity]", "NaN and Infinity"),
            ("{\"a\":\"\u{e9}\",\n\"b\": Infinity}", "NaN and Infinity"),
        ] {
            let message = Json::parse(&arena, text.as_bytes()).unwrap_err().message;
            assert!(message.contains(word), "{text}: {message}");
        }
        let deepest = "[".repeat(127) + &"]".repeat(127);
        assert!(Json::parse(&arena, deepest.as_bytes()).is_ok());
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
