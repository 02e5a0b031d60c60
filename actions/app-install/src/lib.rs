//! App Install: the app was installed.
//!
//! Source: Meta, App events. Meta counts one installation of a person in 90 days.
//!
//! Off by default: Segment's mobile spec has the event, but Meta's own SDK in the app
//! sends it too.

use capi_core::field::{app, event};
use capi_core::{Action, Spec, register_action};

static SPEC: Spec = Spec {
    slug: "app-install",
    title: "App Install",
    description: "The app was installed.",
    event_name: Some("MobileAppInstall"),
    default_trigger: Some(r#"type = "track" and event = "Application Installed""#),
    on_by_default: false,
    fields: &[
        event::ACTION_SOURCE
            .default(r#""app""#)
            .choices(&["app"])
            .replaces(),
        event::APP_DATA.properties(app::OF_APP).replaces(),
    ],
    example: include_str!("../example.json"),
};

struct AppInstall;

impl Action for AppInstall {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }
}

register_action!(AppInstall);
