//! Filters that make a text of a text: case, ends, parts.

use std::borrow::Cow;

use super::super::scope::Made;
use super::super::value::{Value, is_space, length};
use super::{Apply, Call};
use crate::event::Json;

pub(super) const FILTERS: &[(&str, Apply)] = &[
    ("append", |call| {
        joined(call, &call.value.shown(), &second(call, "append")?)
    }),
    ("prepend", |call| {
        joined(call, &second(call, "prepend")?, &call.value.shown())
    }),
    ("upcase", |call| {
        call.scope.text(&call.value.shown().to_uppercase())
    }),
    ("downcase", |call| {
        call.scope.text(&call.value.shown().to_lowercase())
    }),
    ("capitalize", capitalize),
    ("strip", |call| strip(call, true, true)),
    ("lstrip", |call| strip(call, true, false)),
    ("rstrip", |call| strip(call, false, true)),
    ("strip_newlines", |call| {
        let text = call.value.shown().replace("\r\n", "\n");
        call.scope.text(&text.replace('\n', ""))
    }),
    ("squish", |call| {
        let text = one_space(&call.value.shown());
        call.scope.text(text.trim_matches(' '))
    }),
    ("normalize_whitespace", |call| {
        call.scope.text(&one_space(&call.value.shown()))
    }),
    ("split", split),
    ("truncate", truncate),
    // What is marked as raw is not escaped, and nothing is escaped anyway.
    ("raw", |call| Ok(call.value)),
];

/// The argument of a filter that must have one.
fn second<'a>(call: &Call<'a, '_>, name: &str) -> Result<Cow<'a, str>, Cow<'static, str>> {
    if call.arguments.len() == 1 {
        Ok(call.text(0))
    } else {
        Err(format!("the filter `{name}` takes one argument").into())
    }
}

fn joined<'a>(call: &Call<'a, '_>, left: &str, right: &str) -> Made<'a> {
    // Accounted for before it is made: a filter may double its input.
    call.scope.spend(left.len() + right.len())?;
    Ok(Value::text(call.scope.arena.text(&[left, right].concat())))
}

fn capitalize<'a>(call: &Call<'a, '_>) -> Made<'a> {
    let text = call.value.shown();
    let mut chars = text.chars();
    let first: String = match chars.next() {
        // JavaScript takes half of a pair for the first character.
        Some(first) if first.len_utf16() == 2 => first.into(),
        first => first.into_iter().flat_map(char::to_uppercase).collect(),
    };
    call.scope.text(&(first + &chars.as_str().to_lowercase()))
}

fn strip<'a>(call: &Call<'a, '_>, left: bool, right: bool) -> Made<'a> {
    let text = call.value.shown();
    let set = call
        .argument(0)
        .filter(|set| set.is_script_truthy())
        .map(Value::shown);
    let cut = |c: char| match &set {
        Some(set) => set.contains(c),
        None => is_space(c),
    };
    let mut text = &*text;
    if left {
        text = text.trim_start_matches(cut);
    }
    if right {
        text = text.trim_end_matches(cut);
    }
    call.scope.text(text)
}

/// Each run of white space as one space.
pub(super) fn one_space(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut spaced = false;
    for c in text.chars() {
        if !is_space(c) {
            out.push(c);
        } else if !spaced {
            out.push(' ');
        }
        spaced = is_space(c);
    }
    out
}

/// Empty parts at the end are left out, those in between are not.
fn split<'a>(call: &Call<'a, '_>) -> Made<'a> {
    let text = call.value.shown();
    let separator = call.text(0);
    call.scope.spend(text.len())?;
    let text = call.scope.arena.text(&text);
    let mut parts: Vec<Json<'a>> = if separator.is_empty() {
        text.char_indices()
            .map(|(at, c)| Json::Str(&text[at..at + c.len_utf8()]))
            .collect()
    } else {
        text.split(&*separator).map(Json::Str).collect()
    };
    while parts.last().is_some_and(|part| *part == Json::Str("")) {
        parts.pop();
    }
    call.scope.list(&parts)
}

fn truncate<'a>(call: &Call<'a, '_>) -> Made<'a> {
    let text = call.value.shown();
    let most = call.argument(0).map_or(50.0, Value::to_double);
    let mark = call.argument(1).map_or(Cow::Borrowed("..."), Value::shown);
    if as_double(length(&text)) <= most || advance(&text, most) == text.len() {
        return Ok(call.value);
    }
    let kept = advance(&text, most - as_double(mark.chars().count()));
    joined(call, &text[..kept], &mark)
}

/// The byte behind the first `count` characters of `text`.
pub(super) fn advance(text: &str, count: f64) -> usize {
    let mut passed = 0.0;
    for (at, _) in text.char_indices() {
        // NaN is more than nothing.
        let is_within = passed < count;
        if !is_within {
            return at;
        }
        passed += 1.0;
    }
    text.len()
}

#[expect(clippy::cast_precision_loss, reason = "no text is that long")]
pub(super) const fn as_double(count: usize) -> f64 {
    count as f64
}
