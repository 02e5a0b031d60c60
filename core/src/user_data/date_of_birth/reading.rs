//! Reads the three parts of a date from a text, in whatever order they stand.

use crate::user_data::characters::{digit, trim};

/// A part of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A number and how many digits it was written with.
    Number(u64, usize),
    /// A month's name.
    Month(u64),
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// Words that are between or behind numbers and say nothing.
const FILLERS: [&str; 5] = ["st", "nd", "rd", "th", "of"];

/// Year, month and day of Chinese, Japanese and Korean dates.
const MARKERS: [char; 6] = ['年', '月', '日', '년', '월', '일'];

/// The three parts of the date that `text` begins with, if nothing but a time
/// of day is behind them.
pub(super) fn read(text: &str) -> Option<[Part; 3]> {
    let mut rest = trim(text);
    let mut parts = [Part::Month(0); 3];
    let mut count = 0;
    while count < 3 {
        let first = rest.chars().next()?;
        if digit(first).is_some() {
            let (value, digits, behind) = number(rest)?;
            rest = behind;
            if digits == 8 && count == 0 {
                parts = [
                    Part::Number(value / 10_000, 4),
                    Part::Number(value / 100 % 100, 2),
                    Part::Number(value % 100, 2),
                ];
                count = 3;
            } else {
                parts[count] = Part::Number(value, digits);
                count += 1;
            }
        } else if first.is_ascii_alphabetic() {
            let end = rest
                .find(|character: char| !character.is_ascii_alphabetic())
                .unwrap_or(rest.len());
            let word = &rest[..end];
            rest = &rest[end..];
            if let Some(month) = name(&MONTHS, word) {
                parts[count] = Part::Month(month);
                count += 1;
            } else if name(&WEEKDAYS, word).is_none()
                && !FILLERS
                    .iter()
                    .any(|filler| word.eq_ignore_ascii_case(filler))
            {
                return None;
            }
        } else if first.is_alphabetic() && !MARKERS.contains(&first) {
            return None;
        } else {
            rest = &rest[first.len_utf8()..];
        }
    }
    is_time(rest).then_some(parts)
}

/// The number that `text` begins with, its digits, and what follows it.
fn number(text: &str) -> Option<(u64, usize, &str)> {
    let mut value: u64 = 0;
    let mut digits = 0;
    for (place, character) in text.char_indices() {
        let Some(digit) = digit(character) else {
            return Some((value, digits, &text[place..]));
        };
        value = value.checked_mul(10)?.checked_add(u64::from(digit))?;
        digits += 1;
    }
    Some((value, digits, ""))
}

/// The place, from 1, of the name of which `word` is the whole or the first
/// three letters or more (`Sept`).
fn name(names: &[&str], word: &str) -> Option<u64> {
    let place = names.iter().position(|name| {
        word.len() >= 3
            && name
                .get(..word.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(word))
    })?;
    u64::try_from(place + 1).ok()
}

/// Whether what is behind a date adds nothing to its day: nothing, a
/// marker or a dot, a zone, or a time.
fn is_time(rest: &str) -> bool {
    let rest = rest.trim_start_matches(MARKERS).trim_start_matches('.');
    if matches!(rest, "" | "Z" | "z") {
        return true;
    }
    let time = rest.trim_start_matches([' ', ',']);
    let is_apart = time.len() < rest.len() && time.contains(':');
    let time = time.strip_prefix(['T', 't']).unwrap_or(time);
    (is_apart || rest.starts_with(['T', 't'])) && time.starts_with(|first| digit(first).is_some())
}
