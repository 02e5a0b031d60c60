//! Contact: a customer got in touch.
//!
//! Source of the fields: Meta, Standard events.
//!
//! Off by default: of the ways to get in touch, Segment's specs name the live chat
//! only, and people write and chat for many reasons.

use capi_core::{Action, Spec, register_action};

static SPEC: Spec = Spec {
    slug: "contact",
    title: "Contact",
    description: "A customer got in touch.",
    event_name: Some("Contact"),
    default_trigger: Some(
        r#"type = "track" and event in ["Contact Form Submitted", "Contact Requested", "Live Chat Conversation Started"]"#,
    ),
    on_by_default: false,
    fields: &[],
    example: include_str!("../example.json"),
};

struct Contact;

impl Action for Contact {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }
}

register_action!(Contact);
