//! The fields of `user_data`.
//!
//! Keys are Segment's, so that a mapping made there works here; Meta's own key
//! of each is accepted too.
//!
//! Source of the keys: Meta, Customer information parameters.
//!
//! ```
//! use capi_core::field::{WirePath, user_data};
//! use capi_core::user_data::Identifier;
//!
//! let email = user_data::USER_DATA.iter().find(|field| field.answers_to("em"));
//! let email = email.ok_or("no such field")?;
//! assert_eq!((email.key, email.alias), ("email", Some("em")));
//! assert_eq!(email.place, WirePath::Identifier(Identifier::Email));
//! # Ok::<(), &str>(())
//! ```

use super::{Field, FieldType, WirePath, remapped, sources};
use crate::user_data::Identifier;

const fn hashed(identifier: Identifier, title: &'static str) -> Field {
    Field::new(
        identifier.field(),
        title,
        FieldType::String,
        WirePath::Identifier(identifier),
    )
    .alias(identifier.key())
    .multiple()
}

const fn sent(key: &'static str, meta: &'static str, title: &'static str) -> Field {
    Field::new(key, title, FieldType::String, WirePath::UserKey(meta)).alias(meta)
}

const fn number(key: &'static str, meta: &'static str, title: &'static str) -> Field {
    Field::new(key, title, FieldType::Integer, WirePath::UserKey(meta)).alias(meta)
}

/// What identifies a customer.
pub const USER_DATA: &[Field] = &VISITOR;

/// The field of Meta's `key` of `user_data`.
pub(crate) fn known(key: &str) -> Option<&'static Field> {
    USER_DATA
        .iter()
        .find(|field| field.place.user_key() == Some(key))
}

