//! Several numbers in one text: `+49 89 1234567 / +49 171 1234567`.

use super::{Written, plan};

/// A person has so many numbers at most; a text with more is a list of many people.
const MAX_NUMBERS: usize = 4;

/// A text of fewer digits is one number.
const LEAST_DIGITS: usize = 16;

/// Words between two numbers.
const WORDS: [&str; 13] = [
    "or", "and", "oder", "und", "ou", "et", "o", "y", "e", "of", "en", "или", "и",
];

/// The numbers in `text`, where it has several and each is whole: with its country code,
/// or of the plan of `country`, which is that of the person. `089 / 123 45-67` is one.
pub(super) fn numbers<'t>(text: &'t str, country: Option<&str>) -> Option<Vec<&'t str>> {
    // Most texts are one number, and short.
    if text.len() < LEAST_DIGITS || text.bytes().filter(u8::is_ascii_digit).count() < LEAST_DIGITS {
        return None;
    }
    let are_whole = |parts: &[&str]| {
        (2..=MAX_NUMBERS).contains(&parts.len()) && parts.iter().all(|part| is_whole(part, country))
    };
    [between_words(text), before_signs(text)]
        .into_iter()
        .find(|parts| are_whole(parts))
}

/// `text` cut at punctuation that separates, and at words for *or*.
fn between_words(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for part in text.split(['/', ';', ',', '|', '&', '\n', '\r', '\t']) {
        let mut rest = part;
        let mut searched = 0;
        while let Some((start, end)) = word(rest, searched) {
            if WORDS.contains(&rest[start..end].to_lowercase().as_str()) {
                parts.push(&rest[..start]);
                rest = &rest[end..];
                searched = 0;
            } else {
                searched = end;
            }
        }
        parts.push(rest);
        if parts.len() > MAX_NUMBERS * 2 {
            break;
        }
    }
    parts.retain(|part| part.contains(|character: char| character.is_alphanumeric()));
    parts
}

/// Where the next word in `text` begins and ends, from `start` on.
fn word(text: &str, start: usize) -> Option<(usize, usize)> {
    let begin = start + text[start..].find(char::is_alphabetic)?;
    let length = text[begin..].find(|character: char| !character.is_alphabetic());
    Some((begin, length.map_or(text.len(), |length| begin + length)))
}

/// `text` cut before each plus.
fn before_signs(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    // What is before the first has no number, or the text is not all numbers.
    while let Some(start) = rest.char_indices().skip(1).find(|(_, sign)| *sign == '+') {
        let (part, behind) = rest.split_at(start.0);
        parts.push(part);
        rest = behind;
        if parts.len() > MAX_NUMBERS {
            break;
        }
    }
    parts.push(rest);
    parts.retain(|part| part.contains(|character: char| character.is_numeric()));
    parts
}

/// Whether `text` is a number that can be dialled from anywhere.
fn is_whole(text: &str, country: Option<&str>) -> bool {
    let written = Written::read(text.trim(), country);
    if written.is_international {
        return (8..=15).contains(&written.number().len());
    }
    country.is_some_and(|country| {
        plan::complete(&written.digits, Some(country)).is_some()
            || super::is_of_plus_one(written.number(), country)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_told_apart() {
        for (text, country, expected) in [
            (
                "+49 89 1234567 / +49 171 1234567",
                None,
                vec!["+49 89 1234567 ", " +49 171 1234567"],
            ),
            (
                "415-555-0132 or 415-555-0133",
                Some("us"),
                vec!["415-555-0132 ", " 415-555-0133"],
            ),
            (
                "0049 89 1234567; 0049 171 1234567;",
                None,
                vec!["0049 89 1234567", " 0049 171 1234567"],
            ),
            (
                "+14155550132+14155550133",
                None,
                vec!["+14155550132", "+14155550133"],
            ),
            (
                "+1 415 555 0132 (mobile +1 415 555 0133)",
                None,
                vec!["+1 415 555 0132 (mobile ", "+1 415 555 0133)"],
            ),
            (
                "+1 415 555 0132, 415 555 0133 | 1 415 555 0134",
                Some("us"),
                vec!["+1 415 555 0132", " 415 555 0133 ", " 1 415 555 0134"],
            ),
            (
                "415-555-0132 ext 12 / 415-555-0133",
                Some("us"),
                vec!["415-555-0132 ext 12 ", " 415-555-0133"],
            ),
            (
                "+4915112345678 Oder +4915112345679",
                None,
                vec!["+4915112345678 ", " +4915112345679"],
            ),
        ] {
            assert_eq!(numbers(text, country), Some(expected), "{text}");
        }
    }

    #[test]
    fn one_number_stays_one() {
        for (text, country) in [
            ("089 / 123 45-67", Some("de")),
            ("+49 89/1234567", None),
            ("+49 (0)89 / 123 45 67 89 01 23", None),
            ("415-555-0132 or 415-555-0133", None),
            ("415-555-0132/0133", Some("us")),
            ("+49 89 1234567 / 12", None),
            ("+1 415 555 0132 or 3", None),
            ("", None),
            ("/////////////////////////////", None),
            ("+++++++++++++++++++++++++++++", None),
        ] {
            assert_eq!(numbers(text, country), None, "{text}");
        }
        let many = "+14155550132/".repeat(1000);
        assert_eq!(numbers(&many, None), None);
    }
}
