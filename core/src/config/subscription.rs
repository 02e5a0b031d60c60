//! `[[destination.subscription]]`: which events become which conversions.

use std::ops::Range;

use toml::Spanned;

use super::ReadFile;
use super::diagnostic::ConfigDiagnostics;
use super::prebuilt::merge;
use super::section::Section;
use super::written::{Written, to_json};
use crate::destination::Subscription;
use crate::field::Field;
use crate::json::{Arena, Json};
use crate::mapping::{Mapping, event_id_hole};
use crate::standard_event::nearly;
use crate::suggest::nearest;
use crate::trigger::Trigger;
use crate::{Registry, Spec};

/// The subscriptions of a destination, those written or the prebuilt ones, each
/// with its place.
pub(super) fn read_all(
    destination: &mut Section<'_>,
    findings: &mut ConfigDiagnostics<'_>,
    registry: &Registry,
    read_file: ReadFile<'_>,
) -> Vec<(Subscription, Range<usize>)> {
    let written = destination.tables(findings, "subscription");
    let prebuilt = destination
        .boolean(findings, "prebuilt_subscriptions")
        .unwrap_or(written.is_empty());
    let mut named = Vec::new();
    let mut subscriptions = Vec::new();
    let mut read = true;
    for (table, span) in written {
        let mut section = Section::new("[[destination.subscription]]", table, span.clone(), None);
        let action = action(&mut section, findings, registry);
        named.extend(action.map(|action| action.slug));
        let enabled = section.boolean(findings, "enabled").unwrap_or(true);
        let subscription = read_one(&mut section, findings, action, read_file);
        section.finish(findings);
        read &= subscription.is_some();
        subscriptions.extend(subscription.filter(|_| enabled).map(|read| (read, span)));
    }
    if prebuilt {
        let span = destination.span();
        for action in registry
            .specs()
            .filter(|action| !named.contains(&action.slug))
        {
            let Some(trigger) = action.prebuilt_trigger() else {
                continue;
            };
            let compiled = compile(action, trigger, span.clone(), None, findings);
            subscriptions.extend(compiled.map(|prebuilt| (prebuilt, span.clone())));
        }
    }
    // What could not be read has its own errors.
    if subscriptions.is_empty() && read {
        findings.warning(
            destination.span(),
            "the destination has no subscription that is switched on; it gets no event",
        );
    }
    subscriptions
}

fn action(
    section: &mut Section<'_>,
    findings: &mut ConfigDiagnostics<'_>,
    registry: &Registry,
) -> Option<&'static Spec> {
    let slug = section.required_text(findings, "action")?;
    let action = registry.get(&slug);
    if action.is_none() {
        let known = || registry.specs().map(|spec| spec.slug);
        let hint = nearest(&slug, known())
            .map(|known| format!("did you mean {known:?}?"))
            .unwrap_or_else(|| format!("there are: {}", known().collect::<Vec<_>>().join(", ")));
        let span = section.span_of("action");
        findings.error(span, format!("no action is called {slug:?}; {hint}"));
    }
    action
}

fn read_one(
    section: &mut Section<'_>,
    findings: &mut ConfigDiagnostics<'_>,
    action: Option<&'static Spec>,
    read_file: ReadFile<'_>,
) -> Option<Subscription> {
    let trigger = section.text(findings, "trigger");
    let trigger_span = section.value("trigger").map(Spanned::span);
    let inline = section.value("mapping");
    let file = section.text(findings, "mapping_file");
    let file_span = section.value("mapping_file").map(Spanned::span);
    let prebuilt = section
        .boolean(findings, "prebuilt_mapping")
        .unwrap_or(true);
    let action = action?;
    let Some(trigger) = trigger.as_deref().or(action.default_trigger) else {
        findings.error(
            section.span(),
            format!("the action {:?} has no trigger of its own; write one, such as trigger = 'type = \"track\" and event = \"Quote Requested\"'", action.slug),
        );
        return None;
    };
    let text;
    let written = match (inline, file, file_span) {
        (Some(_), Some(_), Some(span)) => {
            findings.error(span, "write either `mapping` or `mapping_file`, not both");
            return None;
        }
        (Some(value), ..) => Some(Written::Inline(value)),
        (None, Some(path), Some(span)) => match read_file(&path) {
            Ok(read) => {
                text = read;
                Some(Written::File {
                    path,
                    text: &text,
                    span,
                })
            }
            Err(error) => {
                findings.error(
                    span,
                    format!("the mapping file {path:?} cannot be read: {error}"),
                );
                return None;
            }
        },
        _ => None,
    };
    let overlay = Overlay { written, prebuilt };
    let span = trigger_span.unwrap_or_else(|| section.span());
    compile(action, trigger, span, Some(overlay), findings)
}

/// What a subscription says of its mapping.
struct Overlay<'w, 't> {
    written: Option<Written<'w, 't>>,
    /// Whether keys left out keep the prebuilt mapping.
    prebuilt: bool,
}

