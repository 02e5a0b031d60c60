//! What the query of a URL holds: names that may be shown, and values that may not.

use std::ops::Range;

use super::mask::HIDDEN;
use super::spelling::Spelled;

/// The longest name of a parameter that is shown.
const LONGEST_NAME: usize = 40;

/// Where the query of a URL begins, its fragment or the parameters of its path, or a
/// form of names with values: to the end of the text there is nothing to show but
/// names.
pub(super) fn query(spelled: &Spelled) -> Option<Range<usize>> {
    let letters = spelled.letters();
    let is_space = |at: &usize| letters.get(*at).is_none_or(|it| it.letter.is_whitespace());
    let end = letters.len();
    let mut word = 0;
    while word < end {
        let stop = (word..end).find(is_space).unwrap_or(end);
        let text = spelled.text(word..stop);
        if let Some(at) = query_of(&text, stop == end && word == 0) {
            return Some(word + at..end);
        }
        word = stop + 1;
    }
    None
}

/// Where the query of a word begins, in letters.
fn query_of(word: &str, is_whole: bool) -> Option<usize> {
    let is_url = word.contains("//") || word.starts_with('/');
    let is_start = |(_, letter): &(usize, char)| matches!(letter, '?' | '#' | ';' | '&');
    let start = word.chars().enumerate().find(is_start);
    let has_value = |from: usize| word.chars().skip(from + 1).any(|letter| letter == '=');
    match start {
        Some((at, '&')) if is_whole && word.chars().take(at).any(|letter| letter == '=') => Some(0),
        Some((at, '?' | '#')) if is_url => Some(at),
        Some((at, _)) if has_value(at) => {
            Some(match word.chars().take(at).any(|letter| letter == '=') {
                true => 0,
                false => at,
            })
        }
        None if is_whole && word.split_once('=').is_some_and(|(name, _)| is_name(name)) => Some(0),
        _ => None,
    }
}

/// A query without its values; `is_told` says of a name whether it may be shown.
pub(super) fn without_values(query: &str, is_told: impl Fn(&str) -> bool) -> String {
    let mut out = String::new();
    for part in query.split_inclusive(['?', '#', '&', ';']) {
        let (part, end) = match part.char_indices().next_back() {
            Some((at, end @ ('?' | '#' | '&' | ';'))) => {
                (part.get(..at).unwrap_or_default(), Some(end))
            }
            _ => (part, None),
        };
        match part.split_once('=') {
            Some((name, _)) if is_name(name) && is_told(name) => out.extend([name, "=", HIDDEN]),
            Some(_) => out.extend([HIDDEN, "=", HIDDEN]),
            None if part.is_empty() => {}
            None => out.push_str(HIDDEN),
        }
        out.extend(end);
    }
    out
}

/// Whether a text may be the name of a parameter: digits may be a value.
fn is_name(text: &str) -> bool {
    (1..=LONGEST_NAME).contains(&text.len())
        && text.bytes().all(|byte| {
            byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-' | b'.' | b'[' | b']')
        })
}