/// What identifies a customer in a conversation, from the properties of an event of
/// [business messaging](super::messaging), which has no browser either.
///
/// Source: Meta, Conversions API for business messaging.
pub const IN_CONVERSATION: &[Field] = &remapped(
    OF_SYSTEM,
    &[
        ("fbc", None),
        ("page_id", Some(r#"{"@path":"$.properties.page_id"}"#)),
        (
            "page_scoped_user_id",
            Some(r#"{"@path":"$.properties.page_scoped_user_id"}"#),
        ),
        ("ctwa_clid", Some(r#"{"@path":"$.properties.ctwa_clid"}"#)),
        (
            "whatsapp_business_account_id",
            Some(r#"{"@path":"$.properties.whatsapp_business_account_id"}"#),
        ),
        (
            "ig_account_id",
            Some(r#"{"@path":"$.properties.ig_account_id"}"#),
        ),
        ("ig_sid", Some(r#"{"@path":"$.properties.ig_sid"}"#)),
    ],
);

/// What identifies a lead in a CRM, with the id that Meta gave it.
///
/// Source: Meta, Conversion leads, payload specification.
pub const OF_LEAD: &[Field] = &remapped(
    OF_SYSTEM,
    &[(
        "leadID",
        Some(
            r#"{"@coalesce":[{"@path":"$.properties.lead_id"},{"@path":"$.properties.leadgen_id"}]}"#,
        ),
    )],
);

/// A customer of whom a system tells and no browser: the address and the user agent of
/// such an event are the system's own.
const OF_SYSTEM: [Field; 28] = remapped(
    VISITOR,
    &[("client_ip_address", None), ("client_user_agent", None)],
);

const VISITOR: [Field; 28] = [
    hashed(Identifier::ExternalId, "External ID")
        .description("Your own id of the customer, or several; hashed. Use the same ones in the browser.")
        .default(sources::EXTERNAL_ID),
    hashed(Identifier::Email, "Email")
        .description("E-mail address; hashed.")
        .default(sources::EMAIL),
    hashed(Identifier::Phone, "Phone")
        .description("Phone number with country code; hashed.")
        .default(sources::PHONE),
    hashed(Identifier::Gender, "Gender")
        .description("Gender, f or m or a word for it; hashed.")
        .default(sources::GENDER),
    hashed(Identifier::DateOfBirth, "Date of Birth")
        .description("Date of birth; hashed.")
        .default(sources::DATE_OF_BIRTH),
    hashed(Identifier::LastName, "Last Name")
        .description("Last name; hashed.")
        .default(sources::LAST_NAME),
    hashed(Identifier::FirstName, "First Name")
        .description("First name; hashed.")
        .default(sources::FIRST_NAME),
    hashed(Identifier::City, "City")
        .description("City; hashed.")
        .default(sources::CITY),
    hashed(Identifier::State, "State")
        .description("State, province or region; hashed.")
        .default(sources::STATE),
    hashed(Identifier::Zip, "Zip Code")
        .description("Zip or postal code; hashed.")
        .default(sources::ZIP),
    hashed(Identifier::Country, "Country")
        .description("Country, by code or by name; hashed.")
        .default(sources::COUNTRY),
    sent("client_ip_address", "client_ip_address", "Client IP Address")
        .description("The customer's own IP address; IPv6 preferred. Sent as it is.")
        .default(r#"{"@path":"$.context.ip"}"#),
    sent("client_user_agent", "client_user_agent", "Client User Agent")
        .description("The browser's user agent; website events need it. Sent as it is.")
        .default(r#"{"@path":"$.context.userAgent"}"#),
    sent("fbc", "fbc", "Click ID")
        .description("Meta's click id, the value of the _fbc cookie. Sent as it is.")
        .default(r#"{"@coalesce":[{"@path":"$.properties.fbc"},{"@path":"$.context.fbc"},{"@path":"$.properties._fbc"},{"@path":"$.context._fbc"},{"@path":"$.context.cookies._fbc"}]}"#),
    sent("fbp", "fbp", "Browser ID")
        .description("Meta's browser id, the value of the _fbp cookie. Sent as it is.")
        .default(r#"{"@coalesce":[{"@path":"$.properties.fbp"},{"@path":"$.context.fbp"},{"@path":"$.properties._fbp"},{"@path":"$.context._fbp"},{"@path":"$.context.cookies._fbp"}]}"#),
    sent("subscriptionID", "subscription_id", "Subscription ID")
        .description("The id of the subscription in this transaction. Sent as it is."),
    number("leadID", "lead_id", "Lead ID")
        .description("The id of a lead of Meta's lead ads, 15 to 17 digits. Sent as it is."),
    number("fbLoginID", "fb_login_id", "Facebook Login ID")
        .description("The id that Meta gave when the person first signed in to the app. Sent as it is."),
    sent("anonId", "anon_id", "Anonymous ID")
        .description("The installation's id; app events only. Sent as it is."),
    sent("madId", "madid", "Mobile Advertiser ID")
        .description("The device's advertising id. Sent as it is."),
    sent("partner_id", "partner_id", "Partner ID").description("The partner's id of the person. Sent as it is."),
    sent("partner_name", "partner_name", "Partner Name").description("The partner's name. Sent as it is."),
    sent("ctwa_clid", "ctwa_clid", "Click to WhatsApp ID")
        .description("The click id that Meta makes for ads that click to WhatsApp. Sent as it is."),
    sent("page_id", "page_id", "Page ID")
        .description("The id of your Facebook Page; Messenger, and WhatsApp where its dataset is the Page's. Sent as it is."),
    sent("page_scoped_user_id", "page_scoped_user_id", "Page-Scoped User ID")
        .description("The person's id for your Page, from Messenger's webhook. Sent as it is."),
    sent(
        "whatsapp_business_account_id",
        "whatsapp_business_account_id",
        "WhatsApp Business Account ID",
    )
    .description("The id of your WhatsApp Business Account. Sent as it is."),
    sent("ig_account_id", "ig_account_id", "Instagram Account ID")
        .description("The id of your Instagram business account. Sent as it is."),
    sent("ig_sid", "ig_sid", "Instagram-Scoped ID")
        .description("The person's id for your Instagram account, from Instagram's webhook. Sent as it is."),
];
