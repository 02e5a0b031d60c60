//! What is explained is what happens: of every example, of every example without one of
//! its parts, and of every recorded case, `explain` tells what the pipeline makes of it, and none of their personal values is shown.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

#[path = "way/cases.rs"]
mod cases;
mod way;

use std::collections::BTreeSet;

use capi_actions as _;
use capi_core::Registry;
use capi_core::destination::Destination;
use capi_core::event::{Arena, Json};
use capi_core::explain::{Check, CheckResult, Conversion, ExplainOptions, explain};
use capi_core::pipeline::Admitted;
use capi_core::rejection::{Diagnostic, Rejection};
use jiff::Timestamp;
use serde_json::Value;

#[test]
fn each_example_is_explained_as_what_becomes_of_it() {
    let mut ends = [0, 0];
    for spec in Registry::linked().unwrap().specs() {
        let whole: Value = serde_json::from_str(spec.example).unwrap();
        let now = whole["timestamp"].as_str().unwrap().parse().unwrap();
        let mut end = |name: &str, destination: &Destination, event: &Value| {
            ends[usize::from(is_explained(name, destination, event, now))] += 1;
        };
        let own = way::destination(spec, None).unwrap();
        end(spec.slug, &own, &whole);
        // What its trigger asks for may be what is missing.
        let any = way::with_trigger(spec, way::ANY, None).unwrap();
        for part in parts(&whole) {
            let name = format!("{} without {}", spec.slug, part.join("."));
            let event = without(&whole, &part);
            end(&name, &any, &event);
            if part == ["event"] {
                end(&name, &own, &event);
            }
        }
    }
    let [not_sent, sent] = ends;
    assert!(not_sent > 40 && sent > 250, "{not_sent} not, {sent} sent");
}

#[test]
fn each_recorded_case_is_explained_as_what_becomes_of_it() {
    let registry = Registry::linked().unwrap();
    let mut ends = [0, 0];
    for (case, event) in cases::cases() {
        let spec = registry.get(case["action"].as_str().unwrap()).unwrap();
        let mapping = case.get("mapping").map(Value::to_string);
        // Some are refused with their configuration.
        let Ok(destination) = way::destination(spec, mapping.as_deref()) else {
            continue;
        };
        let now = case["now"].as_str().unwrap().parse().unwrap();
        let name = case["name"].as_str().unwrap();
        ends[usize::from(is_explained(name, &destination, &event, now))] += 1;
    }
    let [not_sent, sent] = ends;
    assert!(not_sent > 50 && sent > 250, "{not_sent} not, {sent} sent");
}

/// Fails where an event is not explained as what becomes of it; says whether it is sent.
fn is_explained(name: &str, destination: &Destination, event: &Value, now: Timestamp) -> bool {
    let text = event.to_string();
    let arena = Arena::new();
    let root = Json::parse(&arena, text.as_bytes()).unwrap();
    let destinations = std::slice::from_ref(destination);
    let setting = ExplainOptions {
        destinations,
        now,
        raw: true,
        actions: &[],
        arena: &arena,
    };
    let explained = explain(root, setting, &mut || "minted".to_owned()).unwrap();
    let explained = &explained.destinations[0].subscriptions;

    let outcome = way::outcome(destination, &text, now);

    let explained = explained.first().and_then(|of| of.conversion.as_ref());
    match (explained, &outcome) {
        (None, None) => {}
        (Some(explained), Some(outcome)) => {
            let found = reported(explained);
            assert_eq!(found, becomes(outcome, &arena), "{name}");
            has_digests(name, explained);
        }
        (explained, outcome) => panic!("{name}: {explained:?} is not {outcome:?}"),
    }
    matches!(outcome, Some(Ok(_)))
}

/// Nothing that a recorded case says of a person is in what is shown of it: neither what it
/// was mapped from, nor what it was normalized to, nor what the traits say.
#[test]
fn no_personal_value_of_a_recorded_case_is_shown() {
    let registry = Registry::linked().unwrap();
    let (mut looked_for, mut leaks) = (0, Vec::new());
    let cases = cases::cases().into_iter().map(|(case, event)| {
        let action = case["action"].as_str().unwrap().to_owned();
        let mapping = case.get("mapping").map(Value::to_string);
        (
            case["name"].as_str().unwrap().to_owned(),
            action,
            mapping,
            event,
        )
    });
    let examples = registry.specs().map(|spec| {
        let event = serde_json::from_str(spec.example).unwrap();
        (spec.slug.to_owned(), spec.slug.to_owned(), None, event)
    });
    for (name, action, mapping, event) in cases.chain(examples) {
        let spec = registry.get(&action).unwrap();
        let Ok(destination) = way::with_trigger(spec, way::ANY, mapping.as_deref()) else {
            continue;
        };
        let [shown, raw] = [false, true].map(|raw| json(&destination, &event, raw));
        let mut values = BTreeSet::new();
        for identifier in raw.pointer(CONVERSION).unwrap()["identifiers"]
            .as_array()
            .unwrap()
        {
            for value in identifier["values"].as_array().unwrap() {
                texts(&value["raw"], &mut values);
                let forms = value["forms"].as_array().unwrap();
                forms
                    .iter()
                    .for_each(|form| texts(&form["normalized"], &mut values));
            }
        }
        for place in [
            "/traits",
            "/context/traits",
            "/userId",
            "/anonymousId",
            "/context/ip",
        ] {
            event
                .pointer(place)
                .into_iter()
                .for_each(|said| texts(said, &mut values));
        }
        let mut all = BTreeSet::new();
        texts(&without_rules(shown), &mut all);
        // A message names words that stand for nobody, such as these.
        for value in values
            .iter()
            .filter(|value| !["guest", "undefined"].contains(&&***value))
        {
            looked_for += 1;
            let is_in = |text: &&String| text.to_lowercase().contains(&value.to_lowercase());
            if let Some(text) = all.iter().find(is_in) {
                leaks.push(format!("{name}: {value:?} in {text:?}"));
            }
        }
    }
    assert!(looked_for > 2000, "{looked_for}");
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
}