fn compile(
    action: &'static Spec,
    trigger: &str,
    trigger_span: Range<usize>,
    overlay: Option<Overlay<'_, '_>>,
    findings: &mut ConfigDiagnostics<'_>,
) -> Option<Subscription> {
    let compiled_trigger = Trigger::parse(trigger)
        .map_err(|error| {
            findings.error(
                trigger_span.clone(),
                format!("the trigger is wrong: {error}"),
            );
        })
        .ok();
    let arena = Arena::new();
    let (written, prebuilt) =
        overlay.map_or((None, true), |overlay| (overlay.written, overlay.prebuilt));
    let own = match &written {
        None => Json::Object(&[]),
        Some(Written::Inline(value)) => to_json(value.get_ref(), &arena),
        Some(Written::File { path, text, span }) => match Json::parse(&arena, text.as_bytes()) {
            Ok(json) => json,
            Err(error) => {
                findings.error(
                    span.clone(),
                    format!("the mapping file {path:?} is not JSON: {error}"),
                );
                return None;
            }
        },
    };
    let Some(own_members) = own.as_object() else {
        let place = written
            .as_ref()
            .map_or(trigger_span, |written| written.place(""));
        findings.error(
            place,
            format!("the mapping must be an object but it is {}", own.kind()),
        );
        return None;
    };
    if let Some(written) = &written {
        unknown_keys(action, own_members, written, findings);
    }
    let whole = own_members.iter().any(|(key, _)| key.starts_with('@'));
    let merged = if whole || !prebuilt {
        own
    } else {
        merge(action, own_members, &arena)
    };
    let mapping = match Mapping::compile(merged) {
        Ok(mapping) => Some(mapping),
        Err(errors) => {
            for error in errors {
                let place = written
                    .as_ref()
                    .map_or(trigger_span.clone(), |written| written.place(&error.path));
                let hint = error
                    .suggestion
                    .map(|suggestion| format!("; did you mean `{suggestion}`?"))
                    .unwrap_or_default();
                findings.error(
                    place,
                    format!(
                        "the mapping is wrong at {}: {}{hint}",
                        error.path, error.message
                    ),
                );
            }
            None
        }
    };
    if let (Some(written), Some(hole)) = (&written, event_id_hole(own)) {
        findings.warning(
            written.place(&hole),
            format!("the template at {hole} may fill nothing in, and such an event gets its message id for event id; put the template in a `@coalesce` before another id, or behind an `@if` that asks for what it fills in"),
        );
    }
    let maps_click_id = own.get("user_data").is_some_and(|user_data| {
        user_data.as_object().is_none_or(|members| {
            members
                .iter()
                .any(|(key, _)| *key == "fbc" || key.starts_with('@'))
        })
    });
    let event_name = match action.event_name {
        Some(name) => Json::Str(name),
        None => merged.get("event_name").unwrap_or(Json::Null),
    };
    if let (Some(written), Json::Str(name)) = (&written, event_name)
        && let Some(standard) = nearly(name)
    {
        findings.warning(
            written.place("event_name"),
            format!("the name is nearly that of Meta's standard event {standard}, to which it is another one; write {standard:?} as Meta spells it"),
        );
    }
    Some(Subscription {
        action,
        event_name: event_name.to_text().into(),
        trigger: compiled_trigger?,
        mapping: mapping?,
        click_id_from_url: prebuilt && !whole && !maps_click_id,
    })
}

/// Keys that no field answers to: errors where they were written here, a
/// warning where they came along in an exported file.
fn unknown_keys(
    action: &'static Spec,
    members: &[(&str, Json<'_>)],
    written: &Written<'_, '_>,
    findings: &mut ConfigDiagnostics<'_>,
) {
    let mut check = |path: &str, key: &str, fields: &mut dyn Iterator<Item = &'static Field>| {
        let fields: Vec<_> = fields.collect();
        if key.starts_with('@')
            || key.starts_with('_')
            || fields.iter().any(|field| field.answers_to(key))
        {
            return;
        }
        let hint = nearest(key, fields.iter().map(|field| field.key))
            .map(|known| format!("; did you mean `{known}`?"))
            .unwrap_or_default();
        let message = format!(
            "the action {:?} has no field `{path}{key}`{hint}",
            action.slug
        );
        let place = written.place(&format!("/{}{key}", path.replace('.', "/")));
        match written {
            Written::Inline(_) => findings.error(place, message),
            Written::File { .. } => findings.warning(
                place,
                format!("{message}; what is mapped to it is not sent"),
            ),
        }
    };
    for (key, value) in members {
        check("", key, &mut action.all_fields());
        let Some(field) = action.all_fields().find(|field| field.answers_to(key)) else {
            continue;
        };
        if let (Some(inner), false, false) = (
            value.as_object(),
            field.multiple,
            field.properties.is_empty(),
        ) {
            for (inner_key, _) in inner {
                check(&format!("{key}."), inner_key, &mut field.properties.iter());
            }
        }
    }
}
