//! Donate: somebody gave to a cause.
//!
//! Source of the fields: Meta, Standard events.
//!
//! Off by default: Segment's specs have no such event, and whom people give to
//! can say what they believe.

use capi_core::{Action, Spec, register_action};

static SPEC: Spec = Spec {
    slug: "donate",
    title: "Donate",
    description: "Somebody gave to a cause.",
    event_name: Some("Donate"),
    default_trigger: Some(r#"type = "track" and event in ["Donation Completed", "Donation Made"]"#),
    on_by_default: false,
    fields: &[],
    example: include_str!("../example.json"),
};

struct Donate;

impl Action for Donate {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }
}

register_action!(Donate);
