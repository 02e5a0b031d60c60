//! Purchase: an order was completed.
//!
//! Source of the fields: Meta, Standard events.

use capi_core::field::commerce;
use capi_core::{Action, Spec, register_action};

static SPEC: Spec = Spec {
    slug: "purchase",
    title: "Purchase",
    description: "An order was completed.",
    event_name: Some("Purchase"),
    default_trigger: Some(r#"type = "track" and event = "Order Completed""#),
    on_by_default: true,
    fields: &[
        commerce::CURRENCY.required(),
        commerce::VALUE
            .default(r#"{"@coalesce":[{"@path":"$.properties.revenue"},{"@path":"$.properties.total"}]}"#)
            .required(),
        commerce::NET_REVENUE,
        commerce::CONTENT_IDS,
        commerce::CONTENT_NAME,
        commerce::CONTENT_TYPE,
        commerce::CONTENTS_OF_PRODUCTS,
        commerce::NUM_ITEMS,
        commerce::ORDER_ID,
    ],
    example: include_str!("../example.json"),
};

struct Purchase;

impl Action for Purchase {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }
}

register_action!(Purchase);
