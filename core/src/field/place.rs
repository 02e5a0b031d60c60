//! Where the value of a field stands in Meta's event.

use super::Field;
use crate::user_data::Identifier;

/// Where a field's value goes in Meta's event.
///
/// A place is of one level: those of `user_data` and `app_data` are for the
/// [properties](Field::properties) of the object that has them, [`Place::Property`] for
/// those of any other object, and all others for an action's own fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
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
    /// A hashed key of `user_data`, of a property of [`Place::UserData`] only: nowhere
    /// else is a value hashed, whatever its field says.
    Identifier(Identifier),
    /// A key of `user_data` that leaves as it is, under this name; as well of a
    /// property of [`Place::UserData`], or of the app data.
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

impl Place {
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
    /// Where the value stands in Meta's event, in Meta's keys: `user_data.em`,
    /// `custom_data.value`, `event_time`. `object` is where the object stands whose
    /// property it is, if it is one's.
    pub(crate) fn meta_path(&self, object: Option<&str>) -> String {
        let key = match self.place {
            Place::EventName => "event_name",
            Place::EventTime => "event_time",
            Place::EventId => "event_id",
            Place::EventSourceUrl => "event_source_url",
            Place::ActionSource => "action_source",
            Place::UserData => "user_data",
            // Whichever object of a mapping it comes in.
            Place::Identifier(identifier) => return format!("user_data.{}", identifier.key()),
            Place::UserKey(key) => return format!("user_data.{key}"),
            Place::AppData => "app_data",
            Place::EventKey(key) => key,
            Place::CustomData => "custom_data",
            Place::AppKey | Place::Property | Place::CustomKey | Place::Contents => self.key,
            Place::DataProcessingOptions => "data_processing_options",
            Place::DataProcessingCountry => "data_processing_options_country",
            Place::DataProcessingState => "data_processing_options_state",
            Place::TestEventCode => "test_event_code",
        };
        let object = object.or(match self.place {
            Place::AppKey => Some("app_data"),
            Place::CustomKey | Place::Contents => Some("custom_data"),
            _ => None,
        });
        object.map_or_else(|| key.to_owned(), |object| format!("{object}.{key}"))
    }
}
