//! The fields that events of a shop share. An action takes those that Meta
//! lists for its event and says where their values come from.
//!
//! Source: Meta, Custom data parameters.
//!
//! ```
//! use capi_core::field::{Field, commerce};
//!
//! const FIELDS: &[Field] = &[
//!     commerce::CURRENCY.required(),
//!     commerce::VALUE.default(r#"{"@path":"$.properties.total"}"#),
//!     commerce::CONTENTS_OF_PRODUCTS,
//! ];
//!
//! // Where nothing else is said, it comes from the place that Segment's spec names.
//! assert_eq!(FIELDS[0].default, Some(r#"{"@path":"$.properties.currency"}"#));
//! let keys = FIELDS[2].properties.iter().map(|field| field.key);
//! assert!(keys.eq(["id", "quantity", "item_price", "delivery_category"]));
//! ```

use super::{Field, FieldType, WirePath};

pub(super) const fn custom(key: &'static str, title: &'static str, kind: FieldType) -> Field {
    Field::new(key, title, kind, WirePath::CustomKey)
}

/// `currency`, from `properties.currency`.
pub const CURRENCY: Field = custom("currency", "Currency", FieldType::String)
    .description("The currency of the value, as an ISO 4217 code.")
    .default(r#"{"@path":"$.properties.currency"}"#);

/// `value`; the action says from where.
pub const VALUE: Field = custom("value", "Value", FieldType::Number)
    .description("What the event is worth, in the currency.");

/// `value` from the price of the one product that `properties` is, where a currency is
/// beside it: the events of a product in Segment's spec have a price and no currency, and
/// an amount of no currency is worth nothing. A subscription that maps the currency from
/// elsewhere has the price wherever that gives one.
pub const VALUE_OF_PRODUCT: Field = VALUE.default(concat!(
    r#"{"@if":{"blank":{"@path":"$.properties.currency"},"#,
    r#""then":{"@path":"$.properties.price"}}}"#
));

/// `net_revenue`.
///
/// Source: Meta, Value optimization for profit (2026-08): of a website's Purchase; at least
/// three distinct profits above 0 and 100 conversions a week, not a fixed share of the
/// value.
pub const NET_REVENUE: Field = custom("net_revenue", "Net Revenue", FieldType::Number)
    .description("The profit of the conversion, or an index of it, in the currency of the value. To optimize for it Meta wants differing profits above 0 of 100 website purchases a week, not a fixed share of the value. Do not hold the purchase back for it.");

/// `predicted_ltv`, from `properties.predicted_ltv`: nobody calls anything else so.
///
/// Source: Meta, Standard events (StartTrial, Subscribe).
pub const PREDICTED_LTV: Field = custom(
    "predicted_ltv",
    "Predicted Lifetime Value",
    FieldType::Number,
)
.description("What the customer is expected to be worth in all, in the currency.")
.default(r#"{"@path":"$.properties.predicted_ltv"}"#);

/// `status`. Meta's Pixel takes a boolean and Meta's SDKs a string; it leaves as
/// a string.
///
/// Source: Meta, Standard events (CompleteRegistration).
pub const STATUS: Field =
    custom("status", "Status", FieldType::String).description("The status of the registration.");

/// `content_ids`.
pub const CONTENT_IDS: Field = custom("content_ids", "Content IDs", FieldType::String)
    .multiple()
    .description("The ids of the products, such as their SKUs.");

/// `content_name`.
pub const CONTENT_NAME: Field = custom("content_name", "Content Name", FieldType::String)
    .description("The name of the page or the product.");

/// `content_category`.
pub const CONTENT_CATEGORY: Field =
    custom("content_category", "Content Category", FieldType::String)
        .description("The category of the page or the product.");

/// `content_type`.
pub const CONTENT_TYPE: Field = custom("content_type", "Content Type", FieldType::String)
    .description("What the content ids are: product, or product_group where they are groups.");

/// `num_items`.
pub const NUM_ITEMS: Field = custom("num_items", "Number of Items", FieldType::Integer)
    .description("How many items are in the cart or the order.");

/// `order_id`.
pub const ORDER_ID: Field =
    custom("order_id", "Order ID", FieldType::String).description("The order's id.");

/// `item_number`: tells two items of one order apart, which Meta would otherwise
/// take for a duplicate.
///
/// Source: Meta, Offline events.
pub const ITEM_NUMBER: Field = custom("item_number", "Item Number", FieldType::String)
    .description("What tells two events of one order apart, offline.");

/// `product_catalog_id`.
pub const PRODUCT_CATALOG_ID: Field = custom(
    "product_catalog_id",
    "Product Catalog ID",
    FieldType::String,
)
.description("The id of the catalog at Meta that has the products.");

/// What a customer is to the business.
///
/// Source: Meta, Server event parameters, `customer_segmentation` (as of 2026-09).
pub const CUSTOMER_SEGMENTS: &[&str] = &[
    "new_customer_to_business",
    "new_customer_to_business_line",
    "new_customer_to_product_area",
    "new_customer_to_medium",
    "existing_customer_to_business",
    "existing_customer_to_business_line",
    "existing_customer_to_product_area",
    "existing_customer_to_medium",
    "customer_in_loyalty_program",
];

/// `customer_segmentation`. Meta's table has it beside `custom_data` and Meta's
/// example within; it goes where no key that Meta does not know is refused.
pub const CUSTOMER_SEGMENTATION: Field = custom(
    "customer_segmentation",
    "Customer Segmentation",
    FieldType::String,
)
.description("What the customer is to the business: new, existing, or in the loyalty program.")
.choices(CUSTOMER_SEGMENTS);

/// `search_string`, from `properties.query`.
pub const SEARCH_STRING: Field = custom("search_string", "Search String", FieldType::String)
    .description("What was searched for.")
    .default(r#"{"@path":"$.properties.query"}"#);

/// The ways in which an item reaches the customer.
///
/// Source: Meta, Custom data parameters, `delivery_category`.
pub const DELIVERY_CATEGORIES: &[&str] = &["in_store", "curbside", "home_delivery"];

/// `delivery_category`.
pub const DELIVERY_CATEGORY: Field =
    custom("delivery_category", "Delivery Category", FieldType::String)
        .description("How it reaches the customer.")
        .choices(DELIVERY_CATEGORIES);

const ITEM: &[Field] = &[
    custom("id", "ID", FieldType::String)
        .description("The product's id; an item without one is left out."),
    custom("quantity", "Quantity", FieldType::Integer).description("How many of it."),
    custom("item_price", "Item Price", FieldType::Number).description("The price of one."),
    DELIVERY_CATEGORY,
];

/// `contents`; [`CONTENTS_OF_PRODUCTS`] and [`CONTENTS_OF_PRODUCT`] say from where.
pub const CONTENTS: Field = Field::new(
    "contents",
    "Contents",
    FieldType::Object,
    WirePath::Contents,
)
.multiple()
.description("The products of the event, with their number and price.")
.properties(ITEM);

/// `contents` from the objects at a path, as products of Segment's spec.
macro_rules! products_at {
    ($path:literal) => {
        concat!(
            r#"{"@arrayPath":[""#,
            $path,
            r#"",{"id":{"@coalesce":[{"@path":"$.product_id"},{"@path":"$.productId"}]},"quantity":{"@path":"$.quantity"},"item_price":{"@path":"$.price"}}]}"#
        )
    };
}

/// `contents` from the list in `properties.products`.
pub const CONTENTS_OF_PRODUCTS: Field = CONTENTS.default(products_at!("$.properties.products"));

/// `contents` from `properties` itself, as one product.
pub const CONTENTS_OF_PRODUCT: Field = CONTENTS.default(products_at!("$.properties"));

/// The same of an event that has no product as a rule, such as a search: only where
/// `properties` names one, so that nothing is missed of the others.
pub const CONTENTS_OF_PRODUCT_IF_ANY: Field = CONTENTS.default(concat!(
    r#"{"@if":{"exists":{"@coalesce":[{"@path":"$.properties.product_id"},{"@path":"$.properties.productId"}]},"then":"#,
    products_at!("$.properties"),
    "}}"
));
