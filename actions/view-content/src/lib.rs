//! View Content: a visitor looked at a product.
//!
//! Source of the fields: Meta, Standard events.

use capi_core::field::commerce;
use capi_core::{Action, Spec, register_action};

static SPEC: Spec = Spec {
    slug: "view-content",
    title: "View Content",
    description: "A visitor looked at a product.",
    event_name: Some("ViewContent"),
    default_trigger: Some(r#"type = "track" and event = "Product Viewed""#),
    on_by_default: true,
    fields: &[
        commerce::CONTENT_CATEGORY,
        commerce::CONTENT_IDS.default(r#"{"@path":"$.properties.product_id"}"#),
        commerce::CONTENT_NAME,
        commerce::CONTENT_TYPE,
        commerce::CONTENTS_OF_PRODUCT,
        commerce::CURRENCY,
        commerce::VALUE_OF_PRODUCT,
    ],
    example: include_str!("../example.json"),
};

struct ViewContent;

impl Action for ViewContent {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }
}

register_action!(ViewContent);
