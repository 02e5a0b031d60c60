//! Search: a visitor searched for products.
//!
//! Source of the fields: Meta, Standard events.

use capi_core::field::commerce;
use capi_core::{Action, Spec, register_action};

static SPEC: Spec = Spec {
    slug: "search",
    title: "Search",
    description: "A visitor searched for products.",
    event_name: Some("Search"),
    default_trigger: Some(r#"type = "track" and event = "Products Searched""#),
    on_by_default: true,
    fields: &[
        commerce::CONTENT_CATEGORY,
        commerce::CONTENT_IDS,
        commerce::CONTENTS_OF_PRODUCT_IF_ANY,
        commerce::CURRENCY,
        commerce::SEARCH_STRING,
        commerce::VALUE,
    ],
    example: include_str!("../example.json"),
};

struct Search;

impl Action for Search {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }
}

register_action!(Search);
