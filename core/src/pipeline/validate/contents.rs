//! The items of `contents`.
//!
//! Source: Meta, Custom data parameters, `contents`.

use super::Check;
use crate::field::{Field, FieldType};
use crate::json::Json;
use crate::rejection::{Code, Reason};

impl<'a> Check<'a> {
    /// The items of `contents`, each in its place. One that is no object is a fault; one
    /// without an id would make Meta refuse the event and says nothing: admission leaves
    /// it out. In what is rejected both stay, so that a reason names the same item there.
    pub(super) fn contents(&mut self, field: &'static Field, value: Json<'a>) {
        let one = [value];
        let items = value.as_list().unwrap_or(&one);
        let mut taken = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let Some(members) = item.as_object() else {
                self.wrong_type(FieldType::Object, format!("{}[{index}]", field.key), *item);
                taken.push(Json::Null);
                continue;
            };
            let mut kept: Vec<(&'a str, Json<'a>)> = Vec::with_capacity(field.properties.len());
            for &(key, value) in members {
                let Some(property) = self.property(field, key, value) else {
                    continue;
                };
                let path = || format!("{}[{index}].{}", field.key, property.key).into();
                let Some(value) = self.id(property, path, value) else {
                    continue;
                };
                if let Some(value) = self.value(property, path, value) {
                    kept.push((property.key, value));
                }
            }
            let has_id = kept.iter().any(|(key, value)| {
                *key == "id" && value.as_str().is_some_and(|id| !id.trim().is_empty())
            });
            taken.push(Json::Object(self.arena.list(&kept)));
            if !has_id {
                self.findings.warn(Reason::new(
                    Code::ContentsItemWithoutId,
                    format!("{}[{index}]", field.key),
                    "the item has no id and is left out; map the product's id to it",
                ));
            }
        }
        self.custom
            .push((field.key, Json::List(self.arena.list(&taken))));
    }
}
