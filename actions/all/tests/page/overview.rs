//! The page that lists the actions and the fields that all of them have.

use capi_core::Spec;
use capi_core::field::event::EVENT;

use super::{NOTICE, code, fields, table};

/// The page of all `specs`.
pub(crate) fn write(specs: &[&Spec]) -> String {
    let actions = table(
        &[
            "action",
            "what it tells Meta",
            "Meta's event",
            "trigger",
            "on by default",
        ],
        specs.iter().map(|spec| {
            vec![
                format!("[{}]({}.md)", spec.slug, spec.slug),
                spec.description.to_owned(),
                spec.event_name.map_or_else(|| "yours".to_owned(), code),
                spec.default_trigger
                    .map_or_else(|| "yours".to_owned(), code),
                if spec.on_by_default { "yes" } else { "" }.to_owned(),
            ]
        }),
    );
    let mut out = format!(
        "{NOTICE}# Actions\n\n\
         An action makes one of Meta's events. Its fields say what it takes; a mapping says\n\
         from where. What a subscription does not map keeps the prebuilt mapping. How the\n\
         identifiers are normalized stands in [identifiers](../identifiers.md).\n\n\
         What is on by default needs no subscription: Segment's specs have the event, and its\n\
         name can mean nothing else. The others wait for a subscription that names them, as\n\
         their words could be about something that Meta should not get.\n\n\
         {actions}\n\
         ## Fields of every event\n\n{}",
        fields(EVENT),
    );
    let objects = EVENT.iter().filter(|field| !field.properties.is_empty());
    for field in objects {
        out.push_str(&format!("\n## Keys of {}\n\n", field.key));
        out.push_str(&fields(field.properties));
    }
    out
}
