//! The whole way as data: what each action makes of an event.
//!
//! A line of `conversions.ndjson` with an `event` and no `name` sets the event
//! of the action's cases after it; `set` and `unset` change it, by JSON
//! pointers, and an `event` of a case replaces it. `mapping` is what the
//! subscription writes over the prebuilt mapping. A case then has
//!
//! * `gives`: Meta's event, with the keys of `user_data` as `identifiers` in
//!   place of the digests, which have tests of their own, and the event's
//!   `test_event_code`; and `warns`, the codes of all warnings in the order of
//!   the alphabet, or nothing where there are none,
//! * or `rejected`: the codes of the rejection, or
//! * `refused`: where in the mapping the configuration is refused.
//!
//! `why` says what the rule is where other implementations of this mapping
//! language and these fields do otherwise.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

#[path = "way/cases.rs"]
mod cases;
mod way;

use std::collections::BTreeSet;

use capi_actions as _;
use capi_core::destination::{Crawlers, Destination, Strict, WebsiteRequirements};
use capi_core::event::{Arena, Json};
use capi_core::explain::{CheckResult, ExplainOptions, explain};
use capi_core::pipeline::Admitted;
use capi_core::rejection::{Code, Diagnostic, Rejection, Stage};
use capi_core::rules::{Concern, Effect, Rules};
use capi_core::{ActionSource, Registry, Spec};
use jiff::Timestamp;
use serde_json::{Value, json};

use cases::cases;

