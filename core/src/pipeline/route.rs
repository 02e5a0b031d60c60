//! The first step: which subscriptions take an event.

use jiff::Timestamp;

use super::stages::Routed;
use crate::destination::Destination;
use crate::event::Event;
use crate::json::{Arena, Json};

/// The names by which `integrations` may switch this kind of destination,
/// beside the destination's own: those that Segment's and RudderStack's users
/// have in their code.
const KIND_NAMES: &[&str] = &[
    "Facebook Conversions API (Actions)",
    "Facebook Conversions API",
    "Facebook Conversions",
    "Facebook Pixel Server-Side",
    "Facebook Pixel Server Side",
    "Actions Facebook Conversions API",
    "actions-facebook-conversions-api",
    "FACEBOOK_CONVERSIONS",
];

/// The subscriptions that take `event`, in the order of the configuration.
///
/// `source` is the name of the source that the event came through, where one
/// is known; a destination may take the events of some sources only.
///
/// ```
/// # mod shop { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/shop.rs")); }
/// // `shop` has a destination that takes completed orders, and such an order.
/// use capi_core::event::{Arena, Event, Json};
/// use capi_core::pipeline::route;
///
/// // A destination that takes completed orders.
/// let destinations = [shop::destination()?];
/// let now: jiff::Timestamp = "2026-11-28T12:00:05Z".parse()?;
/// let arena = Arena::new();
/// let event = |text: &'static str| -> Result<_, Box<dyn std::error::Error>> {
///     let root = Json::parse(&arena, text.as_bytes())?;
///     Ok(Event::new(root).ok_or("no object")?)
/// };
///
/// let order = event(r#"{"type":"track","event":"Order Completed"}"#)?;
/// let routed: Vec<_> = route(&destinations, order, None, now, &arena).collect();
/// assert_eq!(routed.len(), 1);
/// assert_eq!(routed[0].subscription.action.slug, "purchase");
///
/// // The event itself may say where it goes.
/// let elsewhere = event(
///     r#"{"type":"track","event":"Order Completed","integrations":{"All":false}}"#,
/// )?;
/// assert_eq!(route(&destinations, elsewhere, None, now, &arena).count(), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn route<'a>(
    destinations: &'a [Destination],
    event: Event<'a>,
    source: Option<&'a str>,
    now: Timestamp,
    arena: &'a Arena,
) -> impl Iterator<Item = Routed<'a>> {
    let integrations = event.get("integrations");
    destinations
        .iter()
        .filter(move |destination| destination.takes_source(source))
        .filter(move |destination| is_switched_on(integrations, &destination.name))
        .flat_map(move |destination| {
            destination
                .subscriptions
                .that_take(event.root())
                .map(move |subscription| Routed {
                    event,
                    destination,
                    subscription,
                    now,
                    arena,
                })
        })
}

/// Of an event that nothing takes: the first destination that may have it and has a
/// trigger that asks for nearly the event's name, and the name that it asks for. They
/// differ in case, in what is between the words, or in the words' order.
///
/// ```
/// # mod shop { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/shop.rs")); }
/// // `shop` has a destination that takes completed orders, and such an order.
/// use capi_core::event::{Arena, Event, Json};
/// use capi_core::pipeline::{nearly_taken, route};
///
/// let destinations = [shop::destination()?];
/// let arena = Arena::new();
/// let root = Json::parse(&arena, br#"{"type":"track","event":"orderCompleted"}"#)?;
/// let event = Event::new(root).ok_or("no object")?;
/// let nearly = nearly_taken(&destinations, event, None);
/// assert_eq!(nearly.map(|(_, name)| name), Some("Order Completed"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn nearly_taken<'d>(
    destinations: &'d [Destination],
    event: Event<'_>,
    source: Option<&str>,
) -> Option<(&'d Destination, &'d str)> {
    let integrations = event.get("integrations");
    destinations
        .iter()
        .filter(|destination| destination.takes_source(source))
        .filter(|destination| is_switched_on(integrations, &destination.name))
        .find_map(|destination| {
            let name = destination.subscriptions.nearly(event.root())?;
            Some((destination, name))
        })
}

/// Whether the event's `integrations` object lets the destination `name` have it.
///
/// The destination's own name decides before the names of its kind, and those
/// before `All`. Options count as switched on.
fn is_switched_on(integrations: Option<Json<'_>>, name: &str) -> bool {
    switch(integrations, name).is_none_or(|(_, on)| on)
}

/// The key of the event's `integrations` that decides on the destination `name`,
/// and whether it switches it on; nothing where none speaks of it.
pub(crate) fn switch<'a>(integrations: Option<Json<'a>>, name: &str) -> Option<(&'a str, bool)> {
    let members = integrations.and_then(Json::as_object)?;
    let switch = |wanted: &dyn Fn(&str) -> bool| {
        members
            .iter()
            .rev()
            .find(|(key, _)| wanted(key))
            .map(|(key, value)| (*key, !is_off(*value)))
    };
    switch(&|key| key == name)
        .or_else(|| switch(&|key| KIND_NAMES.iter().any(|kind| kind.eq_ignore_ascii_case(key))))
        .or_else(|| switch(&|key| key.eq_ignore_ascii_case("all")))
}

const fn is_off(value: Json<'_>) -> bool {
    matches!(value, Json::Bool(false) | Json::Null)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(integrations: &str) -> bool {
        let arena = Arena::new();
        let integrations = Json::parse(&arena, integrations.as_bytes()).unwrap();
        is_switched_on(Some(integrations), "meta")
    }

    #[test]
    fn without_a_word_on_it_a_destination_gets_the_event() {
        assert!(is_switched_on(None, "meta"));
        assert!(on("{}"));
        assert!(on(r#"{"Segment.io":true,"Mixpanel":false}"#));
    }

    #[test]
    fn all_switches_everything_that_is_not_named() {
        assert!(!on(r#"{"All":false}"#));
        assert!(!on(r#"{"all":false}"#));
        assert!(on(r#"{"All":false,"meta":true}"#));
        assert!(!on(r#"{"All":true,"meta":false}"#));
    }

    #[test]
    fn options_count_as_on_and_names_of_the_kind_work() {
        assert!(on(r#"{"All":false,"meta":{"test":1}}"#));
        assert!(on(
            r#"{"All":false,"Facebook Conversions API (Actions)":true}"#
        ));
        assert!(!on(r#"{"Facebook Conversions API (Actions)":false}"#));
        assert!(on(
            r#"{"Facebook Conversions API (Actions)":false,"meta":true}"#
        ));
    }
}
