//! The whole way of one event through one subscription, as `capi preview`
//! takes it: configuration, receiving, routing, conversion.

use capi_core::config::{Config, Severity};
use capi_core::destination::Destination;
use capi_core::event::{Arena, Arrival, Event, Json};
use capi_core::explain::{Setting, explain};
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
    let mut mint = || "minted".to_owned();
    let event = Event::receive(root, &Arrival::default(), &arena, &mut mint).unwrap();
    let destinations = std::slice::from_ref(destination);
    let mut routed = route(destinations, event, None, now, &arena);
    let outcome = routed.next().map(|routed| convert(&mut pipeline(), routed));
    assert!(routed.next().is_none(), "there is one subscription");
    is_explained(destinations, root, now, outcome.as_ref());
    outcome
}

/// Every outcome that is looked at here is explained as what it is: the same
/// event, the same findings, and each digest with the value that it is of.
fn is_explained(
    destinations: &[Destination],
    root: Json<'_>,
    now: Timestamp,
    outcome: Option<&Result<Admitted, Rejection>>,
) {
    if ["timestamp", "originalTimestamp", "receivedAt"]
        .iter()
        .all(|key| root.get(key).is_none_or(Json::is_blank))
    {
        // It is explained as received now, and here it is from a file.
        return;
    }
    let arena = Arena::new();
    let setting = Setting {
        destinations,
        now,
        raw: true,
        actions: &[],
        arena: &arena,
    };
    let explained = explain(root, setting, &mut || "minted".to_owned()).unwrap();
    let conversion = explained.destinations[0]
        .subscriptions
        .first()
        .and_then(|subscription| subscription.conversion.as_ref());
    let (Some(conversion), Some(outcome)) = (conversion, outcome) else {
        assert!(conversion.is_none() && outcome.is_none());
        return;
    };
    assert_eq!(conversion.is_sent, outcome.is_ok());
    let (json, found) = match outcome {
        Ok(admitted) => (admitted.event.json(), admitted.warnings.len()),
        Err(rejection) => (
            rejection.event.json(),
            rejection.reasons.len() + rejection.warnings.len(),
        ),
    };
    let event = Json::parse(&arena, json).unwrap();
    assert_eq!(conversion.event.json().to_text(), event.to_text());
    let findings = conversion.checks.iter().flat_map(|check| &check.findings);
    assert_eq!(findings.count(), found);
    for identifier in &conversion.identifiers {
        let sent = event.at(&["user_data", identifier.key]);
        let sent = sent.and_then(Json::as_list).unwrap_or(&[]);
        let forms = || identifier.values.iter().flat_map(|value| &value.forms);
        let is_told =
            |digest: &Json<'_>| forms().any(|form| Some(&*form.sha256) == digest.as_str());
        assert!(sent.iter().all(is_told), "{}", identifier.key);
        assert!(forms().all(|form| sent.contains(&Json::Str(&form.sha256))));
    }
}
