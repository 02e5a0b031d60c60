//! Find Location: a visitor looked for one of your places, to go there.
//!
//! Source of the fields: Meta, Standard events.
//!
//! Off by default: Segment's specs have no such event, and a place can be searched
//! for many reasons.

use capi_core::{Action, Spec, register_action};

static SPEC: Spec = Spec {
    slug: "find-location",
    title: "Find Location",
    description: "A visitor looked for one of your places, to go there.",
    event_name: Some("FindLocation"),
    default_trigger: Some(r#"type = "track" and event in ["Location Searched", "Store Searched"]"#),
    on_by_default: false,
    fields: &[],
    example: include_str!("../example.json"),
};

struct FindLocation;

impl Action for FindLocation {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }
}

register_action!(FindLocation);
