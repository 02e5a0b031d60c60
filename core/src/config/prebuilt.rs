//! The prebuilt mapping, with what the user wrote in place of its keys.

use crate::Spec;
use crate::field::{Field, Place};
use crate::json::{Arena, Json};

/// The prebuilt mapping with the user's keys in place of its own, inside the
/// objects too.
pub(super) fn merge<'a>(
    action: &Spec,
    own: &'a [(&'a str, Json<'a>)],
    arena: &'a Arena,
) -> Json<'a> {
    let mut merged: Vec<(&'a str, Json<'a>)> = Vec::new();
    for field in action.all_fields() {
        let written = own
            .iter()
            .rev()
            .find(|(key, _)| field.answers_to(key))
            .map(|(_, value)| *value);
        let value = match (written, field.multiple) {
            (None, _) => prebuilt(field, &[], arena),
            (Some(Json::Object(members)), false)
                if matches!(
                    field.place,
                    Place::UserData | Place::AppData | Place::CustomData | Place::EventKey(_)
                ) && !members.iter().any(|(key, _)| key.starts_with('@')) =>
            {
                prebuilt(field, members, arena)
            }
            (Some(value), _) => Some(value),
        };
        merged.extend(value.map(|value| (field.key, value)));
    }
    // Keys that are no field's, such as a directive of the mapping as a whole.
    merged.extend(
        own.iter()
            .filter(|(key, _)| !action.all_fields().any(|field| field.answers_to(key))),
    );
    Json::Object(arena.list(&merged))
}

/// The prebuilt mapping of one field; of an object, that of its properties
/// with `own` in their place. App data that nobody switched on is not mapped:
/// nothing of it would be sent.
fn prebuilt<'a>(
    field: &Field,
    own: &'a [(&'a str, Json<'a>)],
    arena: &'a Arena,
) -> Option<Json<'a>> {
    if let Some(default) = field.default {
        return Json::parse(arena, default.as_bytes()).ok();
    }
    if field.multiple {
        return None;
    }
    let is_switch = |property: &Field| property.key == "use_app_data" && property.default.is_some();
    if field.place == Place::AppData
        && !field.properties.iter().any(is_switch)
        && !own.iter().any(|(key, _)| *key == "use_app_data")
    {
        return (!own.is_empty()).then_some(Json::Object(own));
    }
    let mut members: Vec<(&'a str, Json<'a>)> = Vec::new();
    for property in field.properties {
        let value = own
            .iter()
            .rev()
            .find(|(key, _)| property.answers_to(key))
            .map(|(_, value)| *value)
            .or_else(|| prebuilt(property, &[], arena));
        members.extend(value.map(|value| (property.key, value)));
    }
    members.extend(own.iter().filter(|(key, _)| {
        !field
            .properties
            .iter()
            .any(|property| property.answers_to(key))
    }));
    (!members.is_empty()).then(|| Json::Object(arena.list(&members)))
}
