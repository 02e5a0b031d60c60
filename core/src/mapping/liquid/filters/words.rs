//! Filters that count or cut words.

use std::borrow::Cow;

use super::super::scope::Made;
use super::super::value::{Value, is_space};
use super::text::as_double;
use super::{Apply, Call};

pub(super) const FILTERS: &[(&str, Apply)] = &[
    ("truncatewords", truncate_words),
    ("number_of_words", number_of_words),
];

/// The words of a text without white space before it. White space behind it
/// is followed by an empty word.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(is_space) {
        words.push(&rest[..at]);
        rest = rest[at..].trim_start_matches(is_space);
    }
    words.push(rest);
    words
}

fn truncate_words<'a>(call: &Call<'a, '_>) -> Made<'a> {
    let text = call.value.shown();
    let most = call.argument(0).map_or(15.0, Value::to_double);
    let most = if most <= 0.0 { 1.0 } else { most };
    let mark = call.argument(1).map_or(Cow::Borrowed("..."), Value::shown);
    let words = words(text.trim_start_matches(is_space));
    let kept = (1..=words.len())
        .take_while(|count| as_double(*count) <= most)
        .count();
    let mut out = words[..kept].join(" ");
    if as_double(words.len()) >= most {
        out.push_str(&mark);
    }
    call.scope.text(&out)
}

/// With the mode `cjk`, or `auto` for a text that has some, each Chinese,
/// Japanese or Korean character is a word of its own.
fn number_of_words<'a>(call: &Call<'a, '_>) -> Made<'a> {
    let text = call.value.shown();
    let text = text.trim_matches(is_space);
    if text.is_empty() {
        return Ok(Value::count(0));
    }
    let signs = text.chars().filter(|c| is_cjk(*c)).count();
    let by_sign = match &*call.text(0) {
        "cjk" => true,
        "auto" => signs > 0,
        _ => false,
    };
    Ok(Value::count(if by_sign {
        let others = text.split(|c| is_cjk(c) || is_space(c));
        signs + others.filter(|word| !word.is_empty()).count()
    } else {
        words(text).len()
    }))
}

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
