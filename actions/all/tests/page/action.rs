//! The page of one action.

use capi_core::Spec;
use capi_core::event::{Arena, Json};
use capi_core::field::Field;
use capi_core::field::event::EVENT;

use super::{NOTICE, code, fence, fields, json};
use crate::way;

/// The page of `spec`.
pub(crate) fn write(spec: &Spec) -> String {
    let mut out = format!("{NOTICE}# {}\n\n{}\n\n", spec.title, spec.description);
    let name = spec
        .event_name
        .map_or_else(|| "the one in `event_name`".to_owned(), code);
    out.push_str(&format!(
        "- In the configuration: `action = \"{}\"`\n- Meta's event: {name}\n",
        spec.slug
    ));
    out.push_str("\n## Trigger\n\n");
    match spec.default_trigger {
        Some(trigger) => {
            out.push_str("Unless the subscription says otherwise, it takes these events:\n\n");
            out.push_str(&fence("text", trigger));
            out.push_str(if spec.on_by_default {
                "\nIt is on by default: a destination without subscriptions has it.\n"
            } else {
                "\nIt is off by default: a destination has it where a subscription names it.\n"
            });
        }
        None => {
            out.push_str("It has none of its own: the subscription says which events it takes.\n");
        }
    }
    out.push_str("\n## Fields\n\n");
    if spec.fields.is_empty() {
        out.push_str(
            "It has no fields beside [those of every event](README.md#fields-of-every-event).\n",
        );
    } else {
        out.push_str("Beside [those of every event](README.md#fields-of-every-event):\n\n");
        out.push_str(&fields(spec.fields));
        for field in spec.fields {
            out.push_str(&keys(field));
        }
    }
    out.push_str("\n## Example\n\nThis event:\n\n");
    out.push_str(&fence("json", spec.example));
    out.push_str("\nbecomes, with the prebuilt mapping:\n\n");
    out.push_str(&fence("json", &sent(spec)));
    out
}

/// The keys of an object, where the action has them in its own way.
fn keys(field: &Field) -> String {
    // The keys of a list's items stand in the table above.
    if field.properties.is_empty() || field.multiple {
        return String::new();
    }
    let own = fields(field.properties);
    let shared = EVENT.iter().find(|shared| shared.key == field.key);
    if shared.is_some_and(|shared| fields(shared.properties) == own) {
        return String::new();
    }
    format!("\n### Keys of {}\n\n{own}", field.key)
}

/// What Meta gets of the example.
fn sent(spec: &Spec) -> String {
    let arena = Arena::new();
    let example = Json::parse(&arena, spec.example.as_bytes()).unwrap();
    let timestamp = example.get("timestamp").and_then(Json::as_str).unwrap();
    let destination = way::destination(spec, None).unwrap();
    let outcome = way::outcome(&destination, spec.example, timestamp.parse().unwrap());
    let admitted = outcome.expect("the trigger takes the example").unwrap();
    json::pretty(admitted.event.json())
}
