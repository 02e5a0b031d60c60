// What the examples in the documentation of the pipeline share, so that each shows
// its own step only: a shop's destination and an order.

use capi_core::Spec;
use capi_core::destination::{
    Crawlers, Destination, Normalization, PrivateIpAddresses, Scrubbing, Strict, Subscription,
    WebsiteRequirements,
};
use capi_core::event::{Arena, Event, Json};
use capi_core::field::commerce;
use capi_core::mapping::Mapping;
use capi_core::trigger::Trigger;

pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

pub static PURCHASE: Spec = Spec {
    slug: "purchase",
    title: "Purchase",
    description: "An order was completed.",
    event_name: Some("Purchase"),
    default_trigger: Some(r#"type = "track" and event = "Order Completed""#),
    on_by_default: true,
    fields: &[commerce::CURRENCY.required(), commerce::VALUE.required()],
    example: r#"{"type":"track","event":"Order Completed"}"#,
};

/// Takes completed orders.
pub fn destination() -> Result<Destination> {
    let arena = Arena::new();
    let mapping = Json::parse(
        &arena,
        br#"{
            "action_source": "website",
            "event_time": { "@path": "$.timestamp" },
            "event_id": { "@path": "$.messageId" },
            "user_data": { "email": { "@path": "$.context.traits.email" } },
            "currency": { "@path": "$.properties.currency" },
            "value": { "@path": "$.properties.total" }
        }"#,
    )?;
    let purchase = Subscription {
        action: &PURCHASE,
        event_name: r#""Purchase""#.into(),
        trigger: Trigger::parse(r#"type = "track" and event = "Order Completed""#)?,
        mapping: Mapping::compile(mapping).map_err(|faults| format!("{faults:?}"))?,
        click_id_from_url: true,
    };
    Ok(Destination {
        name: "meta".into(),
        dataset_id: "1234567890".into(),
        sources: None,
        website_requirements: WebsiteRequirements::Warn,
        private_ip_addresses: PrivateIpAddresses::default(),
        crawlers: Crawlers::Warn,
        strict: Strict::Documented,
        normalization: Normalization::default(),
        scrubbing: Scrubbing::default(),
        subscriptions: vec![purchase].into(),
    })
}

/// An order of `total`, which is JSON.
pub fn order<'a>(arena: &'a Arena, total: &str) -> Result<Event<'a>> {
    let text = format!(
        r#"{{
            "type": "track",
            "event": "Order Completed",
            "messageId": "order-17",
            "timestamp": "2026-11-28T12:00:00Z",
            "properties": {{ "total": {total}, "currency": "EUR" }},
            "context": {{ "traits": {{ "email": "ana@example.com" }} }}
        }}"#
    );
    let root = Json::parse(arena, arena.text(&text).as_bytes())?;
    Ok(Event::new(root).ok_or("no object")?)
}
