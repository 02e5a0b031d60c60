//! What a template sees and makes while it is rendered.

use std::borrow::Cow;
use std::cell::Cell;

use super::expression::{Path, member};
use super::value::Value;
use crate::event::{Arena, Json, Number};

/// How many bytes one template may make: the text that it gives and all that
/// its filters make on the way there. Without loops, doubling a text again and
/// again is how 1000 characters would fill the memory.
const LIMIT: usize = 1 << 20;

const LONGEST_RANGE: f64 = 10_000.0;

/// Why a template cannot be rendered.
pub(super) type Trouble = Cow<'static, str>;

pub(super) type Made<'a> = Result<Value<'a>, Trouble>;

pub(super) struct Scope<'a> {
    pub(super) arena: &'a Arena,
    /// The event, or what a shape or transform is applied to.
    root: Json<'a>,
    variables: Vec<(&'a str, Value<'a>)>,
    /// The numbers of `increment` and `decrement`, which hide the event's.
    counters: Vec<(&'a str, f64)>,
    spent: Cell<usize>,
}

impl<'a> Scope<'a> {
    pub(super) const fn new(arena: &'a Arena, root: Json<'a>) -> Self {
        Self {
            arena,
            root,
            variables: Vec::new(),
            counters: Vec::new(),
            spent: Cell::new(0),
        }
    }

    /// What stands at `path` in `item`, without anything else in sight.
    pub(super) fn within<'i>(&self, item: Json<'i>, path: &'i Path) -> Made<'i>
    where
        'a: 'i,
    {
        let inner = Scope::new(self.arena, item);
        inner.spent.set(self.spent.get());
        let value = path.value(&inner);
        self.spent.set(inner.spent.get());
        value
    }

    pub(super) fn variable(&self, name: &str) -> Value<'a> {
        if let Some((_, value)) = self.variables.iter().find(|(own, _)| *own == name) {
            return *value;
        }
        if let Some((_, count)) = self.counters.iter().find(|(own, _)| *own == name) {
            return Value::number(*count);
        }
        match (self.root.get(name), name) {
            (Some(value), _) => Value::Json(value),
            // Liquidjs looks for these in an empty object.
            (None, "size") => Value::count(0),
            (None, "first" | "last") => Value::Undefined,
            (None, _) => member(Value::Json(self.root), Value::text(name)),
        }
    }

    pub(super) fn assign(&mut self, name: &'a str, value: Value<'a>) {
        match self.variables.iter_mut().find(|(own, _)| *own == name) {
            Some((_, old)) => *old = value,
            None => self.variables.push((name, value)),
        }
    }

    /// Adds `step` to a counter; it was what is given.
    pub(super) fn count(&mut self, name: &'a str, step: f64) -> f64 {
        if let Some((_, count)) = self.counters.iter_mut().find(|(own, _)| *own == name) {
            *count += step;
            return *count - step;
        }
        let begin = match self.root.get(name) {
            Some(Json::Number(number)) => number.to_f64(),
            _ => 0.0,
        };
        self.counters.push((name, begin + step));
        begin
    }

    /// Accounts for what is about to be made.
    pub(super) fn spend(&self, bytes: usize) -> Result<(), Trouble> {
        let spent = self.spent.get().saturating_add(bytes);
        self.spent.set(spent);
        if spent > LIMIT {
            return Err("the template makes more than 1 MiB of text and lists".into());
        }
        Ok(())
    }

    /// A text that a filter made.
    pub(super) fn text(&self, text: &str) -> Made<'a> {
        self.spend(text.len())?;
        Ok(Value::text(self.arena.text(text)))
    }

    /// A list that a filter made. All that it holds counts, though it is not
    /// copied: pushing a list into itself doubles what there is to write.
    pub(super) fn list(&self, items: &[Json<'a>]) -> Made<'a> {
        self.spend(items.iter().map(|item| weight(*item)).sum())?;
        Ok(Value::Json(Json::List(self.arena.list(items))))
    }

    /// The numbers from `low` to `high`.
    pub(super) fn range(&self, low: f64, high: f64) -> Made<'a> {
        let mut left = (high + 1.0 - low).ceil();
        if left > LONGEST_RANGE {
            return Err("a range has more than 10000 numbers".into());
        }
        let mut items = Vec::new();
        let mut next = low;
        while left > 0.0 {
            items.push(Json::Number(Number::Float(next)));
            next += 1.0;
            left -= 1.0;
        }
        self.list(&items)
    }
}

/// About how many bytes a value takes when it is written.
fn weight(value: Json<'_>) -> usize {
    let inside: usize = match value {
        Json::Str(text) => text.len(),
        Json::List(items) => items.iter().map(|item| weight(*item)).sum(),
        Json::Object(members) => members
            .iter()
            .map(|(key, value)| key.len() + weight(*value))
            .sum(),
        _ => 0,
    };
    size_of_val(&value) + inside
}
