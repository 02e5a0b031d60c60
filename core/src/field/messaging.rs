//! Events from ads that click to Messenger, Instagram or WhatsApp: their closed list
//! of names, and the channels with the ids that each needs.
//!
//! Source: Meta, Conversions API for business messaging (as of 2026-09).
//!
//! ```
//! use capi_core::field::messaging;
//!
//! assert!(messaging::EVENT_NAMES.contains(&"LeadSubmitted"));
//! let channels = messaging::MESSAGING_CHANNEL.choices;
//! assert_eq!(channels, ["messenger", "whatsapp", "instagram"]);
//! ```

use super::{Field, FieldType, WirePath};

/// The names that an event of business messaging may have.
pub const EVENT_NAMES: &[&str] = &[
    "Purchase",
    "LeadSubmitted",
    "InitiateCheckout",
    "AddToCart",
    "ViewContent",
    "OrderCreated",
    "OrderShipped",
    "OrderDelivered",
    "OrderCanceled",
    "OrderReturned",
    "CartAbandoned",
    "QualifiedLead",
    "RatingProvided",
    "ReviewProvided",
];

/// Where a conversation takes place, and what an event of it needs.
#[derive(Debug)]
pub struct Channel {
    /// The value of `messaging_channel`.
    pub name: &'static str,
    /// Meta's keys of `user_data`: one of each group must be there.
    pub ids: &'static [&'static [&'static str]],
}

/// The channels.
///
/// For WhatsApp the account or the Page is right, whichever the dataset is linked to.
/// Instagram's account is identified by `ig_account_id`: the guide's sample has another name,
/// which is reported to be refused.
pub(crate) const CHANNELS: &[Channel] = &[
    Channel {
        name: "messenger",
        ids: &[&["page_id"], &["page_scoped_user_id"]],
    },
    Channel {
        name: "whatsapp",
        ids: &[&["whatsapp_business_account_id", "page_id"], &["ctwa_clid"]],
    },
    Channel {
        name: "instagram",
        ids: &[&["ig_account_id"], &["ig_sid"]],
    },
];

const CHANNEL_NAMES: &[&str] = &[CHANNELS[0].name, CHANNELS[1].name, CHANNELS[2].name];

/// The keys of `user_data` that an event of a conversation must not have: there is no
/// page and no browser.
pub(crate) const NOT_IN_CHANNEL: &[&str] = &["fbc", "client_ip_address", "client_user_agent"];

/// `messaging_channel`.
pub const MESSAGING_CHANNEL: Field = Field::new(
    "messaging_channel",
    "Messaging Channel",
    FieldType::String,
    WirePath::EventKey("messaging_channel"),
)
.description("Where the conversation took place; events of business messaging need it.")
.choices(CHANNEL_NAMES);
