//! The event as the crate sees it: views of the JSON tree, of which nothing is
//! copied.

use std::fmt;

use liquid_core::ValueView;
use liquid_core::model::{ArrayView, DisplayCow, KStringCow, ObjectView, ScalarCow, State, Value};

use super::plain::{Plain, number_value, object_value, text};
use crate::json::{Json, Number};

impl ValueView for Json<'_> {
    fn as_debug(&self) -> &dyn fmt::Debug {
        self
    }

    fn render(&self) -> DisplayCow<'_> {
        DisplayCow::Owned(Box::new(text(self)))
    }

    /// Only for error messages, which hold no value of an event.
    fn source(&self) -> DisplayCow<'_> {
        DisplayCow::Owned(Box::new(self.kind()))
    }

    fn type_name(&self) -> &'static str {
        match self {
            Json::Null => "nil",
            Json::List(_) => "array",
            Json::Object(_) => "object",
            scalar => scalar
                .as_scalar()
                .map_or("nil", |scalar| scalar.type_name()),
        }
    }

    fn query_state(&self, state: State) -> bool {
        match state {
            State::Truthy => Plain::of(self).is_truthy(),
            _ => !Plain::of(self).is_truthy(),
        }
    }

    fn to_kstr(&self) -> KStringCow<'_> {
        match self {
            Json::Str(text) => KStringCow::from_ref(text),
            Json::Number(number) => super::super::text::number_text(*number).into(),
            other => text(other).into_owned().into(),
        }
    }

    fn to_value(&self) -> Value {
        match self {
            Json::Null => Value::Nil,
            Json::List(items) => Value::array(items.iter().map(ValueView::to_value)),
            Json::Object(members) => object_value(members),
            Json::Number(Number::Rounded(number) | Number::Float(number)) => number_value(*number),
            scalar => scalar
                .as_scalar()
                .map_or(Value::Nil, |scalar| Value::Scalar(scalar.into_owned())),
        }
    }

    /// Also of what is not a scalar: the crate refuses `a[b]` where `b` is none.
    fn as_scalar(&self) -> Option<ScalarCow<'_>> {
        Some(match self {
            Json::Bool(value) => ScalarCow::new(*value),
            Json::Number(Number::Signed(value)) => ScalarCow::new(*value),
            Json::Number(Number::Rounded(value) | Number::Float(value)) => ScalarCow::new(*value),
            Json::Number(Number::Unsigned(value)) => match i64::try_from(*value) {
                Ok(value) => ScalarCow::new(value),
                Err(_) => ScalarCow::new(value.to_string()),
            },
            other => ScalarCow::new(other.to_kstr()),
        })
    }

    fn as_array(&self) -> Option<&dyn ArrayView> {
        matches!(self, Json::List(_)).then_some(self)
    }

    fn as_object(&self) -> Option<&dyn ObjectView> {
        matches!(self, Json::Object(_)).then_some(self)
    }

    fn is_nil(&self) -> bool {
        self.is_null()
    }
}

impl ArrayView for Json<'_> {
    fn as_value(&self) -> &dyn ValueView {
        self
    }

    fn size(&self) -> i64 {
        i64::try_from(items(self).len()).unwrap_or(i64::MAX)
    }

    fn values<'k>(&'k self) -> Box<dyn Iterator<Item = &'k dyn ValueView> + 'k> {
        Box::new(items(self).iter().map(|item| item as &dyn ValueView))
    }

    fn contains_key(&self, index: i64) -> bool {
        ArrayView::get(self, index).is_some()
    }

    fn get(&self, index: i64) -> Option<&dyn ValueView> {
        let index = usize::try_from(index).ok()?;
        items(self).get(index).map(|item| item as &dyn ValueView)
    }

    fn last(&self) -> Option<&dyn ValueView> {
        items(self).last().map(|item| item as &dyn ValueView)
    }
}

impl ObjectView for Json<'_> {
    fn as_value(&self) -> &dyn ValueView {
        self
    }

    fn size(&self) -> i64 {
        i64::try_from(members(self).len()).unwrap_or(i64::MAX)
    }

    fn keys<'k>(&'k self) -> Box<dyn Iterator<Item = KStringCow<'k>> + 'k> {
        Box::new(
            members(self)
                .iter()
                .map(|(key, _)| KStringCow::from_ref(key)),
        )
    }

    fn values<'k>(&'k self) -> Box<dyn Iterator<Item = &'k dyn ValueView> + 'k> {
        Box::new(
            members(self)
                .iter()
                .map(|(_, value)| value as &dyn ValueView),
        )
    }

    fn iter<'k>(&'k self) -> Box<dyn Iterator<Item = (KStringCow<'k>, &'k dyn ValueView)> + 'k> {
        let member = |(key, value): &'k (&str, Json<'_>)| {
            (KStringCow::from_ref(key), value as &dyn ValueView)
        };
        Box::new(members(self).iter().map(member))
    }

    fn contains_key(&self, key: &str) -> bool {
        Json::get(*self, key).is_some()
    }

    fn get<'s>(&'s self, key: &str) -> Option<&'s dyn ValueView> {
        let mut members = members(self).iter().rev();
        members
            .find(|(known, _)| *known == key)
            .map(|(_, value)| value as &dyn ValueView)
    }
}

fn items<'j, 'a>(json: &'j Json<'a>) -> &'j [Json<'a>] {
    Json::as_list(*json).unwrap_or_default()
}

fn members<'j, 'a>(json: &'j Json<'a>) -> &'j [(&'a str, Json<'a>)] {
    Json::as_object(*json).unwrap_or_default()
}
