//! Ids that went through a spreadsheet or a data frame, which take them for numbers:
//! `14155550132.0`, `1.4155550132e10`, and `1.23457E+15`, of which nobody knows the end.

use std::borrow::Cow;

use super::{Identifier, ValueError};

/// The digits of `text` where it is a whole number with a point or an exponent; nothing
/// where it is anything else, so that it is as it is.
///
/// # Errors
///
/// [`ValueError::DigitsLost`] where the exponent says more digits than there are.
pub(crate) fn digits(text: &str) -> Result<Option<Cow<'_, str>>, ValueError> {
    read(text, &Kind::Number)
}

/// [`digits`] for ids that may be any text: `12E3` is one, and no number, and so is `12.0`,
/// which may be a version or the number of a part. A data frame makes a column of whole
/// numbers one of fractions where it has a gap, and what is numbered through by a database
/// or a network is long: `700123456.0`.
pub(crate) fn digits_of_id(text: &str) -> Result<Option<Cow<'_, str>>, ValueError> {
    read(text, &Kind::Id)
}

/// What a text is expected to be.
enum Kind {
    /// A whole number.
    Number,
    /// A number, or any other text.
    Id,
}

impl Kind {
    /// From so many digits on, what has a point and a zero behind it was a number.
    const LONG: usize = 6;

    /// Whether `zeros` behind the point after `whole` are a number's, and not a part of
    /// the text.
    fn drops(&self, whole: &str, point: char, zeros: &str) -> bool {
        match self {
            // Three zeros behind a comma are thousands.
            Self::Number => matches!(zeros, "0" | "00"),
            Self::Id => whole.len() >= Self::LONG && point == '.' && zeros == "0",
        }
    }

    /// Whether `text` has an exponent. Of an id a spreadsheet writes a point, a sign or
    /// both besides.
    fn has_exponent(&self, text: &str) -> bool {
        let is_sign = |own: char| !own.is_ascii_alphanumeric();
        matches!(self, Self::Number) || text.contains(is_sign)
    }
}

/// Whether `text` of an identifier lost digits: a value that is refused in every form.
pub(super) fn check(identifier: Identifier, text: &str) -> Result<(), ValueError> {
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

fn read<'t>(text: &'t str, kind: &Kind) -> Result<Option<Cow<'t, str>>, ValueError> {
    let marked = without_mark(text);
    let (whole, rest) = split_digits(marked.unwrap_or(text));
    if whole.is_empty() {
        return Ok(None);
    }
    if rest.is_empty() {
        return Ok(marked.is_some().then_some(Cow::Borrowed(whole)));
    }
    let point = rest.chars().next().unwrap_or_default();
    let (behind, rest) = match rest.strip_prefix(['.', ',']) {
        Some(rest) => split_digits(rest),
        None => ("", rest),
    };
    if rest.is_empty() {
        let number = kind.drops(whole, point, behind).then_some(whole);
        // Digits and a point, but for the mark.
        let own = matches!(kind, Kind::Id).then_some(marked).flatten();
        return Ok(number.or(own).map(Cow::Borrowed));
    }
    let exponent = rest.strip_prefix(['e', 'E']);
    let Some(exponent) = exponent.filter(|_| kind.has_exponent(text)) else {
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
        _ => Err(ValueError::DigitsLost),
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
            ("1.4155550132e10", "14155550132"),
            ("1.4155550132E+10", "14155550132"),
            ("1,4155550132E+10", "14155550132"),
            ("1.41555501320E+010", "14155550132"),
            ("141.55550132E+08", "14155550132"),
            ("7E+0", "7"),
            ("'1234567890123456", "1234567890123456"),
            ("=\"0042\"", "0042"),
            ("'700123456.0", "700123456"),
            ("123456.0", "123456"),
        ] {
            assert_eq!(digits(text).unwrap().as_deref(), Some(expected), "{text}");
            assert_eq!(digits_of_id(text), digits(text), "{text}");
        }
    }

    #[test]
    fn an_id_of_few_digits_and_a_point_is_an_id() {
        for (text, number, id) in [
            ("12.0", Some("12"), None),
            ("3.0", Some("3"), None),
            ("2134.0", Some("2134"), None),
            ("12345.0", Some("12345"), None),
            ("2134.00", Some("2134"), None),
            ("14155550132,0", Some("14155550132"), None),
            ("14155550132.00", Some("14155550132"), None),
            ("0.0", Some("0"), None),
            ("1.10", None, None),
            ("123456.10", None, None),
            ("'2134.0", Some("2134"), Some("2134.0")),
            ("=\"1.10\"", None, Some("1.10")),
        ] {
            assert_eq!(digits(text).unwrap().as_deref(), number, "{text}");
            assert_eq!(digits_of_id(text).unwrap().as_deref(), id, "{text}");
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
            assert_eq!(digits(text), Err(ValueError::DigitsLost), "{text}");
            assert_eq!(digits_of_id(text), Err(ValueError::DigitsLost), "{text}");
        }
        assert_eq!(digits("1e5"), Err(ValueError::DigitsLost));
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
