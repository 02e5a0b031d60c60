//! Objects that leave as they are, with declared properties: such as
//! `original_event_data` and `store_data`.

use std::borrow::Cow;

use super::Check;
use crate::field::{Field, FieldType};
use crate::json::{Json, Number};
use crate::rejection::{Code, Diagnostic};

impl<'a> Check<'a> {
    /// The properties of an object, each of its type, times as Unix seconds; nothing
    /// where none says anything. A required one that is missing or cannot be read is a
    /// fault where the object is required; else the object is left out.
    pub(super) fn members(&mut self, field: &'static Field, value: Json<'a>) -> Option<Json<'a>> {
        let members = self.object(field, value)?;
        self.inside(field, |check| check.properties(field, members))
    }

    fn properties(
        &mut self,
        field: &'static Field,
        members: &'a [(&'a str, Json<'a>)],
    ) -> Option<Json<'a>> {
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
                let Some(time) = self.time(property, path(), value) else {
                    continue;
                };
                Json::Number(Number::from(time.as_second()))
            } else {
                value
            };
            if self.is_nobodys_order(property.key, path, value) {
                continue;
            }
            taken.push((property.key, value));
        }
        // An object that says nothing is not there.
        if taken.is_empty() && !field.required {
            return None;
        }
        for property in field.properties.iter().filter(|one| one.required) {
            if !field.required {
                if taken.iter().all(|(key, _)| *key != property.key) {
                    self.incomplete(field, property);
                    return None;
                }
                continue;
            }
            let is_there = members
                .iter()
                .any(|(key, value)| property.answers_to(key) && !value.is_blank());
            if !is_there {
                self.required(format!("{}.{}", field.key, property.key), property);
            }
        }
        Some(Json::Object(self.arena.list(&taken)))
    }

    fn incomplete(&mut self, field: &Field, property: &Field) {
        let message = format!("the object has no {} that can be used", property.key);
        self.refuse(
            field,
            Diagnostic::new(Code::InvalidType, field.key, message),
        );
    }
}
