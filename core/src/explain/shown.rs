//! A value that may be shown to a person.

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use crate::json::{Json, Number};

/// A JSON value without personal data, unless that was asked for: only what redacts and
/// what is read from the configuration makes one. Unlike [`Json`] it can be serialized.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown<'a>(Json<'a>);

impl<'a> Shown<'a> {
    /// A value that holds no personal data: it was redacted, or is of the configuration.
    pub(super) const fn as_is(value: Json<'a>) -> Self {
        Self(value)
    }

    /// The value.
    #[must_use]
    pub const fn json(self) -> Json<'a> {
        self.0
    }
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Json::Null => serializer.serialize_unit(),
            Json::Bool(value) => serializer.serialize_bool(value),
            Json::Number(Number::Signed(value)) => serializer.serialize_i64(value),
            Json::Number(Number::Unsigned(value)) => serializer.serialize_u64(value),
            Json::Number(number) => serializer.serialize_f64(number.to_f64()),
            Json::Str(text) => serializer.serialize_str(text),
            Json::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(&Self(*item))?;
                }
                list.end()
            }
            Json::Object(members) => {
                let mut object = serializer.serialize_map(Some(members.len()))?;
                for (key, value) in members {
                    object.serialize_entry(key, &Self(*value))?;
                }
                object.end()
            }
        }
    }
}
