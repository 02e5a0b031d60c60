//! The laws that every action keeps, whoever wrote it: they run over all that
//! are linked in, so that an action is tested the moment it exists.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

mod way;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use capi_actions as _;
use capi_core::destination::Destination;
use capi_core::event::{Arena, Json};
use capi_core::field::{Field, FieldType};
use capi_core::mapping::Mapping;
use capi_core::pipeline::{Admitted, repair};
use capi_core::rejection::{Code, Diagnostic, Rejection};
use capi_core::trigger::Trigger;
use capi_core::{Registry, Spec};
use jiff::Timestamp;
use serde_json::{Value, json};

fn specs() -> Vec<&'static Spec> {
    Registry::linked().unwrap().specs().collect()
}

/// Calls `check` with every field of every action, those inside objects too,
/// and the path of it: `purchase user_data.email`.
fn every_field(mut check: impl FnMut(&str, &'static Field)) {
    fn visit(path: &str, field: &'static Field, check: &mut impl FnMut(&str, &'static Field)) {
        check(path, field);
        for property in field.properties {
            visit(&format!("{path}.{}", property.key), property, check);
        }
    }
    for spec in specs() {
        for field in spec.all_fields() {
            visit(&format!("{} {}", spec.slug, field.key), field, &mut check);
        }
    }
}

fn example(spec: &Spec) -> Value {
    serde_json::from_str(spec.example)
        .unwrap_or_else(|error| panic!("the example of {} is not JSON: {error}", spec.slug))
}

/// What becomes of `event` the moment the example of `spec` happened.
fn outcome(spec: &Spec, mapping: Option<&str>, event: &Value) -> Result<Admitted, Rejection> {
    let destination = way::destination(spec, mapping)
        .unwrap_or_else(|errors| panic!("{} cannot be configured: {errors:?}", spec.slug));
    way::outcome(&destination, &event.to_string(), now(spec))
        .unwrap_or_else(|| panic!("the trigger of {} does not take its example", spec.slug))
}

fn now(spec: &Spec) -> Timestamp {
    let event = example(spec);
    let timestamp = event["timestamp"].as_str();
    timestamp
        .and_then(|text| text.parse().ok())
        .unwrap_or_else(|| panic!("the example of {} has no timestamp", spec.slug))
}

fn sent(spec: &Spec) -> Admitted {
    outcome(spec, None, &example(spec))
        .unwrap_or_else(|rejection| panic!("the example of {}: {rejection}", spec.slug))
}

/// The folders of actions, without this one, and their names.
fn folders() -> Vec<(String, PathBuf)> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::read_dir(here.parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir() && path != here)
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, path)
        })
        .collect()
}

#[test]
fn every_folder_is_an_action_that_is_linked_in() {
    let folders: BTreeSet<_> = folders()
        .into_iter()
        .map(|(name, _)| format!("capi-action-{name}"))
        .collect();
    let packages: BTreeSet<_> = Registry::linked()
        .unwrap()
        .packages()
        .map(str::to_owned)
        .collect();
    assert_eq!(
        folders, packages,
        "folders under actions/ (left) and registered packages (right) differ; name the crate in \
         actions/all/Cargo.toml and actions/all/src/lib.rs"
    );
}

#[test]
fn slugs_are_kebab_case_and_the_names_of_their_folders() {
    let mut folders: Vec<_> = folders().into_iter().map(|(name, _)| name).collect();
    folders.sort();
    let slugs: Vec<_> = specs().iter().map(|spec| spec.slug).collect();
    assert_eq!(slugs, folders);
    for slug in slugs {
        let is_kebab_case = slug.split('-').all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        });
        assert!(is_kebab_case, "{slug}");
    }
}

#[test]
fn an_action_depends_on_the_core_only() {
    for (name, path) in folders() {
        let text = fs::read_to_string(path.join("Cargo.toml")).unwrap();
        let manifest: toml::Table = text.parse().unwrap();
        let dependencies: Vec<_> = manifest["dependencies"]
            .as_table()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(dependencies, ["capi-core"], "actions/{name}");
        for other in ["dev-dependencies", "build-dependencies", "target"] {
            assert!(
                !manifest.contains_key(other),
                "actions/{name} has [{other}]"
            );
        }
    }
}

