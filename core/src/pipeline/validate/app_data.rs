//! What an app event says of the app: `app_data` with its sixteen slots.

use super::Check;
use crate::field::app::{EXTINFO, slot_of};
use crate::field::{Field, FieldType, WirePath};
use crate::json::{Arena, Json, Number};

fn without_gaps<'a>(list: Json<'a>, arena: &'a Arena) -> Json<'a> {
    let items = list.as_list().unwrap_or(&[]).iter();
    let items: Vec<_> = items.copied().filter(|item| !item.is_null()).collect();
    Json::List(arena.list(&items))
}

/// The `app_data` that the mapped members give; nothing unless `use_app_data`
/// is on. Flags that nobody gave are left out: inventing a refusal of tracking
/// would be a lie.
///
/// Source: Meta, App data parameters: `extinfo` has sixteen texts in a fixed
/// order, a missing one as an empty text.
pub(super) fn app_data<'a>(
    check: &mut Check<'a>,
    field: &'static Field,
    members: &'a [(&'a str, Json<'a>)],
) -> Option<&'a [(&'a str, Json<'a>)]> {
    let mut in_use = false;
    let mut given: Vec<(&'a str, Json<'a>)> = Vec::new();
    let mut of_user = Vec::new();
    let mut slots = [Json::Str(""); EXTINFO.len()];
    let outer = std::mem::take(&mut check.findings);
    // A fault of the switch itself counts, also where it is off.
    if let Some((key, value)) = members.iter().find(|(key, _)| *key == "use_app_data")
        && let Some(property) = check.property(field, key, *value)
    {
        let path = || format!("{}.{}", field.key, property.key).into();
        in_use = check.value(property, path, *value) == Some(Json::Bool(true));
    }
    let of_use = std::mem::take(&mut check.findings);
    for &(key, value) in members {
        let Some(property) = check.property(field, key, value) else {
            continue;
        };
        if property.key == "use_app_data" {
            continue;
        }
        let path = || format!("{}.{}", field.key, property.key);
        let taken = if property.multiple {
            check
                .items(property, path, value)
                .map(|items| without_gaps(items, check.arena))
        } else {
            check.value(property, || path().into(), value)
        };
        let Some(value) = taken else {
            continue;
        };
        if let WirePath::UserKey(key) = property.place {
            of_user.push((property, key, value));
            continue;
        }
        match (property.key, property.kind) {
            (key, FieldType::Boolean) => {
                let flag = u64::from(value == Json::Bool(true));
                given.push((key, Json::Number(Number::Unsigned(flag))));
            }
            (key, _) => match slot_of(key) {
                Some(slot) => slots[slot] = value,
                None => given.push((key, value)),
            },
        }
    }
    let of_rest = std::mem::replace(&mut check.findings, outer);
    check.findings.append(of_use);
    if !in_use {
        // What is not sent cannot be wrong.
        return None;
    }
    check.findings.append(of_rest);
    // Of two values for one key the last counts.
    for (property, key, value) in of_user.into_iter().rev() {
        if !check.user_keys.iter().any(|(known, _)| *known == key) {
            check.user_key(property, key, value);
        }
    }
    given.push(("extinfo", Json::List(check.arena.list(&slots))));
    Some(check.arena.list(&given))
}
