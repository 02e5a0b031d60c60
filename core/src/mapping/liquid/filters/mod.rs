//! The filters: `{{ value | name: argument }}`.

mod array;
mod base64;
mod date;
mod hash;
mod html;
mod json;
mod number;
mod replace;
mod slug;
mod text;
mod url;
mod words;

use std::borrow::Cow;

use super::expression::{Expression, Operand, Token};
use super::scope::{Made, Scope};
use super::value::Value;
use crate::event::Json;

/// What a filter is applied to.
pub(super) struct Call<'a, 's> {
    value: Value<'a>,
    arguments: &'s [Value<'a>],
    scope: &'s Scope<'a>,
}

pub(super) type Apply = for<'a, 's> fn(&Call<'a, 's>) -> Made<'a>;

/// A filter and its arguments.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) apply: Apply,
    pub(super) arguments: Box<[Operand]>,
}

const TABLES: &[&[(&str, Apply)]] = &[
    array::FILTERS,
    base64::FILTERS,
    date::FILTERS,
    hash::FILTERS,
    html::FILTERS,
    json::FILTERS,
    number::FILTERS,
    replace::FILTERS,
    slug::FILTERS,
    text::FILTERS,
    url::FILTERS,
    words::FILTERS,
];

/// Filters of liquidjs that Segment's mapping kit turns off.
const DISABLED: &[&str] = &[
    "array_to_sentence_string",
    "concat",
    "find",
    "find_exp",
    "find_index",
    "find_index_exp",
    "group_by",
    "group_by_exp",
    "has",
    "has_exp",
    "map",
    "newline_to_br",
    "reject",
    "reject_exp",
    "reverse",
    "sort",
    "sort_natural",
    "uniq",
    "where_exp",
    "type",
];

/// The filter `name`; none where there is no such filter, which liquidjs
/// leaves out without a word, so that configurations may hold it.
pub(super) fn find(name: &str) -> Result<Option<Apply>, String> {
    if DISABLED.contains(&name) {
        return Err(format!("the filter `{name}` is disabled in mappings"));
    }
    if name == "sample" {
        return Err("the filter `sample` gives something else each time; \
                    a mapping gives the same for the same event"
            .into());
    }
    let mut all = TABLES.iter().copied().flatten();
    Ok(all
        .find(|(known, _)| *known == name)
        .map(|(_, apply)| *apply))
}

/// Refuses what is known to be wrong for a filter before there is an event.
pub(super) fn check_input(
    expression: &Expression,
    steps: &[Step],
    name: &str,
) -> Result<(), String> {
    let [Token::Operand(Operand::Text(text))] = &*expression.0 else {
        return Ok(());
    };
    if steps.is_empty() && name.starts_with("date") && matches!(&**text, "now" | "today") {
        return Err(format!(
            "`\"{text}\"` is no date here: a mapping gives the same for the same event \
             at any time; use `timestamp` or `receivedAt`"
        ));
    }
    Ok(())
}

impl Step {
    pub(super) fn apply<'a>(&'a self, value: Value<'a>, scope: &Scope<'a>) -> Made<'a> {
        let mut arguments = Vec::with_capacity(self.arguments.len());
        for argument in &self.arguments {
            arguments.push(argument.value(scope)?);
        }
        (self.apply)(&Call {
            value,
            arguments: &arguments,
            scope,
        })
    }
}

impl<'a> Call<'a, '_> {
    /// The argument at `index`; what is missing in the event counts as not
    /// given.
    fn argument(&self, index: usize) -> Option<Value<'a>> {
        self.arguments
            .get(index)
            .copied()
            .filter(|value| !matches!(value, Value::Undefined))
    }

    /// The argument at `index` as text; empty where there is none.
    fn text(&self, index: usize) -> Cow<'a, str> {
        self.argument(index).unwrap_or(Value::Undefined).shown()
    }

    /// The value as a list of its own: nothing is no item, anything else one.
    fn items(&self) -> Cow<'a, [Json<'a>]> {
        match self.value {
            Value::Json(Json::List(items)) => items.into(),
            value if value.is_nil() => Vec::new().into(),
            value => vec![value.item()].into(),
        }
    }
}
