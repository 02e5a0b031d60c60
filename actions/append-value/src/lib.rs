//! Append Value: what a customer is expected to be worth became known after the
//! conversion was sent.
//!
//! Source: Meta, Predicted lifetime value: at most 7 days after the conversion, for web
//! events, and with its name and its id or its order's id.
//!
//! Off by default: Segment's specs have no such event.

use capi_core::field::{append, commerce};
use capi_core::{Action, Spec, register_action};

static SPEC: Spec = Spec {
    slug: "append-value",
    title: "Append Value",
    description: "What a customer is expected to be worth became known later.",
    event_name: Some("AppendValue"),
    default_trigger: Some(r#"type = "track" and event = "Predicted Value Updated""#),
    on_by_default: false,
    fields: &[
        append::APPENDED_TO,
        commerce::CURRENCY.required(),
        commerce::PREDICTED_LTV.required(),
        commerce::VALUE.default(r#"{"@path":"$.properties.value"}"#),
    ],
    example: include_str!("../example.json"),
};

struct AppendValue;

impl Action for AppendValue {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }
}

register_action!(AppendValue);
