//! Filters for texts that hold HTML or XML.

use super::super::scope::Made;
use super::{Apply, Call};

pub(super) const FILTERS: &[(&str, Apply)] = &[
    ("escape", |call| {
        call.scope.text(&escaped(&call.value.shown()))
    }),
    ("xml_escape", |call| {
        call.scope.text(&escaped(&call.value.shown()))
    }),
    ("escape_once", |call| {
        call.scope.text(&escaped(&unescaped(&call.value.shown())))
    }),
    ("strip_html", strip_html),
];

const ENTITIES: &[(char, &str)] = &[
    ('&', "&amp;"),
    ('<', "&lt;"),
    ('>', "&gt;"),
    ('"', "&#34;"),
    ('\'', "&#39;"),
];

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match ENTITIES.iter().find(|(plain, _)| *plain == c) {
            Some((_, entity)) => out.push_str(entity),
            None => out.push(c),
        }
    }
    out
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let found = ENTITIES
            .iter()
            .find_map(|(plain, entity)| Some((*plain, rest.strip_prefix(entity)?)));
        let (plain, behind) = found.unwrap_or(('&', &rest[1..]));
        out.push(plain);
        rest = behind;
    }
    out + rest
}

/// Scripts, styles and comments go with what they hold, of anything else only
/// the tags. What is not closed stays.
fn strip_html<'a>(call: &Call<'a, '_>) -> Made<'a> {
    const BLOCKS: [(&str, &str); 4] = [
        ("<script", "</script>"),
        ("<style", "</style>"),
        ("<!--", "-->"),
        ("<", ">"),
    ];
    let text = call.value.shown();
    let mut out = String::with_capacity(text.len());
    let mut rest = &*text;
    // An end that is missing once is missing from there on; to look for it at
    // each beginning would cost the square of the length.
    let mut missing = [false; BLOCKS.len()];
    while let Some(at) = rest.find('<') {
        let mut behind = None;
        for ((open, close), missing) in BLOCKS.iter().zip(&mut missing) {
            if *missing || !rest[at..].starts_with(open) {
                continue;
            }
            let inner = at + open.len();
            behind = rest[inner..]
                .find(close)
                .map(|end| inner + end + close.len());
            if behind.is_some() {
                break;
            }
            *missing = true;
        }
        let Some(behind) = behind else {
            break;
        };
        out.push_str(&rest[..at]);
        rest = &rest[behind..];
    }
    call.scope.text(&(out + rest))
}
