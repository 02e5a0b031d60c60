//! Initiate Checkout: a visitor began the checkout.
//!
//! Source of the fields: Meta, Standard events.

use capi_core::field::commerce;
use capi_core::{Action, Spec, register_action};

static SPEC: Spec = Spec {
    slug: "initiate-checkout",
    title: "Initiate Checkout",
    description: "A visitor began the checkout.",
    event_name: Some("InitiateCheckout"),
    default_trigger: Some(r#"type = "track" and event = "Checkout Started""#),
    on_by_default: true,
    fields: &[
        commerce::CONTENT_CATEGORY,
        commerce::CONTENT_IDS,
        commerce::CONTENTS_OF_PRODUCTS,
        commerce::CURRENCY,
        commerce::NUM_ITEMS,
        commerce::VALUE.default(
            r#"{"@coalesce":[{"@path":"$.properties.revenue"},{"@path":"$.properties.total"}]}"#,
        ),
    ],
    example: include_str!("../example.json"),
};

struct InitiateCheckout;

impl Action for InitiateCheckout {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }
}

register_action!(InitiateCheckout);
