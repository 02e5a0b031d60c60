//! A value that may be shown to a person.

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use crate::json::{Json, Number};

/// A JSON value in which everything that had to be masked is masked: only the
/// cloak makes one. Unlike [`Json`] it can be serialized.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown<'a>(pub(super) Json<'a>);

impl<'a> Shown<'a> {
    /// A text of the configuration, which is not a person's.
    pub(in crate::explain) const fn configured(text: &'a str) -> Self {
        Self(Json::Str(text))
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
