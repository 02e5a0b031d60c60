//! Add Payment Info: a visitor entered how to pay.
//!
//! Source of the fields: Meta, Standard events.
//!
//! On by default: Segment's e-commerce spec has the event, between Checkout
//! Started and Order Completed, and its name says nothing else.

use capi_core::field::commerce;
use capi_core::{Action, Spec, register_action};

static SPEC: Spec = Spec {
    slug: "add-payment-info",
    title: "Add Payment Info",
    description: "A visitor entered how to pay.",
    event_name: Some("AddPaymentInfo"),
    default_trigger: Some(r#"type = "track" and event = "Payment Info Entered""#),
    on_by_default: true,
    fields: &[
        commerce::CONTENT_CATEGORY,
        commerce::CONTENT_IDS,
        commerce::CONTENTS_OF_PRODUCTS,
        commerce::CURRENCY,
        commerce::VALUE.default(
            r#"{"@coalesce":[{"@path":"$.properties.revenue"},{"@path":"$.properties.total"}]}"#,
        ),
    ],
    example: include_str!("../example.json"),
};

struct AddPaymentInfo;

impl Action for AddPaymentInfo {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }
}

register_action!(AddPaymentInfo);
