//! Taking a value as the type that a field has, as a lenient JSON-schema
//! validator does: `"25"` is 25, 25 is `"25"`, `"true"` is true, `["x"]` is
//! `"x"`.

use crate::field::FieldType;
use crate::json::{Arena, Json, Number};
use crate::mapping::number_text;

/// `value` as `kind`, or `None` where it cannot be taken as that.
///
/// Objects and times are returned as they are where their form fits; the
/// time itself is read by [`event::time`](crate::event::time).
pub(super) fn coerce<'a>(kind: FieldType, value: Json<'a>, arena: &'a Arena) -> Option<Json<'a>> {
    match kind {
        FieldType::String | FieldType::Text => text(value, arena).map(Json::Str),
        FieldType::Number => number(value).map(Json::Number),
        FieldType::Integer => number(value)
            .filter(|number| match number {
                // Beyond 2^53 a double names no single integer.
                Number::Long(_) | Number::Rounded(_) | Number::Float(_) => {
                    number.to_i64().is_some()
                }
                _ => true,
            })
            .map(|number| Json::Number(number.to_i64().map_or(number, Number::from))),
        FieldType::Boolean => boolean(value).map(Json::Bool),
        FieldType::Object => Some(value).filter(|value| value.as_object().is_some()),
        FieldType::Datetime => match single(value)? {
            value @ (Json::Str(_) | Json::Number(_)) => Some(value),
            _ => None,
        },
    }
}

/// The only item of a list of one, else the value itself.
const fn single(value: Json<'_>) -> Option<Json<'_>> {
    match value {
        Json::List([only]) => match only {
            Json::List(_) => None,
            scalar => Some(*scalar),
        },
        Json::List(_) => None,
        other => Some(other),
    }
}

fn text<'a>(value: Json<'a>, arena: &'a Arena) -> Option<&'a str> {
    match single(value)? {
        Json::Str(text) => Some(text),
        Json::Number(number) => Some(arena.text(&number_text(number))),
        Json::Bool(true) => Some("true"),
        Json::Bool(false) => Some("false"),
        _ => None,
    }
}

fn number(value: Json<'_>) -> Option<Number> {
    match single(value)? {
        Json::Number(number) => Some(number),
        Json::Bool(value) => Some(Number::Unsigned(u64::from(value))),
        Json::Str(text) => Number::from_text(text),
        _ => None,
    }
}

fn boolean(value: Json<'_>) -> Option<bool> {
    match single(value)? {
        Json::Bool(value) => Some(value),
        Json::Str("true") => Some(true),
        Json::Str("false") => Some(false),
        Json::Number(number) if number.to_f64() == 1.0 => Some(true),
        Json::Number(number) if number.to_f64() == 0.0 => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coerced(kind: FieldType, text: &str) -> Option<String> {
        let arena = Arena::new();
        let value = Json::parse(&arena, text.as_bytes()).unwrap();
        coerce(kind, value, &arena).map(Json::to_text)
    }

    #[test]
    fn values_are_taken_as_the_type_where_nothing_is_lost() {
        for (kind, from, to) in [
            (FieldType::Number, "\"12.50\"", "12.5"),
            (FieldType::Number, "false", "0"),
            (FieldType::Number, "[5]", "5"),
            (FieldType::Integer, "\"25\"", "25"),
            (FieldType::Integer, "25.0", "25"),
            (
                FieldType::Integer,
                "\"12345678901234567\"",
                "12345678901234567",
            ),
            (FieldType::String, "25", "\"25\""),
            (FieldType::String, "true", "\"true\""),
            (FieldType::String, "[\"USD\"]", "\"USD\""),
            (FieldType::Boolean, "\"true\"", "true"),
            (FieldType::Boolean, "0", "false"),
        ] {
            assert_eq!(coerced(kind, from).as_deref(), Some(to), "{kind:?} {from}");
        }
    }

    #[test]
    fn what_cannot_be_taken_as_the_type_is_none() {
        for (kind, from) in [
            (FieldType::Number, "\"abc\""),
            (FieldType::Number, "\"NaN\""),
            (FieldType::Number, "\"inf\""),
            (FieldType::Number, "\"\""),
            (FieldType::Number, "{}"),
            (FieldType::Integer, "2.5"),
            (FieldType::Integer, "\"2.5\""),
            (FieldType::Integer, "12345678901234567890123"),
            (FieldType::String, "{}"),
            (FieldType::String, "[\"a\",\"b\"]"),
            (FieldType::String, "[[1]]"),
            (FieldType::Boolean, "\"yes\""),
            (FieldType::Boolean, "2"),
            (FieldType::Object, "\"x\""),
            (FieldType::Object, "[]"),
            (FieldType::Object, "[{}]"),
        ] {
            assert_eq!(coerced(kind, from), None, "{kind:?} {from}");
        }
    }
}