#[test]
fn titles_and_descriptions_are_english() {
    let begins_well = |text: &str| {
        let first = text.chars().next();
        first.is_some_and(|first| first.is_uppercase() || first.is_ascii_digit())
    };
    let check = |place: &str, title: &str, description: &str| {
        assert!(
            begins_well(title) && !title.ends_with('.'),
            "{place}: {title:?}"
        );
        assert!(
            begins_well(description) && description.ends_with('.'),
            "{place}: {description:?} is not a sentence"
        );
    };
    for spec in specs() {
        check(spec.slug, spec.title, spec.description);
    }
    every_field(|place, field| check(place, field.title, field.description));
}

#[test]
fn no_two_fields_answer_to_one_key() {
    fn check(place: &str, fields: impl Iterator<Item = &'static Field>) {
        let mut keys = BTreeSet::new();
        for field in fields {
            let own: BTreeSet<_> = [Some(field.key), field.alias]
                .into_iter()
                .flatten()
                .collect();
            for key in own {
                assert!(keys.insert(key), "{place} has {key} twice");
            }
        }
    }
    for spec in specs() {
        check(spec.slug, spec.all_fields());
    }
    every_field(|place, field| check(place, field.properties.iter()));
}

#[test]
fn prebuilt_mappings_and_triggers_compile() {
    every_field(|place, field| {
        let Some(text) = field.default else { return };
        let arena = Arena::new();
        let json =
            Json::parse(&arena, text.as_bytes()).unwrap_or_else(|error| panic!("{place}: {error}"));
        Mapping::compile(json).unwrap_or_else(|errors| panic!("{place}: {errors:?}"));
    });
    for spec in specs() {
        if let Some(trigger) = spec.default_trigger {
            Trigger::parse(trigger).unwrap_or_else(|error| panic!("{}: {error}", spec.slug));
        }
    }
}

#[test]
fn the_example_is_taken_and_converted() {
    for spec in specs() {
        for warning in sent(spec).warnings {
            assert!(
                !matches!(warning.code, Code::UnknownKey | Code::UnusableIdentifier),
                "{}: {} {}",
                spec.slug,
                warning.field,
                warning.message
            );
        }
    }
}

#[test]
fn the_event_has_metas_name() {
    for spec in specs() {
        let sent = sent(spec);
        let json: Value = serde_json::from_slice(sent.event.json()).unwrap();
        let name = sent.event.event_name();
        assert_eq!(json["event_name"], name, "{}", spec.slug);
        match spec.event_name {
            Some(own) => assert_eq!(own, name, "{}", spec.slug),
            None => {
                let event = example(spec);
                let mut said = Vec::new();
                texts(&event, &mut said);
                assert!(said.contains(&name), "{}: {name}", spec.slug);
            }
        }
    }
}

/// Every text of `value`, at any depth.
fn texts<'v>(value: &'v Value, out: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => out.push(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, out)),
        Value::Object(members) => members.values().for_each(|item| texts(item, out)),
        _ => {}
    }
}

#[test]
fn nothing_that_the_customer_said_of_himself_leaves_raw() {
    for spec in specs() {
        let event = example(spec);
        let mut said = Vec::new();
        texts(&event["context"]["traits"], &mut said);
        texts(&event["traits"], &mut said);
        texts(&event["userId"], &mut said);
        assert!(said.len() > 8, "the example of {} has no traits", spec.slug);
        let out = String::from_utf8(sent(spec).event.json().to_vec()).unwrap();
        let out = out.to_lowercase();
        assert!(!out.contains('@'), "{}: {out}", spec.slug);
        for text in said {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            for raw in [text.to_lowercase(), digits] {
                // A letter or two is in every text.
                assert!(
                    raw.len() < 3 || !out.contains(&raw),
                    "{} sends {raw:?}, which its example says of the customer: {out}. If it stands in \
                     another value by chance, as kim in \"Chez Kim\", change that value in \
                     example.json; if not, the mapping sends an identifier",
                    spec.slug
                );
            }
        }
    }
}

