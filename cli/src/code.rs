//! Meta's error codes, as people read and write them.

use std::fmt::Display;

/// A code and its subcode, where they are written `100` or `100/33`.
pub(crate) fn parse(text: &str) -> Option<(i64, Option<i64>)> {
    let number = |text: &str| text.trim().parse::<i64>().ok();
    match text.split_once('/') {
        Some((code, subcode)) => Some((number(code)?, Some(number(subcode)?))),
        None => Some((number(text)?, None)),
    }
}

/// What went wrong: the code, if there is one, before the words.
pub(crate) fn with_words(
    code: Option<impl Display>,
    subcode: Option<i64>,
    words: Option<&str>,
) -> String {
    let words = words.unwrap_or_default();
    match (code, subcode) {
        (Some(code), Some(subcode)) => format!("{code}/{subcode}: {words}"),
        (Some(code), None) => format!("{code}: {words}"),
        (None, _) => words.to_owned(),
    }
}
