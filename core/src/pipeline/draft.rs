//! What the stages hold: the checked draft, and the customer's identifiers,
//! which change their type at each step.

use super::conversion::{Findings, Setting};
use crate::ActionSource;
use crate::event::{Arena, Json};
use crate::user_data::{Digest, Normal};

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

/// A conversion whose fields are of their types. Its identifiers are raw: this
/// type and the next have no way to text.
pub struct Validated<'a> {
    pub(crate) setting: Setting<'a>,
    pub(crate) draft: Draft<'a>,
    /// By [`Identifier`](crate::user_data::Identifier).
    pub(crate) identifiers: [Option<Json<'a>>; 11],
    pub(crate) findings: Findings,
}

/// A conversion whose identifiers are normalized, or were hashed already.
pub struct Normalized<'a> {
    pub(crate) setting: Setting<'a>,
    pub(crate) draft: Draft<'a>,
    pub(crate) identifiers: [&'a [Normal<'a>]; 11],
    pub(crate) findings: Findings,
}

/// A conversion whose identifiers are hashed. What else it holds may still be
/// free text with anything in it: this type has no way to text either.
pub struct Hashed<'a> {
    pub(crate) setting: Setting<'a>,
    pub(crate) draft: Draft<'a>,
    pub(crate) identifiers: [&'a [Digest]; 11],
    pub(crate) findings: Findings,
}

/// A conversion whose free text was scrubbed. From here on nothing raw is left,
/// and only such a conversion becomes an event or a rejected one.
pub struct Scrubbed<'a> {
    pub(crate) setting: Setting<'a>,
    pub(crate) draft: Draft<'a>,
    /// By [`Identifier`](crate::user_data::Identifier).
    pub(crate) identifiers: [&'a [Digest]; 11],
    pub(crate) findings: Findings,
}

impl Scrubbed<'_> {
    /// Leaves out the key `key` of `user_data`, one of those that leave as they are.
    pub(crate) fn drop_user_key(&mut self, key: &str) {
        self.draft.user_keys = without(self.draft.user_keys, key, self.setting.arena);
    }

    /// Leaves out the key `key` of the event itself, one of those that leave as they are.
    pub(crate) fn drop_event_key(&mut self, key: &str) {
        self.draft.event_keys = without(self.draft.event_keys, key, self.setting.arena);
    }
}

fn without<'a>(
    keys: &[(&'static str, Json<'a>)],
    key: &str,
    arena: &'a Arena,
) -> &'a [(&'static str, Json<'a>)] {
    let kept: Vec<_> = keys
        .iter()
        .filter(|(name, _)| *name != key)
        .copied()
        .collect();
    arena.list(&kept)
}
