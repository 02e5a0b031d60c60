//! Customize Product: a visitor configured a product.
//!
//! Source of the fields: Meta, Standard events.
//!
//! Off by default: Segment's specs have no such event, and configurators report
//! every click.

use capi_core::{Action, Spec, register_action};

static SPEC: Spec = Spec {
    slug: "customize-product",
    title: "Customize Product",
    description: "A visitor configured a product.",
    event_name: Some("CustomizeProduct"),
    default_trigger: Some(r#"type = "track" and event = "Product Customized""#),
    on_by_default: false,
    fields: &[],
    example: include_str!("../example.json"),
};

struct CustomizeProduct;

impl Action for CustomizeProduct {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }
}

register_action!(CustomizeProduct);
