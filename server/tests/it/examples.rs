//! The example of every action, all the way.

use std::collections::BTreeSet;

use capi_actions as _;
use capi_core::{Registry, Spec};
use serde_json::{Value, json};

use crate::calls::{at, with};
use crate::meta::{Meta, names_and_ids};
use crate::relay::{Relay, Setup};

/// The example as if it were of now, with the action's slug as its id.
fn call(spec: &Spec) -> Value {
    let example: Value = serde_json::from_str(spec.example).unwrap();
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

#[test]
fn meta_takes_the_example_of_every_action() {
    let registry = Registry::linked().unwrap();
    let specs: Vec<_> = registry.specs().collect();
    let subscriptions: String = specs.iter().copied().map(subscription).collect();
    let meta = Meta::up();
    let mut relay = Relay::with(
        &meta,
        Setup {
            tables: &subscriptions,
            ..Setup::default()
        },
    );
    let calls: Vec<_> = specs.iter().copied().map(call).collect();
    relay.take(&calls);
    meta.wait_for(calls.len());
    assert!(relay.stop().success());
    let expected: BTreeSet<_> = specs
        .iter()
        .zip(&calls)
        .map(|(spec, call)| {
            let name = spec.event_name.or_else(|| call["event"].as_str()).unwrap();
            (name.to_owned(), spec.slug.to_owned())
        })
        .collect();
    let events = meta.events();
    assert_eq!(
        names_and_ids(&events),
        expected.into_iter().collect::<Vec<_>>()
    );
    assert_eq!(meta.stats().refused, 0);
    let predicted = meta.wait_for_id("start-trial")["custom_data"]["predicted_ltv"].take();
    assert_eq!(predicted, 240);
}
