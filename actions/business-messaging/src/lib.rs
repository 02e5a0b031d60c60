//! Business Messaging: a conversation that an ad led to, on Messenger, WhatsApp or
//! Instagram, led to something.
//!
//! Source: Meta, Conversions API for business messaging.
//!
//! Off by default: its names are Meta's own, and a shop's "Purchase" may be another.
//! Segment's specs have no such events, so everything is read from properties under
//! Meta's names. What such an event may not have (URLs, click id, address, user agent)
//! is not mapped.

use capi_core::field::{commerce, event, messaging, user_data};
use capi_core::{Action, Spec, register_action};

static SPEC: Spec = Spec {
    slug: "business-messaging",
    title: "Business Messaging",
    description: "A conversation on Messenger, WhatsApp or Instagram led to something.",
    event_name: None,
    default_trigger: Some(r#"type = "track" and properties.messaging_channel != null"#),
    on_by_default: false,
    fields: &[
        event::EVENT_NAME
            .description("What happened, in one of Meta's names for conversations.")
            .default(r#"{"@path":"$.event"}"#)
            .choices(messaging::EVENT_NAMES),
        messaging::MESSAGING_CHANNEL
            .default(r#"{"@path":"$.properties.messaging_channel"}"#)
            .required()
            .replaces(),
        event::ACTION_SOURCE
            .default(r#""business_messaging""#)
            .choices(&["business_messaging"])
            .replaces(),
        event::USER_DATA
            .properties(user_data::IN_CONVERSATION)
            .replaces(),
        event::EVENT_SOURCE_URL.unmapped().replaces(),
        event::REFERRER_URL.unmapped().replaces(),
        commerce::CURRENCY,
        commerce::VALUE.default(
            r#"{"@coalesce":[{"@path":"$.properties.value"},{"@path":"$.properties.revenue"},{"@path":"$.properties.total"}]}"#,
        ),
        commerce::CONTENTS_OF_PRODUCTS,
        commerce::ORDER_ID.default(r#"{"@path":"$.properties.order_id"}"#),
    ],
    example: include_str!("../example.json"),
};

struct BusinessMessaging;

impl Action for BusinessMessaging {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }
}

register_action!(BusinessMessaging);
