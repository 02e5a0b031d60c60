//! What tells who somebody is by its form alone: e-mail addresses, and what the
//! query of a URL holds.

use std::ops::Range;

use super::mask::{HIDDEN, email};
use super::secrets::Cut;
use super::spelling::Spelled;

/// The longest name of a parameter that is shown.
const LONGEST_NAME: usize = 40;

/// Where e-mail addresses stand, and the user of a URL.
pub(super) fn addresses(spelled: &Spelled) -> Vec<Cut> {
    let letters = spelled.letters();
    let letter = |at: usize| letters.get(at).map(|letter| letter.letter);
    let mut cuts = Vec::new();
    // Nothing is looked at twice: an address ends where the one before began.
    let mut from = 0;
    let ats = (0..letters.len()).filter(|at| letter(*at) == Some('@'));
    for at in ats {
        let mut start = at;
        if at > from && letter(at - 1) == Some('"') {
            start = (from..at - 1)
                .rev()
                .find(|at| letter(*at) == Some('"'))
                .unwrap_or(at - 1);
        } else {
            while start > from && letter(start - 1).is_some_and(is_local) {
                start -= 1;
            }
        }
        let mut end = at + 1;
        while letter(end)
            .is_some_and(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '-'))
        {
            end += 1;
        }
        while end > at + 1 && letter(end - 1) == Some('.') {
            end -= 1;
        }
        let domain = spelled.text(at + 1..end);
        let is_user = is_after_scheme(spelled, start);
        if start < at && (domain.contains('.') || is_user) {
            let text = spelled.text(start..end);
            let (range, mask) = match is_user {
                true => (start..at, HIDDEN.to_owned()),
                false => (start..end, email(&text)),
            };
            cuts.extend(spelled.place(range).map(|place| Cut { place, mask }));
        }
        from = at + 1;
    }
    cuts
}

fn is_local(letter: char) -> bool {
    letter.is_alphanumeric() || "._+-%'!#$&*={}|~^:`".contains(letter)
}

/// Whether what starts at `start` stands behind the `://` of a URL.
fn is_after_scheme(spelled: &Spelled, start: usize) -> bool {
    let before = start.checked_sub(2).map(|from| spelled.text(from..start));
    before.as_deref() == Some("//")
}

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
