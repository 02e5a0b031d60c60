//! Where the prebuilt mappings look for a person: first where Segment's spec has it, then
//! under the names that others give it.
//!
//! Sources of the names: Segment, Spec: Identify (traits); RudderStack, Facebook Conversions
//! API (user data); Shopify, Admin API (Customer, MailingAddress); WooCommerce, REST API
//! (customers); what Segment's older destinations resolved.
//!
//! Names below one object stand side by side, so that where the object is missing
//! one look passes over all of them.

/// `@path` to a field of the event.
macro_rules! path {
    ($($part:literal)+) => {
        concat!("{\"@path\":\"$.", $($part,)+ "\"}")
    };
}

/// `@coalesce` of mappings.
macro_rules! first_of {
    ($first:expr $(, $rest:expr)* $(,)?) => {
        concat!("{\"@coalesce\":[", $first $(, ",", $rest)*, "]}")
    };
}

/// Several names below one object.
macro_rules! below {
    ($base:literal: $first:literal $($rest:literal)*) => {
        concat!(path!($base "." $first) $(, ",", path!($base "." $rest))*)
    };
}

/// Several names among the traits, wherever those are.
macro_rules! traits {
    ($($name:literal)+) => {
        concat!(below!("context.traits": $($name)+), ",", below!("traits": $($name)+))
    };
}

/// Several names in the address among the traits.
macro_rules! address {
    ($($name:literal)+) => {
        concat!(
            below!("context.traits.address": $($name)+), ",",
            below!("traits.address": $($name)+)
        )
    };
}

/// Several names in the address of an order or of a customer, as Shopify and WooCommerce
/// have them.
macro_rules! of_shop {
    ($($name:literal)+) => {
        concat!(
            below!("context.traits.default_address": $($name)+), ",",
            below!("context.traits.billing_address": $($name)+), ",",
            below!("context.traits.billing": $($name)+), ",",
            below!("traits.default_address": $($name)+), ",",
            below!("traits.billing_address": $($name)+), ",",
            below!("traits.billing": $($name)+)
        )
    };
}

/// A part of an address in the object at a path, or, where that is not there, what `else`
/// has.
macro_rules! in_object {
    ($base:literal: $($name:literal)+; else $other:expr) => {
        concat!(
            "{\"@if\":{\"exists\":", path!($base),
            ",\"then\":", first_of!(below!($base: $($name)+)),
            ",\"else\":", $other, "}}"
        )
    };
}

/// A part of an address that is elsewhere, by its names in an order and in a shop's
/// addresses, where the traits have none: parts of two addresses are of no place.
macro_rules! of_other_address {
    ($($of_order:literal)+; $($of_shop:literal)+) => {
        concat!(
            "{\"@if\":{\"exists\":",
            first_of!(
                path!("context.traits.address"),
                path!("traits.address"),
                traits!("city" "postalCode" "postal_code" "zip_code" "zipCode" "postcode"
                    "billing_city" "billing_postcode")
            ),
            ",\"else\":",
            in_object!("properties.address": $($of_order)+; else
                in_object!("context.traits.default_address": $($of_shop)+; else
                in_object!("context.traits.billing_address": $($of_shop)+; else
                in_object!("context.traits.billing": $($of_shop)+; else
                in_object!("traits.default_address": $($of_shop)+; else
                in_object!("traits.billing_address": $($of_shop)+; else
                first_of!(below!("traits.billing": $($of_shop)+)))))))),
            "}}"
        )
    };
}

/// A name among the traits that is of an address only beside others of one: a state may
/// be that of anything.
macro_rules! of_flat_address {
    ($($name:literal)+) => {
        concat!(
            "{\"@if\":{\"exists\":",
            first_of!(
                below!("context.traits": "city" "country" "country_code" "countryCode" "postal_code"
                    "postalCode" "zip_code" "zipCode" "postcode")
            ),
            ",\"then\":", first_of!(below!("context.traits": $($name)+)), "}},",
            "{\"@if\":{\"exists\":",
            first_of!(
                below!("traits": "city" "country" "country_code" "countryCode" "postal_code"
                    "postalCode" "zip_code" "zipCode" "postcode")
            ),
            ",\"then\":", first_of!(below!("traits": $($name)+)), "}}"
        )
    };
}

/// A part of the whole name, where there is none of the other part.
macro_rules! of_whole_name {
    ($part:literal, $other:expr) => {
        concat!(
            "{\"@if\":{\"exists\":",
            first_of!($other),
            ",\"else\":{\"@name\":{\"part\":\"",
            $part,
            "\",\"value\":",
            first_of!(traits!("name")),
            "}}}}"
        )
    };
}

macro_rules! first_names {
    () => {
        concat!(
            traits!("firstName"), ",",
            traits!("first_name" "firstname" "billing_first_name"), ",",
            of_shop!("first_name")
        )
    };
}

macro_rules! last_names {
    () => {
        concat!(
            traits!("lastName"), ",",
            traits!("last_name" "lastname" "billing_last_name"), ",",
            of_shop!("last_name")
        )
    };
}

pub(super) const EXTERNAL_ID: &str = first_of!(
    path!("userId"),
    path!("anonymousId"),
    traits!("id" "userId"),
);

pub(super) const EMAIL: &str = first_of!(
    traits!("email"),
    traits!("Email" "E-mail" "email_address" "emailAddress" "billing_email"),
    path!("properties.email"),
    of_shop!("email"),
    "{\"@email\":{\"@path\":\"$.userId\"}}",
);

pub(super) const PHONE: &str = first_of!(
    traits!("phone"),
    traits!("phone_number" "phoneNumber" "Phone" "billing_phone"),
    of_shop!("phone"),
);

pub(super) const GENDER: &str = first_of!(traits!("gender"));

pub(super) const DATE_OF_BIRTH: &str = first_of!(
    traits!("birthday"),
    traits!("date_of_birth" "dateOfBirth" "birth_date" "birthdate" "dob"),
);

pub(super) const LAST_NAME: &str = first_of!(last_names!(), of_whole_name!("last", first_names!()));

pub(super) const FIRST_NAME: &str =
    first_of!(first_names!(), of_whole_name!("first", last_names!()));

pub(super) const CITY: &str = first_of!(
    address!("city"),
    traits!("city" "billing_city"),
    of_other_address!("city"; "city"),
);

pub(super) const STATE: &str = first_of!(
    address!("state"),
    address!("province_code" "provinceCode" "province" "region"),
    of_flat_address!("state" "province_code" "provinceCode" "province"),
    traits!("billing_state"),
    of_other_address!(
        "state" "province_code" "provinceCode" "province" "region";
        "state" "province_code" "provinceCode" "province"
    ),
);

pub(super) const ZIP: &str = first_of!(
    address!("postalCode"),
    address!("postal_code" "zip" "zip_code" "zipCode" "postcode"),
    traits!("postalCode" "postal_code" "zip_code" "zipCode" "postcode" "billing_postcode"),
    of_flat_address!("zip"),
    of_other_address!(
        "postalCode" "postal_code" "zip" "zip_code" "zipCode" "postcode";
        "postcode" "zip" "postal_code"
    ),
);

pub(super) const COUNTRY: &str = first_of!(
    address!("country"),
    address!("country_code" "countryCode"),
    traits!("country" "country_code" "countryCode" "billing_country"),
    of_other_address!(
        "country" "country_code" "countryCode";
        "country" "country_code" "countryCode"
    ),
);
