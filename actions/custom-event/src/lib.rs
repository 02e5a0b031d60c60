//! Custom Event: any other event, standard or your own, under the name that you give it.
//!
//! Source of the fields: Meta, Standard events.

use capi_core::field::event;
use capi_core::{Action, Spec, register_action};

static SPEC: Spec = Spec {
    slug: "custom-event",
    title: "Custom Event",
    description: "Any other event, standard or your own, under the name that you give it.",
    event_name: None,
    default_trigger: None,
    on_by_default: false,
    fields: &[event::EVENT_NAME
        .description("The name of the event at Meta: a standard one such as Lead, or your own.")
        .default(r#"{"@path":"$.event"}"#)],
    example: include_str!("../example.json"),
};

struct CustomEvent;

impl Action for CustomEvent {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }
}

register_action!(CustomEvent);
