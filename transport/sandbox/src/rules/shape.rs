//! The types of values, as tables of keys.

use std::fmt;

use serde_json::Value;

use super::{Context, Fields, Path};
use crate::api_error::ApiError;

/// What a value must be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    Text,
    Integer,
    TextOrInteger,
    TextOrFlag,
    /// A number, or a string that holds one: Meta's samples print both.
    Amount,
    Flag,
    /// A boolean that Meta writes as 0 or 1.
    Bit,
    List,
    /// A list of strings; numbers pass, as catalog ids often are.
    Ids,
    Object,
    OneOf(&'static [&'static str]),
    /// Judged elsewhere, with a reason of its own.
    Elsewhere,
}

/// A table of known keys.
pub(crate) type Keys = [(&'static str, Shape)];

impl Shape {
    fn accepts(self, value: &Value) -> bool {
        match self {
            Self::Text => value.is_string(),
            Self::Integer => is_integer(value),
            Self::TextOrInteger => value.is_string() || is_integer(value),
            Self::TextOrFlag => value.is_string() || value.is_boolean(),
            Self::Amount => match value {
                Value::String(text) => is_decimal(text),
                other => other.is_number(),
            },
            Self::Flag => value.is_boolean(),
            Self::Bit => value.is_boolean() || matches!(value.as_i64(), Some(0 | 1)),
            Self::List => value.is_array(),
            Self::Ids => value.as_array().is_some_and(|items| {
                items
                    .iter()
                    .all(|item| item.is_string() || item.is_number())
            }),
            Self::Object => value.is_object(),
            Self::OneOf(names) => value.as_str().is_some_and(|text| names.contains(&text)),
            Self::Elsewhere => true,
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self {
            Self::Text => "a string",
            Self::Integer => "an integer",
            Self::TextOrInteger => "a string or an integer",
            Self::TextOrFlag => "a string or a boolean",
            Self::Amount => "a number",
            Self::Flag => "a boolean",
            Self::Bit => "0 or 1",
            Self::List => "a list",
            Self::Ids => "a list of strings",
            Self::Object => "an object",
            Self::OneOf(names) => return write!(f, "one of {}", names.join(", ")),
            Self::Elsewhere => "valid",
        };
        f.write_str(what)
    }
}

/// Holds the fields of an object to a table that lists every key it may have.
pub(crate) fn check_closed(
    fields: &Fields,
    path: &Path<'_>,
    keys: &Keys,
    context: Context,
) -> Result<(), ApiError> {
    if let Some(key) = fields.keys().find(|key| find(keys, key).is_none()) {
        return Err(unexpected(key, path));
    }
    check_open(fields, path, keys, context)
}

/// Holds the known fields of an object to a table; others may be anything.
pub(crate) fn check_open(
    fields: &Fields,
    path: &Path<'_>,
    keys: &Keys,
    context: Context,
) -> Result<(), ApiError> {
    for (key, value) in fields {
        if let Some(shape) = find(keys, key)
            && !(shape.accepts(value) || (context.lenient && value.is_null()))
        {
            return Err(mistyped(&path.key(key), shape));
        }
    }
    Ok(())
}

pub(crate) fn unexpected(key: &str, path: &Path<'_>) -> ApiError {
    ApiError::parameter(format!("Unexpected key \"{key}\" on param \"{path}\""))
}

pub(crate) fn mistyped(path: &Path<'_>, expected: impl fmt::Display) -> ApiError {
    ApiError::parameter(format!("Param {path} must be {expected}"))
}

fn find(keys: &Keys, key: &str) -> Option<Shape> {
    keys.iter()
        .find(|(name, _)| *name == key)
        .map(|(_, shape)| *shape)
}

pub(crate) fn is_integer(value: &Value) -> bool {
    value.is_i64() || value.is_u64()
}

/// `f64` also reads `inf` and `nan`, which are not amounts.
fn is_decimal(text: &str) -> bool {
    text.parse::<f64>().is_ok_and(f64::is_finite)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn amounts_are_finite_numbers_or_strings_that_hold_one() {
        for amount in [json!(0), json!(1.99), json!("142.52"), json!(-3)] {
            assert!(Shape::Amount.accepts(&amount), "{amount}");
        }
        for other in [
            json!("1,99"),
            json!("nan"),
            json!("inf"),
            json!(""),
            json!(true),
        ] {
            assert!(!Shape::Amount.accepts(&other), "{other}");
        }
    }

    #[test]
    fn integers_are_not_whole_floats_or_strings() {
        for other in [json!(1.0), json!("1"), json!(1e30), json!(null)] {
            assert!(!Shape::Integer.accepts(&other), "{other}");
        }
        assert!(Shape::Integer.accepts(&json!(u64::MAX)));
    }
}
