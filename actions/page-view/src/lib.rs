//! Page View: a visitor opened a page.
//!
//! Source of the fields: Meta, Standard events.

use capi_core::{Action, Spec, register_action};

static SPEC: Spec = Spec {
    slug: "page-view",
    title: "Page View",
    description: "A visitor opened a page.",
    event_name: Some("PageView"),
    default_trigger: Some(r#"type = "page""#),
    on_by_default: true,
    fields: &[],
    example: include_str!("../example.json"),
};

struct PageView;

impl Action for PageView {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }
}

register_action!(PageView);
