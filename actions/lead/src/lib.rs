//! Lead: a visitor left contact details and wants to hear from you.
//!
//! Source of the fields: Meta, Standard events.
//!
//! Off by default: Segment's specs have no such event, and every team calls
//! something else a lead. Its properties say who the person is, so nothing is taken
//! from there but what has Meta's own name.

use capi_core::field::commerce;
use capi_core::{Action, Spec, register_action};

static SPEC: Spec = Spec {
    slug: "lead",
    title: "Lead",
    description: "A visitor left contact details and wants to hear from you.",
    event_name: Some("Lead"),
    default_trigger: Some(
        r#"type = "track" and event in ["Lead Captured", "Lead Generated", "Lead Submitted"]"#,
    ),
    on_by_default: false,
    fields: &[
        commerce::CONTENT_CATEGORY.default(r#"{"@path":"$.properties.content_category"}"#),
        commerce::CONTENT_NAME.default(r#"{"@path":"$.properties.content_name"}"#),
        commerce::CURRENCY,
        commerce::VALUE.default(r#"{"@path":"$.properties.value"}"#),
    ],
    example: include_str!("../example.json"),
};

struct Lead;

impl Action for Lead {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }
}

register_action!(Lead);
