//! Meta's rules for the events of a request.

mod app_data;
mod append;
mod attribution;
mod batch;
mod currency;
mod custom_data;
mod data_processing;
mod event;
mod match_keys;
mod messaging;
mod params;
mod shape;
mod time;
mod user_data;

use crate::path::Path;
pub(crate) use batch::{Item, check, items};
pub(crate) use params::check as check_params;

use serde_json::{Map, Value};

/// The fields of one JSON object.
pub(crate) type Fields = Map<String, Value>;

/// What a rule needs to know beside the event.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context {
    /// Unix seconds at which the request is judged.
    pub(crate) now: i64,
    /// See [`crate::Options::lenient`].
    pub(crate) lenient: bool,
}

/// A value that says something: not absent, null, blank, or an empty list.
pub(crate) fn present<'a>(fields: &'a Fields, key: &str) -> Option<&'a Value> {
    fields.get(key).filter(|value| match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => true,
    })
}