#[test]
fn events_become_what_they_should() {
    let registry = Registry::linked().unwrap();
    let mut names = BTreeSet::new();
    let mut wrong = Vec::new();
    for (case, event) in cases() {
        let name = case["name"].as_str().unwrap();
        assert!(names.insert(name.to_owned()), "two cases are called {name}");
        let found = found(&registry, &case, &event);
        let wanted = wanted(&case);
        if found != wanted {
            wrong.push(format!("{name}\n  wanted {wanted}\n   found {found}"));
        }
    }
    assert!(names.len() > 400, "cases are lost: {}", names.len());
    assert!(
        wrong.is_empty(),
        "{} cases:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_code_has_a_case() {
    let reported: BTreeSet<String> = cases()
        .iter()
        .flat_map(|(case, _)| ["warns", "rejected"].map(|key| case[key].clone()))
        .filter_map(|codes| serde_json::from_value::<Vec<String>>(codes).ok())
        .flatten()
        .collect();
    let without: Vec<&str> = Code::ALL
        .iter()
        // The server's tests have what it finds itself.
        .filter(|code| code.is_of_pipeline())
        .map(|code| code.as_str())
        .filter(|code| !reported.contains(*code))
        .collect();
    assert!(without.is_empty(), "{without:?}");
}

/// Every finding of every case is held against the table of the codes: what the code is
/// about, which stages give it, and what it does, with each setting that decides of it.
#[test]
fn every_case_ends_as_the_table_of_the_codes_says() {
    let registry = Registry::linked().unwrap();
    let rules = Rules::of(&registry);
    let mut wrong = Vec::new();
    for (case, event) in cases() {
        let Ok(mut destination) = destination(&registry, &case) else {
            continue;
        };
        let name = case["name"].as_str().unwrap().to_owned();
        let mut report = |setting, end: &End, destination: &Destination| {
            let faults = faults(&rules, end, destination);
            wrong.extend(
                faults
                    .iter()
                    .map(|fault| format!("{name} ({setting}): {fault}")),
            );
        };
        let end = End::of(&case, &event, &destination);
        report("as it is", &end, &destination);
        let decides = |end: &End, outcomes: &[Effect]| {
            let mut codes = end.reasons.iter().chain(&end.warnings);
            codes.any(|found| outcomes.contains(&found.code.outcome()))
        };
        if decides(
            &end,
            &[Effect::RejectsWhenStrict, Effect::LeavesOutWhenStrict],
        ) {
            destination.strict = Strict::Reported;
            report(
                "strict",
                &End::of(&case, &event, &destination),
                &destination,
            );
            destination.strict = Strict::Documented;
        }
        if decides(&end, &[Effect::RejectsCrawlers]) {
            for crawlers in [Crawlers::Drop, Crawlers::Send] {
                destination.crawlers = crawlers;
                report(
                    "of a crawler",
                    &End::of(&case, &event, &destination),
                    &destination,
                );
            }
            destination.crawlers = Crawlers::Warn;
        }
        if decides(&end, &[Effect::RejectsWebsite]) {
            destination.website_requirements = WebsiteRequirements::Warn;
            report(
                "lenient",
                &End::of(&case, &event, &destination),
                &destination,
            );
        }
    }
    assert!(
        wrong.is_empty(),
        "{} findings:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// How a case ended.
struct End {
    is_sent: bool,
    is_judged: bool,
    event: Value,
    action_source: Option<ActionSource>,
    reasons: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
}

impl End {
    fn of(case: &Value, event: &Value, destination: &Destination) -> Self {
        match outcome(case, event, destination) {
            Ok(admitted) => Self {
                is_sent: true,
                is_judged: true,
                event: serde_json::from_slice(admitted.event.json()).unwrap(),
                action_source: Some(admitted.event.action_source()),
                reasons: Vec::new(),
                warnings: admitted.warnings,
            },
            Err(rejection) => Self {
                is_sent: false,
                is_judged: is_judged(case, event, destination),
                event: serde_json::from_slice(rejection.event.json()).unwrap(),
                action_source: rejection.event.action_source(),
                reasons: rejection.reasons,
                warnings: rejection.warnings,
            },
        }
    }
}

/// Whether admission judged a case that was rejected: what was not judged has checks
/// that were skipped.
fn is_judged(case: &Value, event: &Value, destination: &Destination) -> bool {
    let arena = Arena::new();
    let text = event.to_string();
    let setting = ExplainOptions {
        destinations: std::slice::from_ref(destination),
        now: now(case),
        raw: true,
        actions: &[],
        arena: &arena,
    };
    let root = Json::parse(&arena, text.as_bytes()).unwrap();
    let explained = explain(root, setting, &mut || "minted".to_owned()).unwrap();
    let subscription = &explained.destinations[0].subscriptions[0];
    let checks = &subscription.conversion.as_ref().unwrap().checks;
    checks
        .iter()
        .all(|check| check.outcome != CheckResult::Skipped)
}

/// What of an ending the table of the codes does not say.
fn faults(rules: &Rules, end: &End, destination: &Destination) -> Vec<String> {
    let action = destination.subscriptions[0].action;
    let is_strict = destination.strict == Strict::Reported;
    let is_website = end.action_source == Some(ActionSource::Website)
        && destination.website_requirements == WebsiteRequirements::Reject;
    let mut faults = Vec::new();
    let reasons = end.reasons.iter().map(|found| (found, true));
    let warnings = end.warnings.iter().map(|found| (found, false));
    for (found, rejects) in reasons.chain(warnings) {
        let Diagnostic { code, field, .. } = found;
        let mut wrong = |what: &str| faults.push(format!("{} of {field}: {what}", code.as_str()));
        let should_reject = match code.outcome() {
            Effect::Rejects => true,
            // The next source of a prebuilt mapping may have it.
            Effect::RejectsWhereRequired => {
                let is_there = end.is_sent && end.event["custom_data"].get(&**field).is_some();
                is_required(action, field) && !is_there
            }
            Effect::RejectsWebsite => is_website,
            Effect::RejectsWhenStrict => is_strict,
            Effect::RejectsCrawlers => {
                if destination.crawlers == Crawlers::Send {
                    wrong("it is to be sent without a word");
                }
                destination.crawlers == Crawlers::Drop
            }
            _ => false,
        };
        if rejects != should_reject {
            wrong(if rejects {
                "it rejects"
            } else {
                "it only warns"
            });
        }
        let is_left_out = match code.outcome() {
            Effect::LeavesOut => Some(true),
            Effect::LeavesOutWhenStrict => Some(is_strict),
            Effect::Warns => Some(false),
            _ => None,
        };
        if let Some(is_left_out) = is_left_out
            && let Some(is_there) = is_there(rules, &end.event, field)
            && is_there == is_left_out
        {
            wrong(if is_there {
                "it is there"
            } else {
                "it is left out"
            });
        }
        if !is_about(rules, *code, field) {
            wrong("the code is not about it");
        }
    }
    // Admission judges only what nothing was found wrong with before, and all reasons of
    // what it judged are its own.
    for Diagnostic { code, field, .. } in &end.reasons {
        let mut stages = code.given_by().iter();
        if !stages.any(|stage| (*stage == Stage::Admit) == end.is_judged) {
            let name = code.as_str();
            faults.push(format!("{name} of {field}: another stage gave it"));
        }
    }
    assert_eq!(end.is_sent, end.reasons.is_empty());
    faults
}

/// Whether an event of `action` is rejected where `path`, in the keys of its mapping,
/// cannot be read.
fn is_required(action: &Spec, path: &str) -> bool {
    // No item of a list is required.
    let mut keys = path.split('.');
    let field = keys.next().filter(|key| !key.contains('['));
    let field = action
        .all_fields()
        .find(|one| field.is_some_and(|key| one.answers_to(key)));
    let Some(field) = field else {
        return path == "event_name";
    };
    let part = keys
        .next()
        .and_then(|key| field.properties.iter().find(|one| one.answers_to(key)));
    match part {
        Some(part) => part.limits_use() || (part.required && field.required),
        None => field.limits_use() || field.required,
    }
}

/// Whether `field` has a value in Meta's event; nothing where it may have others, as an
/// identifier and a list have, or is not a field.
fn is_there(rules: &Rules, event: &Value, field: &str) -> Option<bool> {
    let answer = rules.ask(field).ok()?;
    let [subject] = answer.subjects[..] else {
        return None;
    };
    let is_one = !subject.field.multiple && !subject.path.contains("[]");
    let pointer = format!("/{}", subject.path.replace('.', "/"));
    is_one.then(|| event.pointer(&pointer).is_some())
}

/// Whether `code` is about `field`, or about the object that it is a key of.
fn is_about(rules: &Rules, code: Code, field: &str) -> bool {
    let is_of_objects = matches!(code.concern(), Concern::Objects | Concern::Fields(_));
    let is_asked = |name: &str| {
        let answer = rules.ask(name);
        answer.is_ok_and(|answer| {
            answer
                .entries
                .iter()
                .any(|entry| entry.code == code.as_str())
        })
    };
    let paths = rules.ask(field).map_or_else(
        |_| Vec::new(),
        |answer| {
            answer
                .subjects
                .iter()
                .map(|subject| subject.path.clone())
                .collect()
        },
    );
    let mut names = paths.iter().map(String::as_str).chain([field]);
    names.any(|name| {
        let objects = name.match_indices(['.', '[']).map(|(end, _)| &name[..end]);
        is_asked(name) || (is_of_objects && objects.rev().any(is_asked))
    }) || matches!(code.concern(), Concern::Every)
}

fn wanted(case: &Value) -> Value {
    if let Some(gives) = case.get("gives") {
        let warns = case.get("warns").cloned().unwrap_or_else(|| json!([]));
        return json!({"gives": numbers(gives), "warns": warns});
    }
    let outcome = ["rejected", "refused"]
        .into_iter()
        .find_map(|key| Some(json!({key: case.get(key)?})));
    outcome.unwrap_or_else(|| panic!("{} wants nothing", case["name"]))
}

fn destination(registry: &Registry, case: &Value) -> Result<Destination, Vec<String>> {
    let action = registry.get(case["action"].as_str().unwrap()).unwrap();
    let mapping = case.get("mapping").map(Value::to_string);
    way::destination(action, mapping.as_deref())
}

fn now(case: &Value) -> Timestamp {
    case["now"].as_str().unwrap().parse().unwrap()
}

fn outcome(case: &Value, event: &Value, destination: &Destination) -> Result<Admitted, Rejection> {
    let outcome = way::outcome(destination, &event.to_string(), now(case));
    outcome.unwrap_or_else(|| panic!("{}: the trigger does not match", case["name"]))
}

fn found(registry: &Registry, case: &Value, event: &Value) -> Value {
    let destination = match destination(registry, case) {
        Ok(destination) => destination,
        Err(errors) => {
            let place = errors[0]
                .split_once(" at ")
                .and_then(|(_, place)| place.split_once(':'));
            return json!({"refused": place.map_or(errors[0].as_str(), |(place, _)| place)});
        }
    };
    match outcome(case, event, &destination) {
        Ok(admitted) => {
            let codes = admitted
                .warnings
                .iter()
                .map(|warning| warning.code.as_str());
            let warns: BTreeSet<_> = codes.collect();
            json!({"gives": numbers(&gives(&admitted)), "warns": warns})
        }
        Err(rejection) => {
            let codes: BTreeSet<_> = rejection
                .reasons
                .iter()
                .map(|reason| reason.code.as_str())
                .collect();
            json!({"rejected": codes})
        }
    }
}

fn gives(admitted: &Admitted) -> Value {
    let mut json: Value = serde_json::from_slice(admitted.event.json()).unwrap();
    let members = json.as_object_mut().unwrap();
    let user_data = members.remove("user_data").unwrap();
    let identifiers: BTreeSet<_> = user_data.as_object().unwrap().keys().collect();
    members.insert("identifiers".to_owned(), json!(identifiers));
    if let Some(code) = admitted.event.test_event_code() {
        members.insert("test_event_code".to_owned(), json!(code));
    }
    json
}

/// `value` with every number as a float: 10 and 10.0 are one amount.
fn numbers(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(items) => items.iter().map(numbers).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| (key.clone(), numbers(value)))
            .collect(),
        other => other.clone(),
    }
}
