//! Submit Application: a customer applied for something of yours.
//!
//! Source of the fields: Meta, Standard events.
//!
//! Off by default: Segment's specs have no such event, and what people apply for,
//! a loan or a job, is not always for Meta to know.

use capi_core::{Action, Spec, register_action};

static SPEC: Spec = Spec {
    slug: "submit-application",
    title: "Submit Application",
    description: "A customer applied for something of yours.",
    event_name: Some("SubmitApplication"),
    default_trigger: Some(r#"type = "track" and event = "Application Submitted""#),
    on_by_default: false,
    fields: &[],
    example: include_str!("../example.json"),
};

struct SubmitApplication;

impl Action for SubmitApplication {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }
}

register_action!(SubmitApplication);
