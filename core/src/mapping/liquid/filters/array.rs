//! Filters that take or make lists.

use super::super::compare::equal;
use super::super::expression::member;
use super::super::reader::Reader;
use super::super::scope::Made;
use super::super::value::{Value, length, unit_at};
use super::text::{advance, as_double};
use super::{Apply, Call};
use crate::event::Json;
use crate::mapping::text::append;

pub(super) const FILTERS: &[(&str, Apply)] = &[
    ("join", join),
    ("first", |call| end(call, false)),
    ("last", |call| end(call, true)),
    ("size", size),
    ("sum", sum),
    ("compact", |call| {
        changed(call, |items, _| {
            items.retain(|item| !item.is_null());
        })
    }),
    ("push", |call| changed(call, Vec::push)),
    ("unshift", |call| {
        changed(call, |items, item| items.insert(0, item))
    }),
    ("pop", |call| {
        changed(call, |items, _| {
            items.pop();
        })
    }),
    ("shift", |call| {
        changed(call, |items, _| {
            if !items.is_empty() {
                items.remove(0);
            }
        })
    }),
    ("slice", slice),
    ("where", r#where),
];

fn join<'a>(call: &Call<'a, '_>) -> Made<'a> {
    let items = call.items();
    let separator = match call.argument(0) {
        Some(separator) if !separator.is_nil() => separator.shown(),
        _ => " ".into(),
    };
    call.scope
        .spend(items.len().saturating_mul(separator.len()))?;
    let mut out = String::new();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push_str(&separator);
        }
        append(*item, &mut out);
    }
    call.scope.text(&out)
}

fn end<'a>(call: &Call<'a, '_>, last: bool) -> Made<'a> {
    Ok(match call.value.plain() {
        Value::Json(Json::List(items)) => {
            let item = if last { items.last() } else { items.first() };
            item.copied().map_or(Value::Undefined, Value::Json)
        }
        Value::Json(Json::Str(text)) => {
            let index = if last {
                length(text).saturating_sub(1)
            } else {
                0
            };
            Value::text(unit_at(text, index).unwrap_or_default())
        }
        _ => Value::text(""),
    })
}

fn size<'a>(call: &Call<'a, '_>) -> Made<'a> {
    Ok(match call.value {
        Value::Json(Json::List(items)) => Value::count(items.len()),
        Value::Json(Json::Str(text)) => Value::count(length(text)),
        Value::Json(object @ Json::Object(_)) => object
            .get("length")
            .map(Value::Json)
            .filter(|length| length.is_script_truthy())
            .unwrap_or(Value::count(0)),
        _ => Value::count(0),
    })
}

fn sum<'a>(call: &Call<'a, '_>) -> Made<'a> {
    let path = call
        .argument(0)
        .filter(|path| path.is_script_truthy())
        .map(Value::shown);
    let sum = call.items().iter().fold(0.0, |sum, item| {
        let mut value = Value::Json(*item);
        for key in path.iter().flat_map(|path| path.split('.')) {
            if value.is_nil() {
                break;
            }
            value = member(value, Value::text(key));
        }
        sum + value.to_operand()
    });
    Ok(Value::number(sum))
}

fn changed<'a>(call: &Call<'a, '_>, change: impl Fn(&mut Vec<Json<'a>>, Json<'a>)) -> Made<'a> {
    let mut items = call.items().into_owned();
    let argument = call.argument(0).map_or(Json::Null, Value::item);
    change(&mut items, argument);
    call.scope.list(&items)
}

/// A part of a list or text; a beginning below 0 counts from the end.
fn slice<'a>(call: &Call<'a, '_>) -> Made<'a> {
    let begin = call.argument(0).map_or(f64::NAN, Value::to_double);
    let count = call.argument(1).map_or(1.0, Value::to_double);
    let from = |length: usize| {
        if begin < 0.0 {
            as_double(length) + begin
        } else {
            begin
        }
    };
    match call.value.plain() {
        value if value.is_nil() => call.scope.list(&[]),
        Value::Json(Json::List(items)) => {
            let begin = from(items.len());
            if begin < 0.0 || count < 0.0 {
                return call.scope.list(&[]);
            }
            let end = clamped(begin + count, items.len());
            let begin = clamped(begin, items.len()).min(end);
            call.scope.list(&items[begin..end])
        }
        value => {
            let text = value.shown();
            let begin = from(text.chars().count());
            if begin < 0.0 || count < 0.0 {
                return Ok(Value::text(""));
            }
            let rest = &text[advance(&text, begin)..];
            call.scope.text(&rest[..advance(rest, count)])
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the place is within the list"
)]
fn clamped(place: f64, length: usize) -> usize {
    // What is no number is 0.
    place.max(0.0).min(as_double(length)) as usize
}

/// The items in which the path is true, or is equal to the second argument.
fn r#where<'a>(call: &Call<'a, '_>) -> Made<'a> {
    let path: Vec<char> = call.text(0).chars().collect();
    let path = Reader::new(&path, 0, path.len())
        .path()
        .map_err(|fault| fault.message)?;
    let wanted = call.argument(1);
    let mut kept = Vec::new();
    for item in call.items().iter() {
        let value = call.scope.within(*item, &path)?;
        if wanted.map_or(value.is_truthy(), |wanted| equal(value, wanted)) {
            kept.push(*item);
        }
    }
    call.scope.list(&kept)
}
