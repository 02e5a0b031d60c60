//! Complete Registration: a visitor signed up.
//!
//! Source of the fields: Meta, Standard events.
//!
//! On by default: Segment's B2B SaaS spec has the event, with and without the
//! word User, and its name says nothing else. Its properties say who the
//! person is, so nothing is taken from there but what has Meta's own name, and not
//! `status`, which is a word for many things.

use capi_core::field::commerce;
use capi_core::{Action, Spec, register_action};

static SPEC: Spec = Spec {
    slug: "complete-registration",
    title: "Complete Registration",
    description: "A visitor signed up.",
    event_name: Some("CompleteRegistration"),
    default_trigger: Some(r#"type = "track" and event in ["Signed Up", "User Signed Up"]"#),
    on_by_default: true,
    fields: &[
        commerce::CONTENT_NAME.default(r#"{"@path":"$.properties.content_name"}"#),
        commerce::CURRENCY,
        commerce::STATUS,
        commerce::VALUE.default(r#"{"@path":"$.properties.value"}"#),
    ],
    example: include_str!("../example.json"),
};

struct CompleteRegistration;

impl Action for CompleteRegistration {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }
}

register_action!(CompleteRegistration);
