//! Filters that replace or remove parts of a text.

use super::super::scope::Made;
use super::{Apply, Call};

pub(super) const FILTERS: &[(&str, Apply)] = &[
    ("replace", |call| all(call, &call.text(1))),
    ("replace_first", |call| first(call, &call.text(1))),
    ("replace_last", |call| last(call, &call.text(1))),
    ("remove", |call| all(call, "")),
    ("remove_first", |call| first(call, "")),
    ("remove_last", |call| last(call, "")),
];

fn all<'a>(call: &Call<'a, '_>, with: &str) -> Made<'a> {
    let text = call.value.shown();
    let pattern = call.text(0);
    if pattern.is_empty() {
        // What stands between any two characters is replaced.
        let gaps = text.chars().count().saturating_sub(1);
        call.scope.spend(gaps.saturating_mul(with.len()))?;
        let parts: Vec<&str> = text.split("").filter(|part| !part.is_empty()).collect();
        return call.scope.text(&parts.join(with));
    }
    let found = text.matches(&*pattern).count();
    call.scope.spend(found.saturating_mul(with.len()))?;
    call.scope.text(&text.replace(&*pattern, with))
}

fn first<'a>(call: &Call<'a, '_>, with: &str) -> Made<'a> {
    let text = call.value.shown();
    call.scope.text(&text.replacen(&*call.text(0), with, 1))
}

fn last<'a>(call: &Call<'a, '_>, with: &str) -> Made<'a> {
    let text = call.value.shown();
    let pattern = call.text(0);
    match text.rfind(&*pattern) {
        Some(at) => call
            .scope
            .text(&[&text[..at], with, &text[at + pattern.len()..]].concat()),
        None => call.scope.text(&text),
    }
}