const CONVERSION: &str = "/destinations/0/subscriptions/0/conversion";

/// What is shown of an event.
fn json(destination: &Destination, event: &Value, raw: bool) -> Value {
    let text = event.to_string();
    let arena = Arena::new();
    let setting = ExplainOptions {
        destinations: std::slice::from_ref(destination),
        now: "2026-11-24T12:00:00Z".parse().unwrap(),
        raw,
        actions: &[],
        arena: &arena,
    };
    let root = Json::parse(&arena, text.as_bytes()).unwrap();
    let explained = explain(root, setting, &mut || "minted".to_owned()).unwrap();
    serde_json::to_value(&explained).unwrap()
}

/// What is shown of an event without what comes of the configuration and of the rules.
fn without_rules(mut shown: Value) -> Value {
    fn drop(value: &mut Value) {
        if let Some(members) = value.as_object_mut() {
            members.retain(|key, value| {
                let is_path = key == "from" || key == "sources" && value.is_array();
                let is_text = [
                    "about",
                    "clause",
                    "mapping",
                    "source",
                    "steps",
                    "pixel_steps",
                ];
                !is_path && !is_text.contains(&key.as_str())
            });
            members.values_mut().for_each(drop);
        }
        value.as_array_mut().into_iter().flatten().for_each(drop);
    }
    drop(&mut shown);
    shown
}

/// The texts in a value with their keys, without those that are too short to be told from
/// others.
fn texts(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if text.trim().len() > 3 => {
            into.insert(text.trim().to_owned());
        }
        Value::Number(number) if number.to_string().len() > 4 => {
            into.insert(number.to_string());
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, into)),
        Value::Object(members) => members.values().for_each(|value| texts(value, into)),
        _ => {}
    }
}

/// Whether a conversion is sent, Meta's event, and what was found: its code, whether it
/// is a reason to reject, its field and its sentence.
type Told = (bool, String, Vec<(String, bool, String, String)>);

fn reported(explained: &Conversion<'_>) -> Told {
    let mut found = Vec::new();
    for check in &explained.checks {
        let Check {
            outcome, findings, ..
        } = check;
        assert_eq!(
            findings.is_empty(),
            matches!(outcome, CheckResult::Passed | CheckResult::Skipped),
            "{check:?}"
        );
        for finding in findings {
            found.push((
                check.code.as_str().to_owned(),
                *outcome == CheckResult::Failed,
                finding.field.clone(),
                finding.message.clone(),
            ));
        }
    }
    found.sort();
    (explained.is_sent, explained.event.json().to_text(), found)
}

fn becomes(outcome: &Result<Admitted, Rejection>, arena: &Arena) -> Told {
    let (json, reasons, warnings) = match outcome {
        Ok(admitted) => (admitted.event.json(), &[][..], &admitted.warnings),
        Err(of) => (of.event.json(), &of.reasons[..], &of.warnings),
    };
    // A check fails by one reason, whatever else it warns of.
    let fails = |found: &Diagnostic| reasons.iter().any(|reason| reason.code == found.code);
    let found = reasons.iter().chain(warnings).map(|found| {
        (
            found.code.as_str().to_owned(),
            fails(found),
            found.field.to_string(),
            found.message.to_string(),
        )
    });
    let mut found: Vec<_> = found.collect();
    found.sort();
    let event = Json::parse(arena, arena.list(json)).unwrap();
    (outcome.is_ok(), event.to_text(), found)
}

/// Each digest that is sent is shown with the value that it is of, and no other.
fn has_digests(name: &str, explained: &Conversion<'_>) {
    for identifier in &explained.identifiers {
        let sent = explained.event.json().at(&["user_data", identifier.key]);
        let sent = sent.and_then(Json::as_list).unwrap_or(&[]);
        let sent: BTreeSet<_> = sent.iter().filter_map(|digest| digest.as_str()).collect();
        let forms = identifier.values.iter().flat_map(|value| &value.forms);
        let reported: BTreeSet<_> = forms.map(|form| form.sha256.as_str()).collect();
        assert_eq!(reported, sent, "{name}: {}", identifier.key);
    }
}

/// The places of all members of an event, in objects too.
fn parts(event: &Value) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (key, value) in event.as_object().into_iter().flatten() {
        found.push(vec![key.clone()]);
        found.extend(parts(value).into_iter().map(|mut part| {
            part.insert(0, key.clone());
            part
        }));
    }
    found
}

/// `event` without what is at `part`; without a type it is not an event.
fn without(event: &Value, part: &[String]) -> Value {
    let mut event = event.clone();
    let pointer: String = part.iter().map(|key| format!("/{key}")).collect();
    if pointer != "/type" {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let members = event.pointer_mut(parent).and_then(Value::as_object_mut);
        members.unwrap().remove(key);
    }
    event
}
