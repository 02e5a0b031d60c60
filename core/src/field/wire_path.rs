//! Where the value of a field is in Meta's event.

use super::Field;
use crate::user_data::Identifier;

/// Where a field's value goes in Meta's event.
///
/// A place is of one level: those of `user_data` and `app_data` are for the
/// [properties](Field::properties) of the object that has them, [`WirePath::Property`] for
/// those of any other object, and all others for an action's own fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WirePath {
    /// `event_name`.
    EventName,
    /// `event_time`.
    EventTime,
    /// `event_id`.
    EventId,
    /// `event_source_url`.
    EventSourceUrl,
    /// `action_source`.
    ActionSource,
    /// The object whose properties fill `user_data`.
    UserData,
    /// A hashed key of `user_data`, of a property of [`WirePath::UserData`] only: nowhere
    /// else is a value hashed, whatever its field says.
    Identifier(Identifier),
    /// A key of `user_data` that leaves as it is, under this name; as well of a
    /// property of [`WirePath::UserData`], or of the app data.
    UserKey(&'static str),
    /// The object whose properties fill `app_data`.
    AppData,
    /// A property of the app data, read by the app data's own rule.
    AppKey,
    /// A key of the event itself that leaves as it is, under this name: a value of
    /// the field's type, or an object of the field's properties.
    EventKey(&'static str),
    /// A property of an object, under the field's own name.
    Property,
    /// The free-form object whose members go into `custom_data` as they are.
    CustomData,
    /// A key of `custom_data`, under the field's own name.
    CustomKey,
    /// A list of items that goes into `custom_data` under the field's name.
    Contents,
    /// `data_processing_options`: the Limited Data Use switch.
    DataProcessingOptions,
    /// `data_processing_options_country`.
    DataProcessingCountry,
    /// `data_processing_options_state`.
    DataProcessingState,
    /// `test_event_code` of the request.
    TestEventCode,
}

impl WirePath {
    /// Meta's key of `user_data`, where the place is one.
    pub(crate) const fn user_key(self) -> Option<&'static str> {
        match self {
            Self::Identifier(identifier) => Some(identifier.key()),
            Self::UserKey(key) => Some(key),
            _ => None,
        }
    }
}

impl Field {
    /// Where the value is in Meta's event, in Meta's keys: `user_data.em`,
    /// `custom_data.value`, `event_time`. `object` is where the object is whose
    /// property it is, if it is one's.
    pub(crate) fn meta_path(&self, object: Option<&str>) -> String {
        let key = match self.place {
            WirePath::EventName => "event_name",
            WirePath::EventTime => "event_time",
            WirePath::EventId => "event_id",
            WirePath::EventSourceUrl => "event_source_url",
            WirePath::ActionSource => "action_source",
            WirePath::UserData => "user_data",
            // Whichever object of a mapping it comes in.
            WirePath::Identifier(identifier) => return format!("user_data.{}", identifier.key()),
            WirePath::UserKey(key) => return format!("user_data.{key}"),
            WirePath::AppData => "app_data",
            WirePath::EventKey(key) => key,
            WirePath::CustomData => "custom_data",
            WirePath::AppKey | WirePath::Property | WirePath::CustomKey | WirePath::Contents => {
                self.key
            }
            WirePath::DataProcessingOptions => "data_processing_options",
            WirePath::DataProcessingCountry => "data_processing_options_country",
            WirePath::DataProcessingState => "data_processing_options_state",
            WirePath::TestEventCode => "test_event_code",
        };
        let object = object.or(match self.place {
            WirePath::AppKey => Some("app_data"),
            WirePath::CustomKey | WirePath::Contents => Some("custom_data"),
            _ => None,
        });
        object.map_or_else(|| key.to_owned(), |object| format!("{object}.{key}"))
    }
}
