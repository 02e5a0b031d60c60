//! The whole way as data: what each action makes of an event.
//!
//! A line of `conversions.ndjson` with an `event` and no `name` sets the event
//! of the action's cases after it; `set` and `unset` change it, by JSON
//! pointers, and an `event` of a case replaces it. `mapping` is what the
//! subscription writes over the prebuilt mapping. A case then has
//!
//! * `gives`: Meta's event, with the keys of `user_data` as `identifiers` in
//!   place of the digests, which have tests of their own, and the event's
//!   `test_event_code`; and `warns`, the codes of warnings that must be among
//!   those given,
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
use capi_core::Registry;
use capi_core::pipeline::Admitted;
use capi_core::rejection::Code;
use serde_json::{Value, json};

use cases::cases;

#[test]
fn events_become_what_they_should() {
    let registry = Registry::linked().unwrap();
    let mut names = BTreeSet::new();
    let mut wrong = Vec::new();
    for (case, event) in cases() {
        let (action, name) = (
            case["action"].as_str().unwrap(),
            case["name"].as_str().unwrap(),
        );
        assert!(names.insert(name.to_owned()), "two cases are called {name}");
        let found = found(registry.get(action).unwrap(), &case, &event);
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

/// What is found before an event has an action; the server's tests have it.
const EARLIER: [Code; 3] = [Code::MalformedEvent, Code::EventTooLarge, Code::UnknownType];

#[test]
fn every_code_has_a_case() {
    let told: BTreeSet<String> = cases()
        .iter()
        .flat_map(|(case, _)| {
            ["warns", "rejected"].map(|key| serde_json::from_value(case[key].clone()))
        })
        .filter_map(Result::<Vec<String>, _>::ok)
        .flatten()
        .collect();
    let without: Vec<&str> = Code::ALL
        .iter()
        .filter(|code| !EARLIER.contains(code))
        .map(|code| code.as_str())
        .filter(|code| !told.contains(*code))
        .collect();
    assert!(without.is_empty(), "{without:?}");
}

fn wanted(case: &Value) -> Value {
    let outcome = ["gives", "rejected", "refused"]
        .into_iter()
        .find_map(|key| Some(json!({key: numbers(case.get(key)?)})));
    outcome.unwrap_or_else(|| panic!("{} wants nothing", case["name"]))
}

fn found(action: &'static capi_core::Spec, case: &Value, event: &Value) -> Value {
    let mapping = case.get("mapping").map(Value::to_string);
    let destination = match way::destination(action, mapping.as_deref()) {
        Ok(destination) => destination,
        Err(errors) => {
            let place = errors[0]
                .split_once(" at ")
                .and_then(|(_, place)| place.split_once(':'));
            return json!({"refused": place.map_or(errors[0].as_str(), |(place, _)| place)});
        }
    };
    let now = case["now"].as_str().unwrap().parse().unwrap();
    let outcome = way::outcome(&destination, &event.to_string(), now);
    match outcome.unwrap_or_else(|| panic!("{}: the trigger does not match", case["name"])) {
        Ok(admitted) => {
            let warned: BTreeSet<_> = admitted
                .warnings
                .iter()
                .map(|warning| warning.code.as_str())
                .collect();
            let warns = case.get("warns").and_then(Value::as_array);
            for code in warns.into_iter().flatten() {
                let code = code.as_str().unwrap();
                assert!(
                    warned.contains(code),
                    "{}: no {code} in {warned:?}",
                    case["name"]
                );
            }
            json!({"gives": numbers(&gives(&admitted))})
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
