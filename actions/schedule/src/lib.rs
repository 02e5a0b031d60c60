//! Schedule: a customer made an appointment.
//!
//! Source of the fields: Meta, Standard events.
//!
//! Off by default: Segment's specs have no such event, and an appointment may be
//! with a doctor.

use capi_core::{Action, Spec, register_action};

static SPEC: Spec = Spec {
    slug: "schedule",
    title: "Schedule",
    description: "A customer made an appointment.",
    event_name: Some("Schedule"),
    default_trigger: Some(
        r#"type = "track" and event in ["Appointment Booked", "Appointment Scheduled"]"#,
    ),
    on_by_default: false,
    fields: &[],
    example: include_str!("../example.json"),
};

struct Schedule;

impl Action for Schedule {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }
}

register_action!(Schedule);
