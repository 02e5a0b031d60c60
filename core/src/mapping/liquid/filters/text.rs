//! Filters that make a text of a text, and `default`.

use std::borrow::Cow;

use liquid_core::{Error, Result, Value};

use super::super::plain::{Plain, count, is_space, length};
use super::{Call, Table, within};

pub(super) const FILTERS: Table = &[
    ("append", |call| {
        text([&*call.shown(), &only(call)?].concat())
    }),
    ("prepend", |call| {
        text([&*only(call)?, &call.shown()].concat())
    }),
    ("capitalize", capitalize),
    ("strip", |call| strip(call, true, true)),
    ("lstrip", |call| strip(call, true, false)),
    ("rstrip", |call| strip(call, false, true)),
    ("squish", |call| {
        text(one_space(&call.shown()).trim_matches(' '))
    }),
    ("normalize_whitespace", |call| {
        text(one_space(&call.shown()))
    }),
    ("split", split),
    ("truncate", truncate),
    ("truncatewords", truncate_words),
    ("number_of_words", |call| {
        let shown = call.shown();
        let is_by_character = match &*call.text(0) {
            "cjk" => true,
            "auto" => shown.contains(is_cjk),
            _ => false,
        };
        let is_between = |c| is_space(c) || (is_by_character && is_cjk(c));
        let words = shown.split(is_between).filter(|word| !word.is_empty());
        let characters = shown.chars().filter(|c| is_by_character && is_cjk(*c));
        Ok(count(words.count() + characters.count()))
    }),
    ("replace", |call| replace(call, &call.text(1))),
    ("replace_first", |call| replace_first(call, &call.text(1))),
    ("replace_last", |call| replace_last(call, &call.text(1))),
    ("remove", |call| replace(call, "")),
    ("remove_first", |call| replace_first(call, "")),
    ("remove_last", |call| replace_last(call, "")),
    ("default", default),
    // What is marked as raw is not escaped, and nothing is escaped anyway.
    ("raw", |call| Ok(call.value.to_value())),
];

fn text(text: impl Into<String>) -> Result<Value> {
    Ok(Value::scalar(text.into()))
}

/// The argument of a filter that must have one.
fn only<'c>(call: &'c Call<'_>) -> Result<Cow<'c, str>> {
    match call.arguments.len() {
        1 => Ok(call.text(0)),
        _ => Err(Error::with_msg("`append` and `prepend` take one argument")),
    }
}

fn capitalize(call: &Call<'_>) -> Result<Value> {
    let shown = call.shown();
    let mut chars = shown.chars();
    let first: String = chars
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    text(first + &chars.as_str().to_lowercase())
}

fn strip(call: &Call<'_>, left: bool, right: bool) -> Result<Value> {
    let shown = call.shown();
    let set = call.text(0);
    let is_cut = |c: char| {
        if set.is_empty() {
            is_space(c)
        } else {
            set.contains(c)
        }
    };
    let mut rest = &*shown;
    if left {
        rest = rest.trim_start_matches(is_cut);
    }
    if right {
        rest = rest.trim_end_matches(is_cut);
    }
    text(rest)
}

/// Each run of white space as one space.
fn one_space(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().map(|c| if is_space(c) { ' ' } else { c }) {
        if c != ' ' || !out.ends_with(' ') {
            out.push(c);
        }
    }
    out
}

/// Empty parts at the end are left out, those in between are not.
fn split(call: &Call<'_>) -> Result<Value> {
    let text = call.shown();
    let separator = call.text(0);
    let mut parts: Vec<&str> = match &*separator {
        "" => text.split("").filter(|part| !part.is_empty()).collect(),
        separator => text.split(separator).collect(),
    };
    while parts.last().is_some_and(|part| part.is_empty()) {
        parts.pop();
    }
    Ok(Value::array(
        parts.into_iter().map(|part| Value::scalar(part.to_owned())),
    ))
}

fn truncate(call: &Call<'_>) -> Result<Value> {
    let shown = call.shown();
    let most = call.number(0).unwrap_or(50.0);
    let mark = call.argument(1).map_or("...".into(), |_| call.text(1));
    if as_double(length(&shown)) <= most || advance(&shown, most) == shown.len() {
        return Ok(call.value.to_value());
    }
    let kept = advance(&shown, most - as_double(mark.chars().count()));
    text([&shown[..kept], &mark].concat())
}

fn truncate_words(call: &Call<'_>) -> Result<Value> {
    let shown = call.shown();
    let most = call.number(0).unwrap_or(15.0).max(1.0);
    let mark = call.argument(1).map_or("...".into(), |_| call.text(1));
    let (begin, is_open) = (
        shown.trim_start_matches(is_space),
        shown.ends_with(is_space),
    );
    let mut words: Vec<&str> = begin
        .split(is_space)
        .filter(|word| !word.is_empty())
        .collect();
    // JavaScript splits nothing into one empty text, and so what is behind the last space.
    if words.is_empty() || is_open {
        words.push("");
    }
    let kept = (1..=words.len()).take_while(|count| as_double(*count) <= most);
    let mut out = words[..kept.count()].join(" ");
    if as_double(words.len()) >= most {
        out.push_str(&mark);
    }
    text(out)
}

/// Chinese, Japanese and Korean characters, each of which liquidjs counts as a word.
const fn is_cjk(c: char) -> bool {
    matches!(
        c,
        '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{3040}'..='\u{30ff}'
            | '\u{ac00}'..='\u{d7af}'
    )
}

/// The byte behind the first `count` characters of `text`; none are before NaN.
pub(super) fn advance(text: &str, count: f64) -> usize {
    let mut chars = text.char_indices().enumerate();
    let is_within = |passed| as_double(passed) < count;
    let end = chars.find(|(passed, _)| !is_within(*passed));
    end.map_or(text.len(), |(_, (at, _))| at)
}

#[expect(clippy::cast_precision_loss, reason = "no text is that long")]
pub(super) const fn as_double(count: usize) -> f64 {
    count as f64
}

fn replace(call: &Call<'_>, with: &str) -> Result<Value> {
    let shown = call.shown();
    let pattern = call.text(0);
    if pattern.is_empty() {
        // What is between any two characters is replaced.
        within(shown.chars().count().saturating_mul(with.len()))?;
        let parts: Vec<&str> = shown.split("").filter(|part| !part.is_empty()).collect();
        return text(parts.join(with));
    }
    within(shown.matches(&*pattern).count().saturating_mul(with.len()))?;
    text(shown.replace(&*pattern, with))
}

fn replace_first(call: &Call<'_>, with: &str) -> Result<Value> {
    text(call.shown().replacen(&*call.text(0), with, 1))
}

fn replace_last(call: &Call<'_>, with: &str) -> Result<Value> {
    let shown = call.shown();
    let pattern = call.text(0);
    match shown.rsplit_once(&*pattern) {
        Some((before, behind)) => text([before, with, behind].concat()),
        None => text(shown),
    }
}

/// What stands for nothing: also an empty text or list, and false unless
/// `allow_false: true` is given.
fn default(call: &Call<'_>) -> Result<Value> {
    let is_there = match Plain::of(call.value) {
        Plain::Nil | Plain::Word(_) => false,
        Plain::Bool(value) => value || call.allows_false,
        Plain::Text(text) => !text.is_empty(),
        Plain::List(items) => items.size() > 0,
        Plain::Number(_) | Plain::Object(_) => true,
    };
    Ok(if is_there {
        call.value.to_value()
    } else {
        call.argument(0)
            .map_or(Value::Nil, |value| value.to_value())
    })
}
