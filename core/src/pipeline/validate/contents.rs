//! The items of `contents`.
//!
//! Source: Meta, Custom data parameters, `contents`.

use super::Check;
use crate::event::Json;
use crate::field::{Field, FieldType};
use crate::rejection::{Code, Reason};

impl<'a> Check<'a> {
    /// The items of `contents`. One that is no object is a fault; one without
    /// an id would make Meta refuse the event and says nothing: it is left out.
    pub(super) fn contents(&mut self, field: &'static Field, value: Json<'a>) {
        let one = [value];
        let items = value.as_list().unwrap_or(&one);
        let mut taken = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let Some(members) = item.as_object() else {
                self.wrong_type(FieldType::Object, format!("{}[{index}]", field.key), *item);
                continue;
            };
            let mut kept: Vec<(&'a str, Json<'a>)> = Vec::with_capacity(field.properties.len());
            for &(key, value) in members {
                let Some(property) = self.property(field, key, value) else {
                    continue;
                };
                let path = || format!("{}[{index}].{}", field.key, property.key).into();
                if let Some(value) = self.value(property, path, value) {
                    kept.push((property.key, value));
                }
            }
            let has_id = kept.iter().any(|(key, value)| {
                *key == "id" && value.as_str().is_some_and(|id| !id.trim().is_empty())
            });
            if has_id {
                taken.push(Json::Object(self.arena.list(&kept)));
            } else {
                self.warnings.push(Reason::new(
                    Code::ContentsItemWithoutId,
                    format!("{}[{index}]", field.key),
                    "the item has no id and is left out; map the product's id to it",
                ));
            }
        }
        // A list that was empty from the start is what the event says; one
        // that lost all its items says nothing.
        if !taken.is_empty() || items.is_empty() {
            self.custom
                .push((field.key, Json::List(self.arena.list(&taken))));
        }
    }
}
