//! Ids that went through a spreadsheet or a data frame, which take them for numbers:
//! `14155550132.0`, `1.4155550132e10`, and `1.23457E+15`, of which nobody knows the end.

use std::borrow::Cow;

use super::{Identifier, Refusal};

/// The digits of `text` where it is a whole number with a point or an exponent; nothing
/// where it is anything else, so that it stands as it is.
///
/// # Errors
///
/// [`Refusal::DigitsLost`] where the exponent says more digits than there are.
pub(crate) fn digits(text: &str) -> Result<Option<Cow<'_, str>>, Refusal> {
    read(text, |_| true)
}

/// [`digits`] for ids that may have letters: `12E3` is one, and no number.
pub(crate) fn digits_of_id(text: &str) -> Result<Option<Cow<'_, str>>, Refusal> {
    // A spreadsheet writes a point, a sign or both.
    read(text, |number| {
        number.contains(|sign: char| !sign.is_ascii_alphanumeric())
    })
}

/// Whether `text` of an identifier lost digits: a value that is refused in every form.
pub(super) fn check(identifier: Identifier, text: &str) -> Result<(), Refusal> {
    match identifier {
        Identifier::Phone => digits(without_prefix(text, "p:").trim_start_matches('+')),
        Identifier::Zip => digits(text),
        Identifier::ExternalId => digits_of_id(text),
        _ => return Ok(()),
    }
    .map(|_| ())
}

/// `text` without the letter that Meta's export of leads puts before its columns, so that
/// a spreadsheet takes them for text: `l:` for a lead, `p:` for a phone.
pub(crate) fn without_prefix<'t>(text: &'t str, prefix: &str) -> &'t str {
    match text.split_at_checked(prefix.len()) {
        Some((head, rest)) if head.eq_ignore_ascii_case(prefix) => rest.trim_start(),
        _ => text,
    }
}

fn read(text: &str, is_number: impl Fn(&str) -> bool) -> Result<Option<Cow<'_, str>>, Refusal> {
    let marked = without_mark(text);
    let (whole, rest) = split_digits(marked.unwrap_or(text));
    if whole.is_empty() {
        return Ok(None);
    }
    if rest.is_empty() {
        return Ok(marked.is_some().then_some(Cow::Borrowed(whole)));
    }
    let (behind, rest) = match rest.strip_prefix(['.', ',']) {
        Some(rest) => split_digits(rest),
        None => ("", rest),
    };
    if rest.is_empty() {
        // Three zeros behind a comma are thousands.
        return Ok(matches!(behind, "0" | "00").then_some(Cow::Borrowed(whole)));
    }
    let Some(exponent) = rest.strip_prefix(['e', 'E']).filter(|_| is_number(text)) else {
        return Ok(None);
    };
    let (sign, places) = match exponent.strip_prefix(['+', '-']) {
        Some(places) => (exponent.as_bytes()[0], places),
        None => (b'+', exponent),
    };
    if places.is_empty() || !split_digits(places).1.is_empty() {
        return Ok(None);
    }
    // An exponent beyond all numbers is larger than any digits too.
    let places: usize = places.parse().unwrap_or(usize::MAX);
    // No whole number has one that is negative: `12E-34` is an id of letters and digits.
    if sign == b'-' && places > 0 {
        return Ok(None);
    }
    match behind.split_at_checked(places) {
        Some((digits, fraction)) if fraction.bytes().all(|byte| byte == b'0') => {
            Ok(Some(Cow::Owned([whole, digits].concat())))
        }
        _ => Err(Refusal::DigitsLost),
    }
}

/// `text` without what tells a spreadsheet that it is text: `'123` and `="123"`.
fn without_mark(text: &str) -> Option<&str> {
    match text.strip_prefix("=\"") {
        Some(rest) => rest.strip_suffix('"'),
        None => text.strip_prefix('\''),
    }
}

/// The ASCII digits that `text` begins with, and the rest.
fn split_digits(text: &str) -> (&str, &str) {
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_all_its_digits_is_read() {
        for (text, expected) in [
            ("14155550132.0", "14155550132"),
            ("14155550132,0", "14155550132"),
            ("2134.00", "2134"),
            ("1.4155550132e10", "14155550132"),
            ("1.4155550132E+10", "14155550132"),
            ("1,4155550132E+10", "14155550132"),
            ("1.41555501320E+010", "14155550132"),
            ("141.55550132E+08", "14155550132"),
            ("7E+0", "7"),
            ("0.0", "0"),
            ("'1234567890123456", "1234567890123456"),
            ("=\"0042\"", "0042"),
            ("'2134.0", "2134"),
        ] {
            assert_eq!(digits(text).unwrap().as_deref(), Some(expected), "{text}");
            assert_eq!(digits_of_id(text), digits(text), "{text}");
        }
    }

    #[test]
    fn what_lost_digits_is_refused() {
        for text in [
            "1.23457E+15",
            "1,23457E+15",
            "1.23457e15",
            "1.23457E+015",
            "9.4E+4",
            "1E+5",
            "1.41555501325e10",
            "1.2E+99999999999999999999999",
            "'1.23457E+15",
        ] {
            assert_eq!(digits(text), Err(Refusal::DigitsLost), "{text}");
            assert_eq!(digits_of_id(text), Err(Refusal::DigitsLost), "{text}");
        }
        assert_eq!(digits("1e5"), Err(Refusal::DigitsLost));
    }

    #[test]
    fn anything_else_stands_as_it_is() {
        for text in [
            "",
            "14155550132",
            "1.5",
            "1,000",
            "1.000",
            "25.10",
            "1.2.3",
            "e5",
            "1.23457E+",
            "1.23457E+1x",
            "1.2 E+15",
            "sku-1E+5",
            "12E-34",
            "1.5E-05",
            "+49 89 1234567",
            "2é5",
            "'",
            "'5 o'clock",
            "=\"5",
        ] {
            assert_eq!(digits(text), Ok(None), "{text}");
        }
        for text in ["12E3", "1e5", "5e10"] {
            assert_eq!(digits_of_id(text), Ok(None), "{text}");
        }
    }

    #[test]
    fn the_letters_of_an_export_are_dropped() {
        assert_eq!(
            without_prefix("l:1234567890123456", "l:"),
            "1234567890123456"
        );
        assert_eq!(without_prefix("P: +1", "p:"), "+1");
        for text in ["l", "é:1", "al:1", ""] {
            assert_eq!(without_prefix(text, "l:"), text);
        }
    }
}
