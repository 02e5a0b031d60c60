//! From text to tree: the only place that knows which library reads events.

use std::fmt;

use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};

use super::spelling::Spellings;
use super::{Arena, Json, Number, keep_last_of_each};

/// A text that is not JSON, or not JSON that we hold.
///
/// The message names what is wrong and where, never what is there.
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

impl JsonError {
    /// Bytes that are not UTF-8 from `place` on.
    fn not_text(bytes: &[u8], place: usize) -> Self {
        let before = bytes.get(..place).unwrap_or(bytes);
        let line_start = before
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |end| end + 1);
        Self {
            message: "the bytes are not UTF-8".to_owned(),
            line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
            column: place - line_start + 1,
        }
    }

    fn from_serde(error: &serde_json::Error, text: &str) -> Self {
        // serde_json's own messages speak of syntax only ("expected `,` or
        // `}`", "invalid number"): they hold nothing of the text.
        let message = error.to_string();
        let message = message
            .rsplit_once(" at line ")
            .map_or(message.as_str(), |(head, _)| head);
        let (line, column) = (error.line(), error.column());
        let clearer = CLEARER.iter().find(|(theirs, _)| *theirs == message);
        let message = match clearer {
            Some((_, ours)) => ours,
            None if is_no_number(text, line, column) => {
                "NaN and Infinity are not numbers of JSON; send null, or leave them out"
            }
            None => message,
        };
        Self {
            message: message.to_owned(),
            line,
            column,
        }
    }
}

const HALF_A_CHARACTER: &str =
    "a \\u escape is half a character (a lone surrogate); a text was cut inside of one";

/// What serde_json says too little of, and the same in our words.
const CLEARER: &[(&str, &str)] = &[
    ("lone leading surrogate in hex escape", HALF_A_CHARACTER),
    ("unexpected end of hex escape", HALF_A_CHARACTER),
    (
        "number out of range",
        "the number is larger than a double can be",
    ),
    (
        "recursion limit exceeded",
        "arrays and objects lie more than 127 deep in each other",
    ),
];

/// Whether the place of an error is that of `NaN`, `Infinity` or `-Infinity`, as
/// Python and JavaScript write what is not a number.
fn is_no_number(text: &str, line: usize, column: usize) -> bool {
    let before: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    let place = before + column.saturating_sub(1);
    let rest = text.as_bytes().get(place..).unwrap_or_default();
    [&b"NaN"[..], b"Infinity"]
        .iter()
        .any(|word| rest.starts_with(word))
}

/// The tree of one JSON text.
pub(super) fn tree<'a>(arena: &'a Arena, bytes: &'a [u8]) -> Result<Json<'a>, JsonError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // Once for the whole text: then no string in it needs to be checked.
    let text =
        str::from_utf8(bytes).map_err(|error| JsonError::not_text(bytes, error.valid_up_to()))?;
    let mut scratch = Scratch::default();
    let value = read(arena, text, &mut scratch)?;
    if scratch.has_whole_double && Spellings::of(text).any(says_more) {
        // Rare: only then it is worth to read the text again, with its spellings.
        scratch.spellings = Some(Spellings::of(text));
        return read(arena, text, &mut scratch);
    }
    Ok(value)
}

fn read<'a>(
    arena: &'a Arena,
    text: &'a str,
    scratch: &mut Scratch<'a>,
) -> Result<Json<'a>, JsonError> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    Tree { arena, scratch }
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| JsonError::from_serde(&error, text))
}

/// Whether the double that a number is read as says less than its spelling: it is
/// beyond 64 bits, or has an exponent.
fn says_more(spelled: &str) -> bool {
    const DIGITS_OF_64_BITS: usize = 20;
    spelled.len() >= DIGITS_OF_64_BITS || spelled.contains(['e', 'E'])
}

/// Items of the lists and objects being read, innermost last: one pair of
/// growing buffers for the whole text instead of one per container.
#[derive(Default)]
struct Scratch<'a> {
    items: Vec<Json<'a>>,
    members: Vec<(&'a str, Json<'a>)>,
    /// Whether a double that is a whole number was read.
    has_whole_double: bool,
    /// How the numbers to come are spelled, where that is asked for.
    spellings: Option<Spellings<'a>>,
}

impl<'a> Scratch<'a> {
    /// `number` with all that its spelling says.
    fn spelled(&mut self, number: Number) -> Json<'a> {
        let spelled = self.spellings.as_mut().and_then(Iterator::next);
        Json::Number(spelled.map_or(number, |spelled| number.spelled(spelled)))
    }
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
        Ok(self.scratch.spelled(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json<'a>, E> {
        Ok(self.scratch.spelled(Number::Unsigned(value)))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Json<'a>, E> {
        if value.is_finite() {
            self.scratch.has_whole_double |= value.fract() == 0.0;
            Ok(self.scratch.spelled(Number::Float(value)))
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
        keep_last_of_each(&mut scratch.members, start);
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
