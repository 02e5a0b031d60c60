//! CRM Stage: a lead of Meta's lead ads reached another stage in your CRM.
//!
//! Source: Meta, Conversion leads, payload specification. Meta wants every stage, from
//! the raw lead on, under the CRM's own name of it.
//!
//! Off by default: Segment's specs have no such event. The system that sends it is no
//! browser, so neither its address nor its user agent is taken for the lead's.

use capi_core::field::{Field, FieldType, WirePath, event, user_data};
use capi_core::{Action, Spec, register_action};

static SPEC: Spec = Spec {
    slug: "crm-stage",
    title: "CRM Stage",
    description: "A lead reached another stage in your CRM.",
    event_name: None,
    default_trigger: Some(r#"type = "track" and event = "Lead Stage Changed""#),
    on_by_default: false,
    fields: &[
        event::EVENT_NAME
        .description("The stage, as the CRM calls it.")
        .default(r#"{"@path":"$.properties.stage"}"#),
        event::ACTION_SOURCE
            .default(r#""system_generated""#)
            .choices(&["system_generated"])
            .replaces(),
        event::USER_DATA.properties(user_data::OF_LEAD).replaces(),
        Field::new(
            "event_source",
            "Event Source",
            FieldType::String,
            WirePath::CustomKey,
        )
        .description("Always crm.")
        .default(r#""crm""#)
        .choices(&["crm"])
        .required(),
        Field::new(
            "lead_event_source",
            "Lead Event Source",
            FieldType::String,
            WirePath::CustomKey,
        )
        .description("The CRM's name.")
        .default(r#"{"@coalesce":[{"@path":"$.properties.lead_event_source"},{"@path":"$.properties.crm"}]}"#)
        .required(),
    ],
    example: include_str!("../example.json"),
};

struct CrmStage;

impl Action for CrmStage {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }
}

register_action!(CrmStage);