#[test]
fn without_identity_nothing_is_sent() {
    for spec in specs() {
        // App data may bring an id of the device.
        let mapping = r#"{"user_data":{"@literal":{}},"app_data_field":{"@literal":{}}}"#;
        let rejection = outcome(spec, Some(mapping), &example(spec)).expect_err(spec.slug);
        let codes: Vec<_> = rejection.reasons.iter().map(|reason| reason.code).collect();
        assert!(
            codes.contains(&Code::InsufficientUserData),
            "{}: {codes:?}",
            spec.slug
        );
    }
}

/// The paths that a mapping reads.
fn paths<'v>(mapping: &'v Value, out: &mut Vec<&'v str>) {
    match mapping {
        Value::Object(members) => {
            for (key, value) in members {
                match value {
                    Value::String(path) if key == "@path" => out.push(path),
                    _ => paths(value, out),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| paths(item, out)),
        _ => {}
    }
}

fn remove(event: &mut Value, path: &str) {
    let path = path.trim_start_matches("$.");
    let (parents, key) = path.rsplit_once('.').unwrap_or(("", path));
    let parent = parents
        .split('.')
        .filter(|key| !key.is_empty())
        .try_fold(event, |value, key| value.get_mut(key));
    if let Some(Value::Object(members)) = parent {
        members.remove(key);
    }
}

/// Whether a mapping gives something of an event that has nothing.
fn has_fallback(mapping: &str) -> bool {
    let arena = Arena::new();
    let json = Json::parse(&arena, mapping.as_bytes()).unwrap();
    let mapping = Mapping::compile(json).unwrap();
    let resolved = mapping.resolve(Json::Object(&[]), &arena).unwrap();
    resolved.is_some_and(|value| !value.is_null())
}

/// The fields that must have a value, those inside required objects too, each with its
/// path. That of user data is a law of its own.
fn required(spec: &Spec) -> Vec<(String, &'static Field)> {
    let own = spec.all_fields().filter(|field| field.required);
    let inside = own.clone().flat_map(|field| {
        let properties = field.properties.iter().filter(|property| property.required);
        properties.map(move |property| (format!("{}.{}", field.key, property.key), property))
    });
    own.filter(|field| field.properties.is_empty())
        .map(|field| (field.key.to_owned(), field))
        .chain(inside)
        .collect()
}

#[test]
fn without_a_field_that_is_required_nothing_is_sent() {
    let mut checked = BTreeSet::new();
    for spec in specs() {
        // What the trigger asks for may be what is missing.
        let destination = way::with_trigger(spec, way::ANY, None).unwrap();
        for (path, field) in required(spec) {
            let default = field.default.unwrap_or_else(|| {
                panic!("{} {path} is required and mapped from nothing", spec.slug)
            });
            let mapping: Value = serde_json::from_str(default).unwrap();
            let mut read = Vec::new();
            paths(&mapping, &mut read);
            let mut event = example(spec);
            for path in read {
                remove(&mut event, path);
            }
            let outcome = way::outcome(&destination, &event.to_string(), now(spec)).unwrap();
            // An event without any time happened when it came.
            if has_fallback(default) || path == "event_time" {
                outcome.unwrap_or_else(|rejection| panic!("{} {path}: {rejection}", spec.slug));
                continue;
            }
            let rejection = outcome.expect_err(&format!("{} without {path}", spec.slug));
            let reasons: Vec<_> = rejection
                .reasons
                .iter()
                .map(|reason| (reason.code, reason.field.as_ref()))
                .collect();
            assert_eq!(reasons, [(Code::MissingField, &*path)], "{}", spec.slug);
            checked.insert(path);
        }
    }
    for path in [
        "original_event_data.event_time",
        "value",
        "messaging_channel",
        "attribution_data.ad_id",
    ] {
        assert!(checked.contains(path), "{checked:?}");
    }
}

#[test]
fn what_was_sent_is_the_same_after_a_repair_that_changes_nothing() {
    for spec in specs() {
        let sent = sent(spec).event.into_json();
        let destination = way::destination(spec, None).unwrap();
        let again = repair(&sent, &[], Some(spec), &destination, now(spec)).unwrap();
        let again = again
            .unwrap_or_else(|rejection| panic!("{} again: {rejection}", spec.slug))
            .event
            .into_json();
        assert_eq!(
            String::from_utf8(again).unwrap(),
            String::from_utf8(sent).unwrap(),
            "{}",
            spec.slug
        );
    }
}

/// What a client put where something else belongs.
fn bad_values() -> Vec<Value> {
    let huge: Value = serde_json::from_str("1e300").unwrap();
    vec![
        json!([]),
        json!({}),
        json!(["a", "b"]),
        json!([[1], {"a": null}]),
        json!({"nested": {"list": [1, {"a": "b"}]}}),
        json!("n/a"),
        json!("NaN"),
        json!("[object Object]"),
        json!(" "),
        json!(true),
        json!(-1.5),
        json!(u64::MAX),
        huge,
        json!("12,50 €"),
        json!("[{]"),
    ]
}

/// The codes of what Meta requires of such an event whichever action makes it: what is
/// left out of it is then missing.
const REQUIRED_BY_META: &[Code] = &[
    Code::MissingField,
    Code::MissingUrl,
    Code::InvalidUrl,
    Code::MissingUserAgent,
];

/// Every optional field, those inside objects and the items of lists too, with a
/// destination that maps `$.probe` to it.
fn optional(spec: &Spec) -> Vec<(String, &'static Field, Destination)> {
    let probe = json!({"@path": "$.probe"});
    let mut all = Vec::new();
    let mut add = |path: String, field, mapping: Value| {
        let destination = way::destination(spec, Some(&mapping.to_string())).unwrap();
        all.push((path, field, destination));
    };
    for field in spec.all_fields() {
        if !field.required {
            add(field.key.to_owned(), field, json!({field.key: probe}));
        }
        for property in field
            .properties
            .iter()
            .filter(|property| !property.required)
        {
            let path = format!("{}.{}", field.key, property.key);
            let part = match field.key {
                "contents" => json!([{"id": "p1", "quantity": 1, property.key: probe}]),
                "app_data_field" => json!({"use_app_data": true, property.key: probe}),
                _ => json!({property.key: probe}),
            };
            add(path, property, json!({field.key: part}));
        }
    }
    all
}

fn probed(spec: &Spec, destination: &Destination, value: &Value) -> Result<Admitted, Rejection> {
    let mut event = example(spec);
    event["probe"] = value.clone();
    way::outcome(destination, &event.to_string(), now(spec)).unwrap()
}

#[test]
fn an_optional_value_that_cannot_be_read_costs_itself() {
    let mut sent = 0;
    for spec in specs() {
        for (path, field, destination) in optional(spec) {
            for value in bad_values() {
                // A number is a time, of which Meta may want another.
                if field.kind == FieldType::Datetime && value.is_number() {
                    continue;
                }
                let Err(rejection) = probed(spec, &destination, &value) else {
                    sent += 1;
                    continue;
                };
                let is_of_meta = |reason: &Diagnostic| REQUIRED_BY_META.contains(&reason.code);
                assert!(
                    field.limits_use() || rejection.reasons.iter().all(is_of_meta),
                    "{} {path} = {value}: {:?}",
                    spec.slug,
                    rejection.reasons
                );
            }
        }
    }
    assert!(sent > 10_000, "{sent}");
}

#[test]
fn what_limits_the_use_of_a_persons_data_is_never_left_out() {
    for spec in specs() {
        let limits = |(_, field, _): &(String, &Field, Destination)| field.limits_use();
        for (path, _, destination) in optional(spec).into_iter().filter(limits) {
            for value in [json!("maybe"), json!({}), json!(["a", "b"]), json!(7)] {
                let rejection = probed(spec, &destination, &value)
                    .expect_err(&format!("{} {path} = {value}", spec.slug));
                let is_it = |reason: &Diagnostic| reason.field == *path;
                assert!(rejection.reasons.iter().any(is_it), "{} {path}", spec.slug);
            }
        }
    }
}
