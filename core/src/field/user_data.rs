//! The fields of `user_data`.
//!
//! Keys are Segment's, so that a mapping made there works here; Meta's own key
//! of each is accepted too.

use super::{Field, FieldType, Place};
use crate::user_data::Identifier;

const fn hashed(identifier: Identifier, title: &'static str) -> Field {
    Field::new(
        identifier.field(),
        title,
        FieldType::String,
        Place::Identifier(identifier),
    )
    .or(identifier.key())
    .multiple()
}

const fn sent(key: &'static str, meta: &'static str, title: &'static str) -> Field {
    Field::new(key, title, FieldType::String, Place::UserKey(meta)).or(meta)
}

const fn number(key: &'static str, meta: &'static str, title: &'static str) -> Field {
    Field::new(key, title, FieldType::Integer, Place::UserKey(meta)).or(meta)
}

/// What identifies a customer.
pub const USER_DATA: &[Field] = &[
    hashed(Identifier::ExternalId, "External ID")
        .about("Your own id of the customer, or several; hashed. Use the same ones in the browser.")
        .maps(r#"{"@coalesce":[{"@path":"$.userId"},{"@path":"$.anonymousId"}]}"#),
    hashed(Identifier::Email, "Email")
        .about("E-mail address; hashed.")
        .maps(r#"{"@coalesce":[{"@path":"$.context.traits.email"},{"@path":"$.traits.email"}]}"#),
    hashed(Identifier::Phone, "Phone")
        .about("Phone number with country code; hashed.")
        .maps(r#"{"@coalesce":[{"@path":"$.context.traits.phone"},{"@path":"$.traits.phone"}]}"#),
    hashed(Identifier::Gender, "Gender")
        .about("Gender, f or m or a word for it; hashed.")
        .maps(r#"{"@coalesce":[{"@path":"$.context.traits.gender"},{"@path":"$.traits.gender"}]}"#),
    hashed(Identifier::DateOfBirth, "Date of Birth")
        .about("Date of birth; hashed.")
        .maps(r#"{"@coalesce":[{"@path":"$.context.traits.birthday"},{"@path":"$.traits.birthday"}]}"#),
    hashed(Identifier::LastName, "Last Name")
        .about("Last name; hashed.")
        .maps(r#"{"@coalesce":[{"@path":"$.context.traits.lastName"},{"@path":"$.traits.lastName"}]}"#),
    hashed(Identifier::FirstName, "First Name")
        .about("First name; hashed.")
        .maps(r#"{"@coalesce":[{"@path":"$.context.traits.firstName"},{"@path":"$.traits.firstName"}]}"#),
    hashed(Identifier::City, "City")
        .about("City; hashed.")
        .maps(r#"{"@coalesce":[{"@path":"$.context.traits.address.city"},{"@path":"$.traits.address.city"}]}"#),
    hashed(Identifier::State, "State")
        .about("State, province or region; hashed.")
        .maps(r#"{"@coalesce":[{"@path":"$.context.traits.address.state"},{"@path":"$.traits.address.state"}]}"#),
    hashed(Identifier::Zip, "Zip Code")
        .about("Zip or postal code; hashed.")
        .maps(r#"{"@coalesce":[{"@path":"$.context.traits.address.postalCode"},{"@path":"$.traits.address.postalCode"}]}"#),
    hashed(Identifier::Country, "Country")
        .about("Country, by code or by name; hashed.")
        .maps(r#"{"@coalesce":[{"@path":"$.context.traits.address.country"},{"@path":"$.traits.address.country"}]}"#),
    sent("client_ip_address", "client_ip_address", "Client IP Address")
        .about("The customer's own IP address; IPv6 preferred. Sent as it is.")
        .maps(r#"{"@path":"$.context.ip"}"#),
    sent("client_user_agent", "client_user_agent", "Client User Agent")
        .about("The browser's user agent; website events need it. Sent as it is.")
        .maps(r#"{"@path":"$.context.userAgent"}"#),
    sent("fbc", "fbc", "Click ID")
        .about("Meta's click id, the value of the _fbc cookie. Sent as it is.")
        .maps(r#"{"@coalesce":[{"@path":"$.properties.fbc"},{"@path":"$.context.fbc"}]}"#),
    sent("fbp", "fbp", "Browser ID")
        .about("Meta's browser id, the value of the _fbp cookie. Sent as it is.")
        .maps(r#"{"@coalesce":[{"@path":"$.properties.fbp"},{"@path":"$.context.fbp"}]}"#),
    sent("subscriptionID", "subscription_id", "Subscription ID")
        .about("The id of the subscription in this transaction. Sent as it is."),
    number("leadID", "lead_id", "Lead ID")
        .about("The id of a lead of Meta's lead ads, 15 to 17 digits. Sent as it is."),
    number("fbLoginID", "fb_login_id", "Facebook Login ID")
        .about("The id that Meta gave when the person first signed in to the app. Sent as it is."),
    sent("anonId", "anon_id", "Anonymous ID")
        .about("The installation's id; app events only. Sent as it is."),
    sent("madId", "madid", "Mobile Advertiser ID")
        .about("The device's advertising id. Sent as it is."),
    sent("partner_id", "partner_id", "Partner ID").about("The partner's id of the person. Sent as it is."),
    sent("partner_name", "partner_name", "Partner Name").about("The partner's name. Sent as it is."),
    sent("ctwa_clid", "ctwa_clid", "Click to WhatsApp ID")
        .about("The click id that Meta makes for ads that click to WhatsApp. Sent as it is."),
];
