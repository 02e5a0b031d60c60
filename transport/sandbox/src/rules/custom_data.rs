//! `custom_data`: open to any key, strict about the known ones.

use serde_json::Value;

use super::shape::{Keys, Shape, check_closed, check_open};
use super::{Context, Fields, Path, currency, present};
use crate::api_error::{ApiError, Subcode};

/// Meta, Standard parameters, with those of the CRM, offline and app guides.
const KEYS: &Keys = &[
    ("value", Shape::Amount),
    ("currency", Shape::Text),
    ("content_name", Shape::Text),
    ("content_category", Shape::Text),
    ("content_ids", Shape::Ids),
    ("contents", Shape::Elsewhere),
    // Meta lists product and product_group, and catalogs of travel have others; none is
    // known to be refused.
    ("content_type", Shape::Text),
    ("order_id", Shape::Text),
    ("predicted_ltv", Shape::Amount),
    ("net_revenue", Shape::Amount),
    ("num_items", Shape::Integer),
    ("search_string", Shape::Text),
    ("status", Shape::TextOrFlag),
    ("delivery_category", Shape::OneOf(DELIVERY)),
    ("item_number", Shape::Text),
    ("lead_event_source", Shape::Text),
    ("event_source", Shape::Text),
    ("store_data", Shape::Object),
    ("product_catalog_id", Shape::Text),
    ("description", Shape::Text),
    ("level", Shape::Text),
    ("max_rating_value", Shape::Integer),
    ("success", Shape::Flag),
];

const DELIVERY: &[&str] = &["in_store", "curbside", "home_delivery"];

/// Refused with "Unexpected key" beyond these: the documented four and the
/// SDKs' four.
const CONTENT: &Keys = &[
    ("id", Shape::TextOrInteger),
    ("quantity", Shape::Integer),
    ("item_price", Shape::Amount),
    ("delivery_category", Shape::OneOf(DELIVERY)),
    ("title", Shape::Text),
    ("description", Shape::Text),
    ("brand", Shape::Text),
    ("category", Shape::Text),
];

pub(crate) fn check(event: &Fields, path: &Path<'_>, context: Context) -> Result<(), ApiError> {
    let none = Fields::new();
    let custom = event
        .get("custom_data")
        .and_then(Value::as_object)
        .unwrap_or(&none);
    let path = path.key("custom_data");
    // Before the types: a blank value is a missing one, not a wrong one.
    check_money(event, custom)?;
    check_open(custom, &path, KEYS, context)?;
    match custom.get("contents") {
        None => Ok(()),
        Some(Value::Null) if context.lenient => Ok(()),
        Some(contents) => check_contents(contents, &path.key("contents"), context),
    }
}

fn check_money(event: &Fields, custom: &Fields) -> Result<(), ApiError> {
    let value = present(custom, "value");
    let currency = present(custom, "currency");
    let action_source = event.get("action_source").and_then(Value::as_str);
    let is_messaging = action_source == Some("business_messaging");
    // What a missing currency is called, where it may not be missing.
    let missing_currency = match event.get("event_name").and_then(Value::as_str) {
        Some("Purchase") => {
            if value.is_none() {
                let message = "The Purchase event is missing a value. Enter a value. For \
                               example: 1.99";
                return Err(ApiError::event(Subcode::PURCHASE_VALUE, message));
            }
            Some(Subcode::PURCHASE_CURRENCY)
        }
        Some("OrderCreated") if is_messaging => Some(Subcode::ORDER_CURRENCY),
        _ => value.map(|_| Subcode::VALUE_ALONE),
    };
    match (currency, missing_currency) {
        (None, Some(subcode)) => {
            let message = "The event is missing a currency. Enter a currency code. For \
                           example: USD";
            Err(ApiError::event(subcode, message))
        }
        (Some(code), _) if !code.as_str().is_some_and(currency::is_known) => {
            let message = "The currency isn't valid. Enter a 3-letter ISO 4217 currency code. \
                           For example: USD";
            Err(ApiError::event(Subcode::CURRENCY, message))
        }
        _ => Ok(()),
    }
}

fn check_contents(contents: &Value, path: &Path<'_>, context: Context) -> Result<(), ApiError> {
    let invalid = || {
        let message = "The contents parameter you entered doesn't contain a list of JSON \
                       objects, each with an id.";
        ApiError::event(Subcode::CONTENTS, message)
    };
    for (index, item) in contents.as_array().ok_or_else(invalid)?.iter().enumerate() {
        let fields = item.as_object().ok_or_else(invalid)?;
        present(fields, "id").ok_or_else(invalid)?;
        check_closed(fields, &path.index(index), CONTENT, context)?;
    }
    Ok(())
}
