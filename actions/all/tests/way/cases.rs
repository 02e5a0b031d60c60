//! The recorded cases of `conversions.ndjson`.

use std::collections::HashMap;

use serde_json::{Map, Value};

const CASES: &str = include_str!("../conversions.ndjson");

/// The lines that are cases, each with its event.
pub(crate) fn cases() -> Vec<(Value, Value)> {
    let mut events: HashMap<String, Value> = HashMap::new();
    let mut cases = Vec::new();
    for line in CASES.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let action = case["action"].as_str().unwrap();
        if case["name"].is_string() {
            let event = event(&case, &events[action]);
            cases.push((case, event));
        } else {
            events.insert(action.to_owned(), case["event"].clone());
        }
    }
    cases
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
