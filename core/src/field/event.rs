//! The fields that every event has.

use super::{Field, FieldType, Place, app, data_processing, user_data};
use crate::ActionSource;

/// What every action has beside its own fields.
pub const EVENT: &[Field] = &[
    Field::new("action_source", "Action Source", FieldType::String, Place::ActionSource)
        .about("Where the conversion took place.")
        .maps(
            r#"{"@coalesce":[{"@path":"$.properties.action_source"},{"@path":"$.properties.actionSource"},"website"]}"#,
        )
        .one_of(ActionSource::NAMES)
        .required(),
    Field::new("event_time", "Event Time", FieldType::Datetime, Place::EventTime)
        .about("When it happened: ISO 8601, Unix seconds or Unix milliseconds. At most 7 days ago, 62 in a physical store.")
        .maps(r#"{"@path":"$.timestamp"}"#)
        .required(),
    Field::new("user_data", "User Data", FieldType::Object, Place::UserData)
        .about("What identifies the customer. Eleven of the keys are normalized and hashed before anything is stored or sent.")
        .with(user_data::USER_DATA)
        .required(),
    Field::new("app_data_field", "App Events Fields", FieldType::Object, Place::AppData)
        .or("app_data")
        .about("What an event of a mobile app says of the app and the device. Nothing of it is sent unless use_app_data is on.")
        .with(app::APP_DATA),
    Field::new("event_id", "Event ID", FieldType::String, Place::EventId)
        .about("The id that the browser's copy of the event carries too, so that nothing counts twice.")
        .maps(r#"{"@path":"$.messageId"}"#),
    Field::new("event_source_url", "Event Source URL", FieldType::String, Place::EventSourceUrl)
        .about("The URL of the page. Website events need one that begins with http:// or https://.")
        .maps(r#"{"@path":"$.context.page.url"}"#),
    Field::new("custom_data", "Custom Data", FieldType::Object, Place::CustomData)
        .about("Any other properties of the event, as key and value."),
    Field::new(
        "data_processing_options",
        "Data Processing Options",
        FieldType::Boolean,
        Place::DataProcessingOptions,
    )
    .about("Whether Limited Data Use applies to this event."),
    Field::new(
        "data_processing_options_country",
        "Data Processing Country",
        FieldType::Number,
        Place::DataProcessingCountry,
    )
    .about("1 for the United States, 0 to let Meta find out.")
    .one_of(&["0", "1"]),
    Field::new(
        "data_processing_options_state",
        "Data Processing State",
        FieldType::Number,
        Place::DataProcessingState,
    )
    .about("The state's code in Meta's list, 0 to let Meta find out.")
    .one_of(&data_processing::STATE_CODES),
    Field::new("test_event_code", "Test Event Code", FieldType::String, Place::TestEventCode)
        .about("Shows the event under Test Events in Events Manager. Test events count as real ones."),
];
