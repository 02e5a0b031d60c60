//! No warning for what is right: every event of Segment's spec as a browser sends it,
//! and every example.
//!
//! The first line of `segment_spec.ndjson` has what all events share; each of the others
//! has one event, written after the page of the spec that `from` names, with a currency only
//! where that page has one: a product that is added has a price and none.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

#[allow(dead_code, reason = "the tests share it, and each uses a part")]
mod way;

use std::collections::BTreeSet;

use capi_actions as _;
use capi_core::Registry;
use capi_core::config::Config;
use capi_core::destination::Destination;
use capi_core::event::{Arena, Arrival, Event, Json};
use capi_core::pipeline::{convert, pipeline, route};
use capi_core::rejection::Diagnostic;
use jiff::Timestamp;
use serde_json::Value;

const SPEC: &str = include_str!("segment_spec.ndjson");

/// A little later than the examples and the events of the spec.
const NOW: &str = "2026-11-24T05:14:53Z";

fn destination(subscriptions: &str) -> Destination {
    let text =
        format!("[[destination]]\nname = 'meta'\ndataset_id = '1234567890'\n{subscriptions}");
    let registry = Registry::linked().unwrap();
    let (config, said) = Config::read(&text, &registry, &|_: &str| Ok(String::new()));
    assert!(said.is_empty(), "{said:?}");
    config.unwrap().destinations.remove(0).destination
}

/// What is said of the conversions of an event: the action and each finding. Counts those
/// that are sent.
fn said(
    destination: &Destination,
    event: &Value,
    sent: &mut BTreeSet<&'static str>,
) -> Vec<String> {
    let now: Timestamp = NOW.parse().unwrap();
    let arena = Arena::new();
    let text = event.to_string();
    let root = Json::parse(&arena, text.as_bytes()).unwrap();
    let arrival = Arrival::at(now);
    let event = Event::receive(root, &arrival, &arena, &mut || "minted".to_owned()).unwrap();
    let mut all = Vec::new();
    for routed in route(std::slice::from_ref(destination), event, None, now, &arena) {
        let action = routed.subscription.action.slug;
        let mut report = |reason: &Diagnostic| {
            let Diagnostic { code, field, .. } = reason;
            all.push(format!("{action}: {} of {field}", code.as_str()));
        };
        match convert(&mut pipeline(), routed) {
            Ok(admitted) => {
                sent.insert(action);
                admitted.warnings.iter().for_each(&mut report);
            }
            Err(rejection) => rejection.reasons.iter().for_each(&mut report),
        }
    }
    all
}

/// The events of the spec, each with its name.
fn spec() -> Vec<(String, Value)> {
    let mut lines = SPEC
        .lines()
        .map(|line| -> Value { serde_json::from_str(line).unwrap() });
    let common = lines.next().unwrap()["common"].clone();
    let event = |(index, line): (usize, Value)| {
        let own = &line["event"];
        let mut event = common.clone();
        for (key, value) in own.as_object().unwrap() {
            event[key] = value.clone();
        }
        event["messageId"] = format!("ajs-next-{index}").into();
        let name = own.get("event").unwrap_or(&own["type"]);
        (name.as_str().unwrap().to_owned(), event)
    };
    lines.enumerate().map(event).collect()
}

#[test]
fn the_events_of_segments_spec_have_no_warnings() {
    let prebuilt = destination("");
    let custom = destination(
        "[[destination.subscription]]\naction = 'custom-event'\ntrigger = 'type = \"track\"'\n\
         mapping = { event_name = { '@path' = '$.event' } }\n",
    );
    let (mut sent, mut wrong) = (BTreeSet::new(), Vec::new());
    for (name, event) in spec() {
        for destination in [&prebuilt, &custom] {
            let said = said(destination, &event, &mut sent);
            wrong.extend(said.iter().map(|said| format!("{name}: {said}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let on = prebuilt.subscriptions.iter().map(|one| one.action.slug);
    let all: BTreeSet<_> = on.chain(["custom-event"]).collect();
    assert_eq!(sent, all);
}

/// Each with its own action, and with those that are on.
#[test]
fn the_examples_have_no_warnings() {
    let prebuilt = destination("");
    let (mut sent, mut wrong) = (BTreeSet::new(), Vec::new());
    let registry = Registry::linked().unwrap();
    for spec in registry.specs() {
        let own = way::with_trigger(spec, way::ANY, None).unwrap();
        let example: Value = serde_json::from_str(spec.example).unwrap();
        for destination in [&own, &prebuilt] {
            let said = said(destination, &example, &mut sent);
            wrong.extend(said.iter().map(|said| format!("{}: {said}", spec.slug)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(sent.len(), registry.specs().count());
}
