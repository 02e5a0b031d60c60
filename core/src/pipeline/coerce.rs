//! Taking a value as the type that a field has, as a lenient JSON-schema
//! validator does: `"25"` is 25, 25 is `"25"`, `"true"` is true, `["x"]` is
//! `"x"`.

use super::amount::{Unread, amount};
use crate::field::{Field, FieldType, WirePath};
use crate::json::{Arena, Json, Number};
use crate::mapping::number_text;
use crate::user_data::characters::trimmed;

/// `value` as the type of `field`, or why it cannot be taken as that. `currency` gives
/// the event's currency.
///
/// Objects and times are returned as they are where their form fits; the
/// time itself is read by [`event::time`](crate::event::time).
pub(super) fn coerce<'a>(
    field: &Field,
    value: Json<'a>,
    currency: impl FnOnce() -> Option<&'a str>,
    arena: &'a Arena,
) -> Result<Json<'a>, Unread> {
    let or_none = |value: Option<Json<'a>>| value.ok_or(Unread::NoNumber);
    match field.kind {
        FieldType::String | FieldType::Text => or_none(text(value, arena).map(Json::Str)),
        FieldType::Number => number(field, value, currency).map(Json::Number),
        FieldType::Integer => {
            let number = number(field, value, currency)?;
            match (number.to_i64(), number) {
                (Some(integer), _) => Ok(Json::Number(integer.into())),
                // Beyond 2^53 a double names no single integer.
                (None, Number::Long(_) | Number::Rounded(_) | Number::Float(_)) => {
                    Err(Unread::NoNumber)
                }
                (None, number) => Ok(Json::Number(number)),
            }
        }
        FieldType::Boolean if field.place == WirePath::DataProcessingOptions => {
            or_none(limited_data_use(value, arena).map(Json::Bool))
        }
        FieldType::Boolean => or_none(boolean(value).map(Json::Bool)),
        FieldType::Object => {
            or_none(Some(written_object(value, arena)).filter(|value| value.as_object().is_some()))
        }
        FieldType::Datetime => or_none(match single(value) {
            Some(value @ (Json::Str(_) | Json::Number(_))) => Some(value),
            _ => None,
        }),
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

/// What is an id is read as JSON writes it, and a code may be a flag; of money and counts
/// a flag is none, and a text may be written as people write amounts.
fn number<'a>(
    field: &Field,
    value: Json<'a>,
    currency: impl FnOnce() -> Option<&'a str>,
) -> Result<Number, Unread> {
    let is_code = matches!(
        field.place,
        WirePath::DataProcessingCountry | WirePath::DataProcessingState
    );
    let is_id = matches!(field.place, WirePath::UserKey(_));
    match single(value) {
        Some(Json::Number(number)) => Ok(number),
        Some(Json::Bool(value)) if is_code || is_id => Ok(Number::Unsigned(u64::from(value))),
        Some(Json::Str(text)) if is_code || is_id => {
            Number::from_text(trimmed(text)).ok_or(Unread::NoNumber)
        }
        Some(Json::Str(text)) => amount(text, currency),
        _ => Err(Unread::NoNumber),
    }
}

fn boolean(value: Json<'_>) -> Option<bool> {
    match single(value)? {
        Json::Bool(value) => Some(value),
        Json::Str(text) => match trimmed(text) {
            "1" => Some(true),
            "0" => Some(false),
            word if word.eq_ignore_ascii_case("true") => Some(true),
            word if word.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        },
        Json::Number(number) if number.to_f64() == 1.0 => Some(true),
        Json::Number(number) if number.to_f64() == 0.0 => Some(false),
        _ => None,
    }
}

