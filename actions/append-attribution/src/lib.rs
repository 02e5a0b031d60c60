//! Append Attribution: a conversion that was sent is credited to an ad, by a model of
//! your own.
//!
//! Source: Meta, Append attribution (as of 2026-05): at most 48 hours after the original
//! event, whose name and time it says, with a currency; one event for each ad, whose
//! shares of an order add up to 1. Of an app's event the app data says more.
//!
//! Off by default: Segment's specs have no such event.

use capi_core::field::{append, commerce};
use capi_core::{Action, Spec, register_action};

static SPEC: Spec = Spec {
    slug: "append-attribution",
    title: "Append Attribution",
    description: "A conversion is credited to an ad by a model of your own.",
    event_name: Some("AppendAttribution"),
    default_trigger: Some(r#"type = "track" and event = "Conversion Attributed""#),
    on_by_default: false,
    fields: &[
        append::CREDITED,
        append::ATTRIBUTION_DATA.required(),
        commerce::CURRENCY.required(),
        commerce::VALUE.default(r#"{"@path":"$.properties.value"}"#),
    ],
    example: include_str!("../example.json"),
};

struct AppendAttribution;

impl Action for AppendAttribution {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }
}

register_action!(AppendAttribution);
