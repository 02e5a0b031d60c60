//! Start Trial: a customer began a free trial.
//!
//! Source of the fields: Meta, Standard events.
//!
//! On by default: Segment's B2B SaaS spec has the event, and its name says nothing
//! else.

use capi_core::field::commerce;
use capi_core::{Action, Spec, register_action};

static SPEC: Spec = Spec {
    slug: "start-trial",
    title: "Start Trial",
    description: "A customer began a free trial.",
    event_name: Some("StartTrial"),
    default_trigger: Some(r#"type = "track" and event = "Trial Started""#),
    on_by_default: true,
    fields: &[
        commerce::CURRENCY,
        commerce::PREDICTED_LTV,
        commerce::VALUE.default(r#"{"@path":"$.properties.value"}"#),
    ],
    example: include_str!("../example.json"),
};

struct StartTrial;

impl Action for StartTrial {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }
}

register_action!(StartTrial);
