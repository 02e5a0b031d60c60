//! Objects that leave as they are, with declared properties: such as
//! `original_event_data` and `store_data`.

use super::Check;
use crate::event::{Json, Number, time};
use crate::field::{Field, FieldType};
use crate::rejection::{Code, Reason};

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
            let path = || format!("{}.{}", field.key, property.key).into();
            let Some(value) = self.value(property, path, value) else {
                continue;
            };
            match (property.kind, time(value)) {
                (FieldType::Datetime, Some(time)) => {
                    taken.push((property.key, Json::Number(Number::from(time.as_second()))));
                }
                (FieldType::Datetime, None) => self.reasons.push(Reason::new(
                    Code::InvalidEventTime,
                    path(),
                    "the time is neither ISO 8601 nor Unix seconds or milliseconds; send one of these",
                )),
                _ => taken.push((property.key, value)),
            }
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
                self.reasons.push(Reason::new(
                    Code::MissingField,
                    format!("{}.{}", field.key, property.key),
                    format!("{} is required and the mapping gave nothing for it; map it to a field that the event has", property.title),
                ));
            }
        }
        Some(Json::Object(self.arena.list(&taken)))
    }
}
