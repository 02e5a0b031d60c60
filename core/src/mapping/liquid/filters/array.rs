//! Filters that take or make lists.

use liquid_core::{Result, Value, ValueView};

use super::super::plain::{Plain, count, equal, length, number_value, operand, script_text};
use super::text::{advance, as_double};
use super::{Call, Table, within};

pub(super) const FILTERS: Table = &[
    ("compact", |call| {
        let mut items = call.items();
        items.retain(|item| !item.is_nil());
        Ok(list(items))
    }),
    ("first", |call| end(call, false)),
    ("join", join),
    ("last", |call| end(call, true)),
    ("pop", |call| {
        let mut items = call.items();
        items.pop();
        Ok(list(items))
    }),
    ("push", |call| {
        let items = call.items().into_iter().map(ValueView::to_value);
        Ok(Value::array(items.chain([argument(call)])))
    }),
    ("shift", |call| Ok(list(call.items().into_iter().skip(1)))),
    ("size", |call| {
        Ok(count(match Plain::of(call.value) {
            Plain::List(_) => call.items().len(),
            Plain::Text(text) => length(&text),
            _ => 0,
        }))
    }),
    ("slice", slice),
    ("sum", sum),
    ("unshift", |call| {
        let items = call.items().into_iter().map(ValueView::to_value);
        Ok(Value::array([argument(call)].into_iter().chain(items)))
    }),
    ("where", r#where),
];

fn list<'v>(items: impl IntoIterator<Item = &'v dyn ValueView>) -> Value {
    Value::array(items.into_iter().map(ValueView::to_value))
}

fn argument(call: &Call<'_>) -> Value {
    call.argument(0).map_or(Value::Nil, ValueView::to_value)
}

fn join(call: &Call<'_>) -> Result<Value> {
    let items: Vec<_> = call.items().into_iter().map(script_text).collect();
    let separator = call.argument(0).map_or(" ".into(), |_| call.text(0));
    within(items.len().saturating_mul(separator.len()))?;
    Ok(Value::scalar(items.join(&*separator)))
}

fn end(call: &Call<'_>, is_last: bool) -> Result<Value> {
    Ok(match Plain::of(call.value) {
        Plain::List(items) => {
            let item = if is_last { items.last() } else { items.first() };
            item.map_or(Value::Nil, ValueView::to_value)
        }
        Plain::Text(text) => {
            let mut chars = text.chars();
            let c = if is_last {
                chars.next_back()
            } else {
                chars.next()
            };
            Value::scalar(c.map_or(String::new(), String::from))
        }
        _ => Value::scalar(""),
    })
}

fn sum(call: &Call<'_>) -> Result<Value> {
    let key = call.text(0);
    let number = |item| match &*key {
        "" => operand(item),
        key => member(item, key).map_or(0.0, operand),
    };
    Ok(number_value(call.items().into_iter().map(number).sum()))
}

/// The items in which the member is true, or is equal to the second argument.
fn r#where(call: &Call<'_>) -> Result<Value> {
    let key = call.text(0);
    let is_kept = |item: &&dyn ValueView| {
        member(*item, &key).is_some_and(|value| match call.arguments.get(1) {
            Some(wanted) => equal(value, wanted.as_view()),
            None => Plain::of(value).is_truthy(),
        })
    };
    Ok(list(call.items().into_iter().filter(is_kept)))
}

/// The value at a path of keys.
fn member<'v>(value: &'v dyn ValueView, path: &str) -> Option<&'v dyn ValueView> {
    let mut keys = path.split('.');
    keys.try_fold(value, |value, key| match Plain::of(value) {
        Plain::Object(members) => members
            .iter()
            .find(|(known, _)| known == key)
            .map(|(_, value)| value),
        _ => None,
    })
}

/// A part of a list or text; a beginning below 0 counts from the end.
fn slice(call: &Call<'_>) -> Result<Value> {
    let begin = call.number(0).unwrap_or(0.0);
    let most = call.number(1).unwrap_or(1.0);
    let from = |length: usize| {
        if begin < 0.0 {
            as_double(length) + begin
        } else {
            begin
        }
    };
    if let Plain::Nil | Plain::List(_) = Plain::of(call.value) {
        let items = call.items();
        let begin = from(items.len());
        let numbered = items.into_iter().enumerate();
        let part = numbered.filter(|(index, _)| {
            let index = as_double(*index);
            begin >= 0.0 && index >= begin && index < begin + most
        });
        return Ok(list(part.map(|(_, item)| item)));
    }
    let text = call.shown();
    let begin = from(text.chars().count());
    if begin < 0.0 || most < 0.0 {
        return Ok(Value::scalar(""));
    }
    let rest = &text[advance(&text, begin)..];
    Ok(Value::scalar(rest[..advance(rest, most)].to_owned()))
}
