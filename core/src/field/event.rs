//! The fields that every event has.
//!
//! Source: Meta, Server event parameters; Meta, Data processing options for US users.
//!
//! An action has them without naming them. It names one only to have it in another
//! way, in place of that of every event:
//!
//! ```
//! use capi_core::field::{Field, event, user_data};
//!
//! const OF_A_LEAD: Field = event::USER_DATA.properties(user_data::OF_LEAD).replaces();
//!
//! assert!(event::EVENT.iter().any(|field| field.key == OF_A_LEAD.key));
//! let required = event::EVENT.iter().filter(|field| field.required);
//! assert!(required.map(|field| field.key).eq(["action_source", "event_time", "user_data"]));
//! ```

use super::{
    Field, FieldType, WirePath, app, append, commerce, data_processing, messaging, user_data,
};
use crate::ActionSource;

/// `event_name`, for an action that has no name of its own; it says from where.
pub const EVENT_NAME: Field = Field::new(
    "event_name",
    "Event Name",
    FieldType::String,
    WirePath::EventName,
)
.description("The name of the event at Meta.")
.required();

/// `action_source`: where the event says, else on the website.
pub const ACTION_SOURCE: Field =
    Field::new("action_source", "Action Source", FieldType::String, WirePath::ActionSource)
        .description("Where the conversion took place.")
        .default(
            r#"{"@coalesce":[{"@path":"$.properties.action_source"},{"@path":"$.properties.actionSource"},"website"]}"#,
        )
        .choices(ActionSource::NAMES)
        .required();

/// `user_data`, from where a visitor's event has it.
pub const USER_DATA: Field = Field::new(
    "user_data",
    "User Data",
    FieldType::Object,
    WirePath::UserData,
)
.description("What identifies the customer. Eleven of the keys are normalized and hashed before anything is stored or sent.")
.properties(user_data::USER_DATA)
.required();

/// `app_data`, which Segment's mappings call `app_data_field`.
pub const APP_DATA: Field = Field::new(
    "app_data_field",
    "App Events Fields",
    FieldType::Object,
    WirePath::AppData,
)
.alias("app_data")
.description("What an event of a mobile app says of the app and the device. Nothing of it is sent unless use_app_data is on.")
.properties(app::APP_DATA);

/// `event_source_url`, from the page's URL.
pub const EVENT_SOURCE_URL: Field = Field::new(
    "event_source_url",
    "Event Source URL",
    FieldType::String,
    WirePath::EventSourceUrl,
)
.description("The URL of the page. Website events need one that begins with http:// or https://.")
.default(r#"{"@path":"$.context.page.url"}"#);

/// `referrer_url`, from the page's referrer.
///
/// Source: Meta, Server event parameters, `referrer_url`.
pub const REFERRER_URL: Field = Field::new(
    "referrer_url",
    "Referrer URL",
    FieldType::String,
    WirePath::EventKey("referrer_url"),
)
.description("The URL of the page that led to this one.")
.default(r#"{"@path":"$.context.page.referrer"}"#);

/// What every action has beside its own fields: first those that are mapped without a
/// word, in the order in which validation then finds them.
pub const EVENT: &[Field] = &[
    ACTION_SOURCE,
    Field::new("event_time", "Event Time", FieldType::Datetime, WirePath::EventTime)
        .description("When it happened: ISO 8601, Unix seconds or Unix milliseconds. At most 7 days ago, 62 in a physical store.")
        .default(r#"{"@path":"$.timestamp"}"#)
        .required(),
    USER_DATA,
    Field::new("event_id", "Event ID", FieldType::String, WirePath::EventId)
        .description("The id that the browser's copy of the event carries too, so that nothing counts twice.")
        .default(r#"{"@path":"$.messageId"}"#),
    EVENT_SOURCE_URL,
    REFERRER_URL,
    Field::new("custom_data", "Custom Data", FieldType::Object, WirePath::CustomData)
        .description("Any other properties of the event, as key and value."),
    APP_DATA,
    Field::new(
        "data_processing_options",
        "Data Processing Options",
        FieldType::Boolean,
        WirePath::DataProcessingOptions,
    )
    .description("Whether Limited Data Use applies to this event."),
    Field::new(
        "data_processing_options_country",
        "Data Processing Country",
        FieldType::Number,
        WirePath::DataProcessingCountry,
    )
    .description("1 for the United States, 0 to let Meta find out.")
    .choices(&["0", "1"]),
    Field::new(
        "data_processing_options_state",
        "Data Processing State",
        FieldType::Number,
        WirePath::DataProcessingState,
    )
    .description("The state's code in Meta's list, 0 to let Meta find out.")
    .choices(&data_processing::STATE_CODES),
    Field::new("opt_out", "Opt Out", FieldType::Boolean, WirePath::EventKey("opt_out"))
        .description("Whether Meta may use the event for attribution only, and not to choose whom to show ads."),
    commerce::CUSTOMER_SEGMENTATION,
    append::ORIGINAL_EVENT_DATA,
    messaging::MESSAGING_CHANNEL,
    Field::new("test_event_code", "Test Event Code", FieldType::String, WirePath::TestEventCode)
        .description("Shows the event under Test Events in Events Manager. Test events count as real ones."),
];
