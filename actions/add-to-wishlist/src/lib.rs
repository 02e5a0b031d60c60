//! Add to Wishlist: a product was put on a wishlist.
//!
//! Source of the fields: Meta, Standard events.
//!
//! On by default: Segment's e-commerce spec has the event, and its name says
//! nothing else.

use capi_core::field::commerce;
use capi_core::{Action, Spec, register_action};

static SPEC: Spec = Spec {
    slug: "add-to-wishlist",
    title: "Add to Wishlist",
    description: "A product was put on a wishlist.",
    event_name: Some("AddToWishlist"),
    default_trigger: Some(r#"type = "track" and event = "Product Added to Wishlist""#),
    on_by_default: true,
    fields: &[
        commerce::CONTENT_CATEGORY.default(r#"{"@path":"$.properties.category"}"#),
        commerce::CONTENT_IDS.default(r#"{"@path":"$.properties.product_id"}"#),
        commerce::CONTENT_NAME.default(r#"{"@path":"$.properties.name"}"#),
        commerce::CONTENTS_OF_PRODUCT,
        commerce::CURRENCY,
        commerce::VALUE_OF_PRODUCT,
    ],
    example: include_str!("../example.json"),
};

struct AddToWishlist;

impl Action for AddToWishlist {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }
}

register_action!(AddToWishlist);
