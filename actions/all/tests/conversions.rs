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

mod way;

use std::collections::{BTreeSet, HashMap};

use capi_actions as _;
use capi_core::Registry;
use capi_core::pipeline::Admitted;
use capi_core::rejection::Code;
use serde_json::{Map, Value, json};

const CASES: &str = include_str!("conversions.ndjson");

#[test]
fn events_become_what_they_should() {
    let registry = Registry::linked().unwrap();
    let mut events: HashMap<String, Value> = HashMap::new();
    let mut names = BTreeSet::new();
    let mut wrong = Vec::new();
    for line in CASES.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let action = case["action"].as_str().unwrap().to_owned();
        let Some(name) = case["name"].as_str() else {
            events.insert(action, case["event"].clone());
            continue;
        };
        assert!(names.insert(name.to_owned()), "two cases are called {name}");
        let event = event(&case, &events[&action]);
        let found = found(registry.get(&action).unwrap(), &case, &event);
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
    let cases = CASES
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    let told: BTreeSet<String> = cases
        .flat_map(|case: Value| {
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

/// The event of a case: its own, or that of its action with changes.
fn event(case: &Value, base: &Value) -> Value {
    if let Some(own) = case.get("event") {
        return own.clone();
    }
    let mut event = base.clone();
    let set = case.get("set").and_then(Value::as_object);
    for (pointer, value) in set.into_iter().flatten() {
        let (parent, key) = parent(&mut event, pointer);
        parent.insert(key, value.clone());
    }
    let unset = case.get("unset").and_then(Value::as_array);
    for pointer in unset.into_iter().flatten() {
        let (parent, key) = parent(&mut event, pointer.as_str().unwrap());
        assert!(parent.remove(&key).is_some(), "{pointer} is not there");
    }
    event
}

fn parent<'v>(event: &'v mut Value, pointer: &str) -> (&'v mut Map<String, Value>, String) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let members = event.pointer_mut(parent).and_then(Value::as_object_mut);
    (members.unwrap(), key.to_owned())
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
