//! The example of every action, all the way.

use std::collections::BTreeMap;

use capi_actions as _;
use capi_core::field::WirePath;
use capi_core::{Registry, Spec};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::support::calls::{at, with};
use crate::support::meta::Meta;
use crate::support::relay::{Relay, Setup};

/// The example as if it were of now, with the action's slug as its id.
fn call(spec: &Spec) -> Value {
    let mut example: Value = serde_json::from_str(spec.example).unwrap();
    let happened: Timestamp = example["timestamp"].as_str().unwrap().parse().unwrap();
    let since = Timestamp::now().duration_since(happened);
    // What it says of other events stays as long before it.
    for value in example["properties"].as_object_mut().into_iter().flatten() {
        let time: Option<Timestamp> = value.1.as_str().and_then(|text| text.parse().ok());
        if let Some(time) = time {
            *value.1 = json!((time + since).to_string());
        }
    }
    let example = with(example, "/timestamp", json!(at(0)));
    with(example, "/messageId", json!(spec.slug))
}

/// A subscription to the action; one without a trigger takes its example.
fn subscription(spec: &Spec) -> String {
    let trigger = match spec.default_trigger {
        Some(_) => String::new(),
        None => format!("trigger = 'messageId = \"{}\"'", spec.slug),
    };
    format!(
        "[[destination.subscription]]\naction = \"{}\"\n{trigger}\n",
        spec.slug
    )
}

/// The name under which Meta gets the example.
fn name(spec: &Spec, call: &Value) -> String {
    let place = match spec.slug {
        "crm-stage" => "/properties/stage",
        _ => "/event",
    };
    let said = || call.pointer(place).and_then(Value::as_str);
    spec.event_name.or_else(said).unwrap().to_owned()
}

/// All examples delivered, by the slugs that are their ids.
fn delivered(meta: &Meta, specs: &[&Spec]) -> BTreeMap<String, Value> {
    let subscriptions: String = specs.iter().copied().map(subscription).collect();
    let mut relay = Relay::with(
        meta,
        Setup {
            tables: &subscriptions,
            ..Setup::default()
        },
    );
    let calls: Vec<_> = specs.iter().copied().map(call).collect();
    relay.take(&calls);
    meta.wait_for(calls.len());
    assert!(relay.stop().success());
    let events = meta.events();
    let named = |event: Value| (event["event_id"].as_str().unwrap().to_owned(), event);
    let events: BTreeMap<_, _> = events.into_iter().map(named).collect();
    for (spec, call) in specs.iter().zip(&calls) {
        assert_eq!(events[spec.slug]["event_name"], name(spec, call));
    }
    events
}

fn specs() -> Vec<&'static Spec> {
    Registry::linked().unwrap().specs().collect()
}

#[test]
fn meta_takes_the_example_of_every_action() {
    let meta = Meta::up();
    let specs = specs();
    let mut events = delivered(&meta, &specs);
    assert_eq!(events.len(), specs.len());
    assert_eq!(meta.stats().refused, 0);
    let predicted = events.get_mut("start-trial").unwrap()["custom_data"]["predicted_ltv"].take();
    assert_eq!(predicted, 240);
}

/// What Meta takes without: a lead's stage is then an event like any other and is
/// counted to no lead.
const NOT_REFUSED: &[(&str, &str)] = &[
    ("crm-stage", "/custom_data/event_source"),
    ("crm-stage", "/custom_data/lead_event_source"),
];

/// Where the fields that are required stand in Meta's event, as JSON pointers.
fn required(spec: &Spec, event: &Value) -> Vec<String> {
    let mut places: Vec<String> = ["event_name", "event_time", "action_source", "user_data"]
        .map(|key| format!("/{key}"))
        .into();
    if event["action_source"] == "website" {
        places.push("/event_source_url".into());
        places.push("/user_data/client_user_agent".into());
    }
    for field in spec.all_fields().filter(|field| field.required) {
        let place = match field.place {
            WirePath::CustomKey => format!("/custom_data/{}", field.key),
            WirePath::EventKey(key) => format!("/{key}"),
            _ => continue,
        };
        let properties = field.properties.iter().filter(|property| property.required);
        places.extend(properties.map(|property| format!("{place}/{}", property.key)));
        places.push(place);
    }
    places.retain(|place| !NOT_REFUSED.contains(&(spec.slug, place)));
    places
}

fn without(event: &Value, place: &str) -> Value {
    let mut event = event.clone();
    let (parent, key) = place.rsplit_once('/').unwrap();
    let parent = event.pointer_mut(parent).and_then(Value::as_object_mut);
    assert!(parent.unwrap().remove(key).is_some(), "{place}");
    event
}

#[test]
fn meta_refuses_the_example_when_a_required_field_goes() {
    let meta = Meta::up();
    let specs = specs();
    let events = delivered(&meta, &specs);
    let mut refused = 0;
    for spec in specs {
        let event = &events[spec.slug];
        assert_eq!(meta.answer(event), 200, "{}", spec.slug);
        for place in required(spec, event) {
            assert_eq!(
                meta.answer(&without(event, &place)),
                400,
                "{} without {place}",
                spec.slug
            );
            refused += 1;
        }
    }
    assert!(refused > 100, "{refused}");
}
