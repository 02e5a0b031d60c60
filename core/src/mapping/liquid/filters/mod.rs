//! The filters: `{{ value | name: argument }}`.

mod array;
mod date;
mod encoding;
mod number;
mod slug;
mod strftime;
mod text;
mod written_date;

use std::borrow::Cow;
use std::fmt;

use liquid_core::model::ValueCow;
use liquid_core::parser::{FilterArguments, ParameterReflection, PluginRegistry};
use liquid_core::{
    Error, Expression, Filter, FilterReflection, ParseFilter, Result, Runtime, Value, ValueView,
};
use liquid_lib::stdlib;

use super::plain::{self, Plain};
use super::rewrite::{OUTPUT, RANGE};
use super::scope::{account, note_hole, within};
use crate::event::is_no_value;

/// What a filter is applied to.
pub(super) struct Call<'c> {
    value: &'c dyn ValueView,
    arguments: Vec<ValueCow<'c>>,
    /// The argument `allow_false: true`.
    allows_false: bool,
    runtime: &'c dyn Runtime,
}

pub(super) type Apply = fn(&Call<'_>) -> Result<Value>;

type Table = &'static [(&'static str, Apply)];

const TABLES: &[Table] = &[
    array::FILTERS,
    date::FILTERS,
    encoding::FILTERS,
    number::FILTERS,
    slug::FILTERS,
    text::FILTERS,
    HIDDEN,
];

/// What only a rewritten template names.
const HIDDEN: Table = &[
    (OUTPUT, |call| {
        if is_no_value(&call.shown()) {
            note_hole(call.runtime);
        }
        Ok(call.value.to_value())
    }),
    (RANGE, |call| {
        let bound = |value: &dyn ValueView| match Plain::of(value) {
            Plain::Nil => f64::NAN,
            _ => plain::number(value),
        };
        let mut next = bound(call.value);
        let last = call.argument(0).map_or(f64::NAN, bound);
        let mut items = Vec::new();
        while next < last + 1.0 {
            items.push(plain::number_value(next));
            within(items.len().saturating_mul(size_of::<Value>()))?;
            next += 1.0;
        }
        Ok(Value::array(items))
    }),
];

/// Filters of liquidjs that Segment's mapping kit turns off.
const OFF: &[&str] = &[
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
    "sample",
    "sort",
    "sort_natural",
    "type",
    "uniq",
    "where_exp",
];

/// Adds all filters: those here, and those of the library that are as
/// liquidjs has them.
pub(super) fn register(registry: &mut PluginRegistry<Box<dyn ParseFilter>>) {
    registry.register("downcase".into(), stdlib::Downcase.into());
    registry.register("strip_html".into(), stdlib::StripHtml.into());
    registry.register("strip_newlines".into(), stdlib::StripNewlines.into());
    registry.register("upcase".into(), stdlib::Upcase.into());
    for &(name, apply) in TABLES.iter().copied().flatten() {
        let plugin = Plugin {
            name: name.into(),
            apply,
        };
        registry.register(name.into(), plugin.into());
    }
}

/// What is wrong with the mere use of the filter `name`.
pub(super) fn fault(name: &str) -> Option<String> {
    let reason = match name {
        "sample" => "; a mapping gives the same for the same event",
        _ => "",
    };
    OFF.contains(&name)
        .then(|| format!("the filter `{name}` is off in mappings{reason}"))
}

/// A filter by its name.
#[derive(Clone, Debug)]
pub(super) struct Plugin {
    name: Cow<'static, str>,
    apply: Apply,
}

impl Plugin {
    /// What stands for a filter that does not exist: it changes nothing.
    pub(super) fn unknown(name: &str) -> Self {
        Self {
            name: name.to_owned().into(),
            apply: |call| Ok(call.value.to_value()),
        }
    }
}

impl FilterReflection for Plugin {
    fn name(&self) -> &str {
        &self.name
    }

    fn description(&self) -> &str {
        ""
    }

