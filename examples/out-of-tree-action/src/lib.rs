//! Subscription Renewed: a customer paid for another term of a subscription.
//!
//! Off by default: Segment's specs have no such event.

use capi_core::field::{Field, FieldType, WirePath, commerce};
use capi_core::{Action, Spec, register_action};

static SPEC: Spec = Spec {
    slug: "subscription-renewed",
    title: "Subscription Renewed",
    description: "A customer paid for another term of a subscription.",
    event_name: Some("SubscriptionRenewed"),
    default_trigger: Some(r#"type = "track" and event = "Subscription Renewed""#),
    on_by_default: false,
    fields: &[
        commerce::CURRENCY.required(),
        commerce::VALUE
            .default(r#"{"@path":"$.properties.revenue"}"#)
            .required(),
        Field::new("plan", "Plan", FieldType::String, WirePath::CustomKey)
            .description("The plan that was renewed.")
            .default(r#"{"@path":"$.properties.plan"}"#),
        Field::new("term", "Term", FieldType::Integer, WirePath::CustomKey)
            .description("Which term it is; the first renewal is 2.")
            .default(r#"{"@path":"$.properties.term"}"#),
    ],
    example: include_str!("../example.json"),
};

struct SubscriptionRenewed;

impl Action for SubscriptionRenewed {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }
}

register_action!(SubscriptionRenewed);
