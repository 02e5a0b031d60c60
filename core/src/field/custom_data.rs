//! The keys of `custom_data` that Meta knows, whichever action they come with: one
//! that comes in free form is taken in this form too.
//!
//! `price` is not among them: Meta has it as a text with a currency, for homes and
//! vehicles, and many a shop as a number of its own.
//!
//! Sources: Meta, Custom data parameters (the general ones and those of travel, homes,
//! vehicles and local services, as of 2026-09); Meta, App events (those with `fb_`);
//! Meta, Offline events; Meta, Conversion leads.
//!
//! ```
//! use capi_core::field::{FieldType, custom_data};
//!
//! let value = custom_data::known("value").ok_or("Meta has no such key")?;
//! assert_eq!(value.kind, FieldType::Number);
//! // What app events call `fb_level`.
//! assert!(custom_data::known("fb_level").is_some_and(|field| field.key == "level"));
//! // A key of your own is free.
//! assert!(custom_data::known("loyalty_points").is_none());
//! # Ok::<(), &str>(())
//! ```

use super::commerce::{self, custom};
use super::{Field, FieldType, WirePath};

const ABOUT: &str = "A key that Meta knows: it is taken in this form when it comes in custom_data.";

const fn of(key: &'static str, kind: FieldType) -> Field {
    custom(key, key, kind).description(ABOUT)
}

const fn text(key: &'static str) -> Field {
    of(key, FieldType::String)
}

const fn texts(key: &'static str) -> Field {
    of(key, FieldType::String).multiple()
}

const fn number(key: &'static str) -> Field {
    of(key, FieldType::Number)
}

const fn integer(key: &'static str) -> Field {
    of(key, FieldType::Integer)
}

const fn boolean(key: &'static str) -> Field {
    of(key, FieldType::Boolean)
}

const fn object(key: &'static str, properties: &'static [Field]) -> Field {
    of(key, FieldType::Object).properties(properties)
}

const fn property(key: &'static str, kind: FieldType) -> Field {
    Field::new(key, key, kind, WirePath::Property).description("A part of it.")
}

/// The shop of an offline event.
///
/// Source: Meta, Offline events.
const STORE_DATA: Field = object(
    "store_data",
    &[
        property("store_page_id", FieldType::String),
        property("brand_page_id", FieldType::String),
        property("store_code", FieldType::String),
    ],
);

const MILEAGE: Field = object(
    "mileage",
    &[
        property("unit", FieldType::String),
        property("value", FieldType::Number),
    ],
);

/// Where a home stands with its sale.
const AVAILABILITIES: &[&str] = &[
    "available_soon",
    "for_rent",
    "for_sale",
    "off_market",
    "recently_sold",
    "sale_pending",
];

/// The classes of a flight.
const TRAVEL_CLASSES: &[&str] = &["economy", "premium", "business", "first"];

/// All of them, by key.
static KNOWN: &[Field] = &[
    text("ad_type"),
    text("availability").choices(AVAILABILITIES),
    text("body_style"),
    text("checkin_date"),
    text("city"),
    text("condition_of_vehicle"),
    commerce::CONTENT_CATEGORY,
    commerce::CONTENT_IDS,
    commerce::CONTENT_NAME,
    commerce::CONTENT_TYPE,
    commerce::CONTENTS,
    text("country"),
    commerce::CURRENCY,
    commerce::CUSTOMER_SEGMENTATION,
    commerce::DELIVERY_CATEGORY,
    text("departing_arrival_date"),
    text("departing_departure_date"),
    text("description"),
    text("destination_airport"),
    texts("destination_ids"),
    text("dma_code"),
    text("drivetrain"),
    text("event_source"),
    text("exterior_color"),
    text("fb_content"),
    text("fb_content_id"),
    boolean("fb_payment_info_available"),
    text("fb_registration_method"),
    text("fuel_type"),
    number("hotel_score"),
    text("interior_color"),
    commerce::ITEM_NUMBER,
    text("lead_event_source"),
    text("lease_end_date"),
    text("lease_start_date"),
    text("level"),
    text("listing_type"),
    text("make"),
    integer("max_rating_value"),
    MILEAGE,
    text("model"),
    text("neighborhood"),
    commerce::NET_REVENUE,
    integer("num_adults"),
    integer("num_children"),
    integer("num_infants"),
    commerce::NUM_ITEMS,
    commerce::ORDER_ID,
    text("origin_airport"),
    text("postal_code"),
    commerce::PREDICTED_LTV,
    text("preferred_baths_range"),
    text("preferred_beds_range"),
    texts("preferred_neighborhoods"),
    integer("preferred_num_stops"),
    text("preferred_price_range"),
    text("preferred_star_ratings"),
    commerce::PRODUCT_CATALOG_ID,
    text("property_type"),
    text("region"),
    text("returning_arrival_date"),
    text("returning_departure_date"),
    commerce::SEARCH_STRING,
    text("state_of_vehicle"),
    commerce::STATUS,
    STORE_DATA,
    boolean("success"),
    texts("suggested_destinations"),
    texts("suggested_home_listings"),
    texts("suggested_hotels"),
    texts("suggested_jobs"),
    texts("suggested_local_service_businesses"),
    texts("suggested_location_based_items"),
    texts("suggested_vehicles"),
    text("transmission"),
    text("travel_class").choices(TRAVEL_CLASSES),
    text("travel_end"),
    text("travel_start"),
    text("trim"),
    text("user_bucket"),
    commerce::VALUE,
    text("vin"),
    integer("year"),
];

/// The field of the key `key` of `custom_data`, where Meta knows it: by its own name,
/// or by that of app events, which begins with `fb_`.
#[must_use]
pub fn known(key: &str) -> Option<&'static Field> {
    let find = |key: &str| {
        let place = KNOWN.binary_search_by(|field| field.key.cmp(key)).ok()?;
        KNOWN.get(place)
    };
    find(key).or_else(|| find(key.strip_prefix("fb_")?))
}

/// All of them, in the order of their keys.
#[must_use]
pub(crate) fn all() -> &'static [Field] {
    KNOWN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_for_the_search() {
        assert!(KNOWN.is_sorted_by(|one, next| one.key < next.key));
    }

    #[test]
    fn keys_are_known_by_both_of_their_names() {
        for field in KNOWN {
            assert_eq!(known(field.key).map(|found| found.key), Some(field.key));
        }
        assert_eq!(
            known("fb_num_items").map(|field| field.key),
            Some("num_items")
        );
        assert_eq!(
            known("fb_content_id").map(|field| field.key),
            Some("fb_content_id")
        );
        assert!(known("plan").is_none() && known("fb_plan").is_none() && known("").is_none());
    }
}
