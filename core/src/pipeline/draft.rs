//! An event in Meta's terms, as validation makes it and the steps behind it change it.

use crate::ActionSource;
use crate::json::Json;

/// An event in Meta's terms, checked, all but its identifiers. What is missing
/// of what it must have, the findings say.
#[derive(Clone, Copy)]
pub(crate) struct Draft<'a> {
    pub(crate) event_name: Option<&'a str>,
    /// Unix seconds.
    pub(crate) event_time: Option<i64>,
    pub(crate) event_id: Option<&'a str>,
    pub(crate) event_source_url: Option<&'a str>,
    pub(crate) action_source: Option<ActionSource>,
    pub(crate) test_event_code: Option<&'a str>,
    /// The other keys of the event itself, which leave as they are.
    pub(crate) event_keys: &'a [(&'static str, Json<'a>)],
    /// The keys of `user_data` that leave as they are.
    pub(crate) user_keys: &'a [(&'static str, Json<'a>)],
    /// Each key once.
    pub(crate) custom_data: &'a [(&'a str, Json<'a>)],
    pub(crate) app_data: Option<&'a [(&'a str, Json<'a>)]>,
    pub(crate) data_processing: Option<DataProcessing>,
    /// The place of the `fbclid` that the click id was made of; nothing where it was mapped.
    pub(crate) click_from: Option<&'static str>,
    /// Values that are wrong and stand where Meta would have them, for whoever
    /// looks at the rejected conversion: keys of the event itself.
    pub(crate) wrong: &'a [(&'static str, Json<'a>)],
}

impl<'a> Draft<'a> {
    /// The key `key` of `user_data`, one of those that leave as they are.
    pub(crate) fn user_key(&self, key: &str) -> Option<Json<'a>> {
        self.user_keys
            .iter()
            .find(|(name, _)| *name == key)
            .map(|(_, value)| *value)
    }

    /// The key `key` of the event itself, one of those that leave as they are.
    pub(crate) fn event_key(&self, key: &str) -> Option<Json<'a>> {
        self.event_keys
            .iter()
            .find(|(name, _)| *name == key)
            .map(|(_, value)| *value)
    }

    /// The key `key` of `custom_data`.
    pub(crate) fn custom(&self, key: &str) -> Option<Json<'a>> {
        Json::Object(self.custom_data).get(key)
    }
}

/// Limited Data Use of one event.
///
/// Source: Meta, Data processing options for US users.
#[derive(Clone, Copy)]
pub(crate) struct DataProcessing {
    pub(crate) country: i64,
    pub(crate) state: i64,
}

impl DataProcessing {
    /// That of `state`, which says the country: each state is one of the United States.
    /// A country without a state is geolocated by Meta as no country is.
    pub(crate) const fn of(state: i64) -> Self {
        Self {
            country: (state != 0) as i64,
            state,
        }
    }
}