/// Whether Limited Data Use is on: a flag, or Meta's own list, which is empty where it is
/// off.
///
/// Source: Meta, Data processing options for US users.
fn limited_data_use<'a>(value: Json<'a>, arena: &'a Arena) -> Option<bool> {
    let is_option = |text: &str| trimmed(text).eq_ignore_ascii_case("LDU");
    match listed(value, arena) {
        Json::List(options) => {
            let mut given = options.iter().filter(|option| !option.is_blank());
            let [option] = options else {
                let all = given.try_fold(false, |_, option| {
                    option.as_str().filter(|text| is_option(text)).map(|_| true)
                });
                return all;
            };
            match option {
                Json::Str(text) if is_option(text) => Some(true),
                Json::Null => Some(false),
                Json::Str(text) if trimmed(text).is_empty() => Some(false),
                other => boolean(*other),
            }
        }
        Json::Str(text) if is_option(text) => Some(true),
        other => boolean(other),
    }
}

/// The object that a text writes as JSON; any other value as it is.
pub(super) fn written_object<'a>(value: Json<'a>, arena: &'a Arena) -> Json<'a> {
    let Json::Str(text) = value else {
        return value;
    };
    let text = trimmed(text);
    if !text.starts_with('{') {
        return value;
    }
    Json::parse(arena, text.as_bytes()).unwrap_or(value)
}

/// The list that a text writes as JSON, or with single quotes as Python does; any other
/// value as it is.
pub(super) fn listed<'a>(value: Json<'a>, arena: &'a Arena) -> Json<'a> {
    let Json::Str(text) = value else {
        return value;
    };
    let text = trimmed(text);
    if !(text.starts_with('[') && text.ends_with(']')) {
        return value;
    }
    let list = Json::parse(arena, text.as_bytes()).ok().or_else(|| {
        let is_of_python = text.contains('\'') && !text.contains(['"', '\\']);
        let text = is_of_python.then(|| arena.text(&text.replace('\'', "\"")))?;
        Json::parse(arena, text.as_bytes()).ok()
    });
    list.filter(|list| list.as_list().is_some())
        .unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coerced(kind: FieldType, text: &str) -> Option<String> {
        taken(&Field::new("key", "Key", kind, WirePath::CustomKey), text)
    }

    fn taken(field: &Field, text: &str) -> Option<String> {
        let arena = Arena::new();
        let value = Json::parse(&arena, text.as_bytes()).unwrap();
        let taken = coerce(field, value, || None, &arena);
        taken.ok().map(Json::to_text)
    }

    #[test]
    fn limited_data_use_is_a_flag_or_metas_list() {
        let field = Field::new(
            "options",
            "Options",
            FieldType::Boolean,
            WirePath::DataProcessingOptions,
        );
        for (from, to) in [
            ("true", Some("true")),
            ("false", Some("false")),
            (r#"["LDU"]"#, Some("true")),
            (r#""LDU""#, Some("true")),
            (r#"" ldu ""#, Some("true")),
            (r#""[\"LDU\"]""#, Some("true")),
            (r#""['LDU']""#, Some("true")),
            (r#"["LDU","LDU"]"#, Some("true")),
            ("[]", Some("false")),
            (r#"[""]"#, Some("false")),
            (r#""[]""#, Some("false")),
            ("[true]", Some("true")),
            (r#"["LDU","X"]"#, None),
            (r#"["X"]"#, None),
            (r#""yes""#, None),
            ("{}", None),
            ("2", None),
        ] {
            assert_eq!(taken(&field, from).as_deref(), to, "{from}");
        }
    }

    #[test]
    fn values_are_taken_as_the_type_where_nothing_is_lost() {
        for (kind, from, to) in [
            (FieldType::Number, "\"12.50\"", "12.5"),
            (FieldType::Number, "\"12,50\"", "12.5"),
            (FieldType::Integer, "\"2,0\"", "2"),
            (FieldType::Boolean, "\" TRUE \"", "true"),
            (FieldType::Boolean, "\"0\"", "false"),
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
            (FieldType::Object, r#"" {\"a\":1}""#, r#"{"a":1}"#),
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
            (FieldType::Number, "true"),
            (FieldType::Integer, "false"),
            (FieldType::Integer, "\"1,000\""),
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
