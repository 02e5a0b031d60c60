//! The lists of `custom_data` whose items validation checks, such as `contents`.
//!
//! Each item keeps its place up to admission, so that a reason names the same item in
//! what is kept of a rejected conversion. An item that cannot be sent leaves a gap;
//! admission closes the gaps of what is sent.

use crate::Spec;
use crate::field::WirePath;
use crate::field::custom_data::known;
use crate::json::Json;

/// Such a list.
#[derive(Clone, Copy)]
pub(super) struct CheckedList {
    /// Whether Meta refuses an event with an item that has no id.
    needs_id: bool,
}

impl CheckedList {
    /// The list under `key` of `custom_data`, if it is one.
    pub(super) fn of(action: &Spec, key: &str) -> Option<Self> {
        let field = action.custom_field(key).or_else(|| known(key))?;
        field.multiple.then_some(Self {
            needs_id: field.place == WirePath::Contents,
        })
    }

    /// What stands for an item of which nothing is left. It can be checked once more,
    /// when somebody repairs the event.
    pub(super) const fn gap(self) -> Json<'static> {
        if self.needs_id {
            Json::Object(&[])
        } else {
            Json::Null
        }
    }

    /// Whether `item` cannot be sent.
    pub(super) fn is_gap(self, item: Json<'_>) -> bool {
        if !self.needs_id {
            return item.is_null();
        }
        let id = item.get("id").and_then(Json::as_str);
        id.is_none_or(|id| id.trim().is_empty())
    }
}
