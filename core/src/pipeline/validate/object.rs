//! Objects that leave as they are, with declared properties: such as
//! `original_event_data` and `store_data`.

use std::borrow::Cow;

use super::Check;
use crate::field::{Field, FieldType};
use crate::json::{Json, Number};

impl<'a> Check<'a> {
    /// The properties of an object, each of its type, times as Unix seconds; nothing
    /// where none says anything. A required one that is missing is a fault.
    pub(super) fn members(&mut self, field: &'static Field, value: Json<'a>) -> Option<Json<'a>> {
        let members = self.object(field, value)?;
        let mut taken: Vec<(&'a str, Json<'a>)> = Vec::with_capacity(field.properties.len());
        for &(key, value) in members {
            let Some(property) = self.property(field, key, value) else {
                continue;
            };
            let path = || Cow::Owned(format!("{}.{}", field.key, property.key));
            let Some(value) = self.id(property, path, value) else {
                continue;
            };
            let Some(value) = self.value(property, path, value) else {
                continue;
            };
            let value = if property.kind == FieldType::Datetime {
                let Some(time) = self.time(path(), value) else {
                    continue;
                };
                Json::Number(Number::from(time.as_second()))
            } else {
                value
            };
            taken.push((property.key, value));
        }
        // An object that says nothing is not there.
        if taken.is_empty() && !field.required {
            return None;
        }
        for property in field.properties {
            let is_there = members
                .iter()
                .any(|(key, value)| property.answers_to(key) && !value.is_blank());
            if property.required && !is_there {
                self.required(format!("{}.{}", field.key, property.key), property);
            }
        }
        Some(Json::Object(self.arena.list(&taken)))
    }
}
