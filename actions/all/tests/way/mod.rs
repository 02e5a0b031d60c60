//! The whole way of one event through one subscription, as `capi preview`
//! takes it: configuration, receiving, routing, conversion.

use capi_core::config::{Config, Severity};
use capi_core::destination::Destination;
use capi_core::event::{Arena, Arrival, Event, Json};
use capi_core::pipeline::{Admitted, convert, pipeline, route};
use capi_core::rejection::Rejection;
use capi_core::{Registry, Spec};
use jiff::Timestamp;

/// A destination with one subscription of `action`: with its own trigger, or
/// with one that takes every event where it has none; with the prebuilt
/// mapping, or with what the JSON text `mapping` replaces of it.
///
/// # Errors
///
/// The messages of the configuration's errors.
pub(crate) fn destination(
    action: &Spec,
    mapping: Option<&str>,
) -> Result<Destination, Vec<String>> {
    with_trigger(action, action.default_trigger.unwrap_or(ANY), mapping)
}

/// The trigger that takes every event.
pub(crate) const ANY: &str = "type != null";

/// The same with another trigger.
///
/// # Errors
///
/// The messages of the configuration's errors.
pub(crate) fn with_trigger(
    action: &Spec,
    trigger: &str,
    mapping: Option<&str>,
) -> Result<Destination, Vec<String>> {
    let mapping_file = mapping.map_or("", |_| "mapping_file = 'mapping.json'");
    let text = format!(
        "[[destination]]
         name = 'meta'
         dataset_id = '1234567890'
         [[destination.subscription]]
         action = '{}'
         trigger = '{trigger}'
         {mapping_file}",
        action.slug
    );
    let registry = Registry::linked().unwrap();
    let read = |_: &str| Ok(mapping.unwrap_or_default().to_owned());
    let (config, said) = Config::read(&text, &registry, &read);
    match config {
        Some(mut config) => Ok(config.destinations.remove(0).destination),
        None => Err(said
            .into_iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error)
            .map(|diagnostic| diagnostic.message)
            .collect()),
    }
}

/// What `destination` makes of the JSON text `text`, which is an event: nothing where the
/// trigger does not take it. An event without an id gets the id `minted`.
pub(crate) fn outcome(
    destination: &Destination,
    text: &str,
    now: Timestamp,
) -> Option<Result<Admitted, Rejection>> {
    let arena = Arena::new();
    let root = Json::parse(&arena, text.as_bytes()).unwrap();
    let mut generate = || "minted".to_owned();
    let event = Event::receive(root, &Arrival::at(now), &arena, &mut generate).unwrap();
    let destinations = std::slice::from_ref(destination);
    let mut routed = route(destinations, event, None, now, &arena);
    let outcome = routed.next().map(|routed| convert(&mut pipeline(), routed));
    assert!(routed.next().is_none(), "there is one subscription");
    outcome
}
