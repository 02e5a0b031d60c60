//! Add to Cart: a product was put into the cart.
//!
//! Source of the fields: Meta, Standard events.

use capi_core::field::commerce;
use capi_core::{Action, Spec, register_action};

static SPEC: Spec = Spec {
    slug: "add-to-cart",
    title: "Add to Cart",
    description: "A product was put into the cart.",
    event_name: Some("AddToCart"),
    default_trigger: Some(r#"type = "track" and event = "Product Added""#),
    on_by_default: true,
    fields: &[
        commerce::CONTENT_IDS,
        commerce::CONTENT_NAME,
        commerce::CONTENT_TYPE,
        commerce::CONTENTS_OF_PRODUCT,
        commerce::CURRENCY,
        commerce::VALUE_OF_PRODUCT,
    ],
    example: include_str!("../example.json"),
};

struct AddToCart;

impl Action for AddToCart {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }
}

register_action!(AddToCart);
