//! The prebuilt mapping, with what the user wrote in place of its keys.

use crate::Spec;
use crate::field::{Field, WirePath};
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
        let written = written(field, own);
        let value = match (written, field.multiple) {
            (None, _) => prebuilt(field, &[], arena)
                .and_then(|mapping| with_own_currency(mapping, action, own, arena)),
            (Some(Json::Object(members)), false)
                if matches!(
                    field.place,
                    WirePath::UserData
                        | WirePath::AppData
                        | WirePath::CustomData
                        | WirePath::EventKey(_)
                ) && !members.iter().any(|(key, _)| key.starts_with('@')) =>
            {
                prebuilt(field, members, arena)
            }
            (Some(value), _) => Some(value),
        };
        merged.extend(value.map(|value| (field.key, value)));
    }
    // Keys that belong to no field, such as a directive of the mapping as a whole.
    merged.extend(
        own.iter()
            .filter(|(key, _)| !action.all_fields().any(|field| field.answers_to(key))),
    );
    Json::Object(arena.list(&merged))
}

/// What the user wrote for `field`, of a key that is there twice the last.
fn written<'a>(field: &Field, own: &[(&'a str, Json<'a>)]) -> Option<Json<'a>> {
    let mut from_behind = own.iter().rev();
    let (_, value) = from_behind.find(|(key, _)| field.answers_to(key))?;
    Some(*value)
}

/// A prebuilt mapping that asks whether the event has the currency at its prebuilt place,
/// asking for the user's own instead: always there where it is a fixed one. Nothing where
/// the user has none.
fn with_own_currency<'a>(
    mapping: Json<'a>,
    action: &Spec,
    own: &'a [(&'a str, Json<'a>)],
    arena: &'a Arena,
) -> Option<Json<'a>> {
    let asked = mapping.at(&["@if", "blank"]);
    let Some(currency) = action
        .custom_field("currency")
        .filter(|currency| asked.is_some() && asked == prebuilt(currency, &[], arena))
    else {
        return Some(mapping);
    };
    let in_custom_data = || {
        let (_, custom_data) = own.iter().rev().find(|(key, _)| *key == "custom_data")?;
        custom_data.get("currency")
    };
    let Some(own) = written(currency, own).or_else(in_custom_data) else {
        return Some(mapping);
    };
    let then = mapping.at(&["@if", "then"])?;
    match own {
        own if own.is_blank() => None,
        Json::Object(_) => {
            let options = [("blank", own), ("then", then)];
            let asks = [("@if", Json::Object(arena.list(&options)))];
            Some(Json::Object(arena.list(&asks)))
        }
        _ => Some(then),
    }
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
    if field.place == WirePath::AppData
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
