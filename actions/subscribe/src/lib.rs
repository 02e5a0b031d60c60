//! Subscribe: a customer began a paid subscription.
//!
//! Source of the fields: Meta, Standard events.
//!
//! Off by default: Segment's specs have no such event, and a free newsletter is
//! subscribed to under the same words.

use capi_core::field::commerce;
use capi_core::{Action, Spec, register_action};

static SPEC: Spec = Spec {
    slug: "subscribe",
    title: "Subscribe",
    description: "A customer began a paid subscription.",
    event_name: Some("Subscribe"),
    default_trigger: Some(r#"type = "track" and event = "Subscription Started""#),
    on_by_default: false,
    fields: &[
        commerce::CURRENCY,
        commerce::PREDICTED_LTV,
        commerce::VALUE.default(
            r#"{"@coalesce":[{"@path":"$.properties.revenue"},{"@path":"$.properties.value"},{"@path":"$.properties.total"}]}"#,
        ),
    ],
    example: include_str!("../example.json"),
};

struct Subscribe;

impl Action for Subscribe {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }
}

register_action!(Subscribe);