    fn positional_parameters(&self) -> &'static [ParameterReflection] {
        &[]
    }

    fn keyword_parameters(&self) -> &'static [ParameterReflection] {
        &[]
    }
}

impl ParseFilter for Plugin {
    fn parse(&self, arguments: FilterArguments<'_>) -> Result<Box<dyn Filter>> {
        let positional: Vec<Expression> = arguments.positional.map(unescaped).collect();
        if let ("date", Some(Expression::Literal(Value::Scalar(zone)))) =
            (&*self.name, positional.get(1))
            && zone.type_name() == "string"
            && date::named(&zone.to_kstr()).is_none()
        {
            return Err(Error::with_msg(date::ZONE));
        }
        let mut keyword = arguments.keyword;
        let allow_false = keyword.find(|(key, _)| *key == "allow_false");
        Ok(Box::new(Step {
            name: self.name.clone(),
            apply: self.apply,
            positional,
            allow_false: allow_false.map(|(_, value)| value),
        }))
    }

    fn reflection(&self) -> &dyn FilterReflection {
        self
    }
}

/// An argument with its escapes resolved, which the parser leaves:
/// `split: "\n"`.
fn unescaped(argument: Expression) -> Expression {
    let text = match &argument {
        Expression::Literal(Value::Scalar(text)) => text.to_kstr(),
        _ => return argument,
    };
    if !text.contains('\\') {
        return argument;
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let escaped = (c == '\\').then(|| chars.next()).flatten();
        out.push(match escaped {
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            other => other.unwrap_or(c),
        });
    }
    Expression::with_literal(out)
}

/// A filter and its arguments.
#[derive(Debug)]
struct Step {
    name: Cow<'static, str>,
    apply: Apply,
    positional: Vec<Expression>,
    allow_false: Option<Expression>,
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)
    }
}

impl Filter for Step {
    fn evaluate(&self, value: &dyn ValueView, runtime: &dyn Runtime) -> Result<Value> {
        let arguments = self
            .positional
            .iter()
            .map(|argument| argument.evaluate(runtime));
        let allows_false = match &self.allow_false {
            Some(allowed) => Plain::of(&allowed.evaluate(runtime)?).is_truthy(),
            None => false,
        };
        let made = (self.apply)(&Call {
            value,
            arguments: arguments.collect::<Result<_>>()?,
            allows_false,
            runtime,
        })?;
        account(runtime, &made)?;
        Ok(made)
    }
}

impl<'c> Call<'c> {
    /// What the value shows.
    fn shown(&self) -> Cow<'c, str> {
        plain::text(self.value)
    }

    /// The argument at `index`; what is missing counts as not given.
    fn argument(&self, index: usize) -> Option<&dyn ValueView> {
        let argument = self.arguments.get(index)?.as_view();
        (!argument.is_nil()).then_some(argument)
    }

    /// The argument at `index` as text; empty where there is none.
    fn text(&self, index: usize) -> Cow<'_, str> {
        self.argument(index).map_or(Cow::Borrowed(""), plain::text)
    }

    fn number(&self, index: usize) -> Option<f64> {
        self.argument(index).map(plain::number)
    }

    /// The value as a list of its own: nothing is not an item, anything else is one.
    fn items(&self) -> Vec<&'c dyn ValueView> {
        match Plain::of(self.value) {
            Plain::Nil => Vec::new(),
            Plain::List(items) => items.values().collect(),
            _ => vec![self.value],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_filter_has_a_case() {
        let cases = include_str!("../../../../../conformance/mappings.ndjson");
        let mut registry = PluginRegistry::new();
        register(&mut registry);
        let used: std::collections::HashSet<&str> = cases
            .split('|')
            .skip(1)
            .filter_map(|rest| {
                rest.trim_start()
                    .split(|c: char| !c.is_alphanumeric() && c != '_')
                    .next()
            })
            .collect();
        for name in registry
            .plugin_names()
            .filter(|name| ![OUTPUT, RANGE].contains(name))
        {
            assert!(used.contains(name), "{name}");
        }
    }
}
