//! What ties an event to one that Meta has already: the event that it adds to, and
//! the credit that it gives to an ad.
//!
//! Sources: Meta, Original event data; Meta, Append attribution (as of 2026-05).
//!
//! An action whose event adds to another takes both:
//!
//! ```
//! use capi_core::Spec;
//! use capi_core::field::{append, event};
//!
//! static SPEC: Spec = Spec {
//!     slug: "credit",
//!     title: "Credit",
//!     description: "An ad is credited with an order.",
//!     event_name: None,
//!     default_trigger: None,
//!     on_by_default: false,
//!     fields: &[event::EVENT_NAME, append::CREDITED, append::ATTRIBUTION_DATA],
//!     example: "{}",
//! };
//!
//! // It stands for the optional `original_event_data` of every event.
//! let originals = SPEC.all_fields().filter(|field| field.key == "original_event_data");
//! assert_eq!(originals.map(|field| field.required).collect::<Vec<_>>(), [true]);
//! ```

use super::{Field, FieldType, WirePath};

const fn property(key: &'static str, title: &'static str, kind: FieldType) -> Field {
    Field::new(key, title, kind, WirePath::Property)
}

const ORIGINAL: [Field; 4] = [
    property("event_name", "Event Name", FieldType::String)
        .description("The name under which Meta got the event."),
    property("event_time", "Event Time", FieldType::Datetime)
        .description("When it happened: ISO 8601, Unix seconds or Unix milliseconds."),
    property("order_id", "Order ID", FieldType::String).description("The id of its order."),
    property("event_id", "Event ID", FieldType::String)
        .description("The id under which Meta got it."),
];

/// `original_event_data`, of any event.
pub const ORIGINAL_EVENT_DATA: Field = Field::new(
    "original_event_data",
    "Original Event Data",
    FieldType::Object,
    WirePath::EventKey("original_event_data"),
)
.description("The earlier event that this one belongs to, such as the one that won the customer.")
.properties(&ORIGINAL);

const APPENDED: [Field; 4] = {
    let [name, time, order, id] = ORIGINAL;
    [
        name.default(r#"{"@path":"$.properties.original_event_name"}"#)
            .required(),
        time.default(r#"{"@path":"$.properties.original_event_time"}"#),
        order.default(r#"{"@path":"$.properties.order_id"}"#),
        id.default(r#"{"@path":"$.properties.original_event_id"}"#),
    ]
};

/// `original_event_data` of an event that adds to another, which needs its name and
/// an id of it.
///
/// Source: Meta, Predicted lifetime value.
pub const APPENDED_TO: Field = ORIGINAL_EVENT_DATA
    .description("The event that this one adds to: its name, and its id or its order's id.")
    .properties(&APPENDED)
    .required()
    .replaces();

const CREDITED_KEYS: [Field; 4] = {
    let [name, time, order, id] = APPENDED;
    [name, time.required(), order, id]
};

/// `original_event_data` of an event that credits another to an ad, which needs its name
/// and its time; its order's id is welcome.
///
/// Source: Meta, Append attribution.
pub const CREDITED: Field = ORIGINAL_EVENT_DATA
    .description(
        "The event that is credited to an ad: its name and its time, and best its order's id.",
    )
    .properties(&CREDITED_KEYS)
    .required()
    .replaces();

/// The models by which credit is given.
const MODELS: &[&str] = &[
    "customized_multi_touch",
    "first_touch",
    "last_click",
    "last_touch",
    "linear",
    "position_based",
    "time_decay",
    "unknown",
];

/// The ways in which credit is found.
const METHODS: &[&str] = &["ard", "deeplink", "gpir", "invalid_response", "mir", "srn"];

/// Why credit is declined.
const DECLINE_REASONS: &[&str] = &[
    "attribute_to_other_source",
    "out_of_lookback_window",
    "view_through_disabled",
    "within_inactive_window",
    "inactive",
    "fraud_detected",
    "unknown",
    "reinstall_attribution_disabled",
    "lookback",
    "not_pmod_match",
    "validation_rule_detected",
    "preload_install",
    "min_time_between_re_engagements",
    "duplicated",
    "pmod_disabled",
];

/// `attribution_data`: which ad an event is credited to. All but the first four, and the
/// lists of what some of them may say, are known from Meta's SDKs only.
pub const ATTRIBUTION_DATA: Field = Field::new(
    "attribution_data",
    "Attribution Data",
    FieldType::Object,
    WirePath::EventKey("attribution_data"),
)
.description("The ad that the event is credited to, and its share of it.")
.properties(&[
    property("ad_id", "Ad ID", FieldType::String)
        .description("The ad's id at Meta.")
        .default(r#"{"@path":"$.properties.ad_id"}"#)
        .required(),
    property("touchpoint_ts", "Touchpoint Time", FieldType::Datetime)
        .description("When the ad was seen or clicked; before the original event.")
        .default(r#"{"@path":"$.properties.touchpoint_ts"}"#)
        .required(),
    property("attribution_share", "Attribution Share", FieldType::Number)
        .description("The ad's share of the event, 0 to 1; the shares of an order add up to 1.")
        .default(r#"{"@path":"$.properties.attribution_share"}"#)
        .required(),
    property("attribution_value", "Attribution Value", FieldType::Number)
        .description("The share times the event's value.")
        .default(r#"{"@path":"$.properties.attribution_value"}"#)
        .required(),
    property("scope", "Scope", FieldType::String).description("What the credit is about."),
    property("visit_time", "Visit Time", FieldType::Datetime).description("When the visit began."),
    property("campaign_id", "Campaign ID", FieldType::String)
        .description("The campaign's id at Meta."),
    property("adset_id", "Ad Set ID", FieldType::String).description("The ad set's id at Meta."),
    property("attribution_model", "Attribution Model", FieldType::String)
        .description("The model by which the credit was given.")
        .choices(MODELS),
    property("attr_window", "Attribution Window", FieldType::Integer)
        .description("The model's window, in days."),
    property(
        "attribution_source",
        "Attribution Source",
        FieldType::String,
    )
    .description("Who gave the credit."),
    property(
        "attribution_method",
        "Attribution Method",
        FieldType::String,
    )
    .description("How the credit was found.")
    .choices(METHODS),
    property("decline_reason", "Decline Reason", FieldType::String)
        .description("Why the credit was declined.")
        .choices(DECLINE_REASONS),
    property("auditing_token", "Auditing Token", FieldType::String)
        .description("The token by which Meta can check the credit."),
    property("linkage_key", "Linkage Key", FieldType::String)
        .description("The key that links the credit to the ad."),
    property("touchpoint_type", "Touchpoint Type", FieldType::String)
        .description("What the touchpoint was, such as a click."),
    property("touchpoint_id", "Touchpoint ID", FieldType::String)
        .description("The touchpoint's id."),
    property(
        "attribution_setting",
        "Attribution Setting",
        FieldType::Object,
    )
    .description("The windows, in hours: inactivity_window_hours and reattribution_window_hours."),
    property("partner_client_id", "Partner Client ID", FieldType::String)
        .description("The client's id at the partner who gave the credit."),
    property("total_credit", "Total Credit", FieldType::Number)
        .description("The credit that was given in all."),
]);
