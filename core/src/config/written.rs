//! A mapping as it is written: in the configuration itself, or in a file of
//! JSON beside it.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::json::{Arena, Json, Number};

/// What a subscription says of its mapping.
pub(super) enum Written<'w, 't> {
    /// In TOML.
    Inline(&'t Spanned<DeValue<'t>>),
    /// In a file of JSON, named at `span`.
    File {
        path: String,
        text: &'w str,
        span: Range<usize>,
    },
}

impl Written<'_, '_> {
    /// Where the part of the mapping at the JSON path `path` stands: as deep
    /// as it can be followed.
    pub(super) fn place(&self, path: &str) -> Range<usize> {
        match self {
            Self::File { span, .. } => span.clone(),
            Self::Inline(value) => {
                let mut here: &Spanned<DeValue<'_>> = value;
                for key in path.split('/').filter(|key| !key.is_empty()) {
                    let next = match here.get_ref() {
                        DeValue::Table(table) => table.get(key),
                        DeValue::Array(items) => {
                            key.parse().ok().and_then(|index: usize| items.get(index))
                        }
                        _ => None,
                    };
                    match next {
                        Some(next) => here = next,
                        None => break,
                    }
                }
                here.span()
            }
        }
    }
}

/// A TOML value as JSON.
pub(super) fn to_json<'a>(value: &'a DeValue<'_>, arena: &'a Arena) -> Json<'a> {
    match value {
        DeValue::String(text) => Json::Str(text),
        DeValue::Boolean(value) => Json::Bool(*value),
        DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix())
            .map_or(Json::Null, |value| Json::Number(Number::from(value))),
        DeValue::Float(float) => float
            .as_str()
            .parse()
            .ok()
            .filter(|value: &f64| value.is_finite())
            .map_or(Json::Null, |value| Json::Number(Number::Float(value))),
        DeValue::Datetime(datetime) => Json::Str(arena.text(&datetime.to_string())),
        DeValue::Array(items) => {
            let items: Vec<_> = items
                .iter()
                .map(|item| to_json(item.get_ref(), arena))
                .collect();
            Json::List(arena.list(&items))
        }
        DeValue::Table(table) => to_json_object(table, arena),
    }
}

fn to_json_object<'a>(table: &'a DeTable<'_>, arena: &'a Arena) -> Json<'a> {
    let members: Vec<(&str, Json<'_>)> = table
        .iter()
        .map(|(key, value)| (key.get_ref().as_ref(), to_json(value.get_ref(), arena)))
        .collect();
    Json::Object(arena.list(&members))
}
