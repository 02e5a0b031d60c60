//! Postal codes that went through a spreadsheet: `2134.0`, `7.8701E+04`.

use std::borrow::Cow;

use super::super::{Refusal, spreadsheet};

/// The digits of a code that a spreadsheet took for a number, and no number that is zero:
/// that is what stands for no code.
pub(super) fn digits(text: &str) -> Result<Option<Cow<'_, str>>, Refusal> {
    // Nearly all codes end here.
    if !text
        .bytes()
        .any(|byte| matches!(byte, b'.' | b',' | b'e' | b'E'))
    {
        return Ok(None);
    }
    match spreadsheet::digits(text)? {
        Some(digits) if digits.bytes().all(|digit| digit == b'0') => Err(Refusal::Placeholder),
        found => Ok(found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_gives_its_digits_and_nothing_that_it_lost() {
        for (text, expected) in [
            ("2134.0", Ok(Some("2134"))),
            ("78701.00", Ok(Some("78701"))),
            ("2134,0", Ok(Some("2134"))),
            ("7.8701E4", Ok(Some("78701"))),
            ("7.8701e+04", Ok(Some("78701"))),
            ("2.8013E+04", Ok(Some("28013"))),
            ("7.87010E+04", Ok(Some("78701"))),
            ("0.0", Err(Refusal::Placeholder)),
            ("0E+00", Err(Refusal::Placeholder)),
            ("9.4E+4", Err(Refusal::DigitsLost)),
            ("9,4E+4", Err(Refusal::DigitsLost)),
            ("1.23457E+15", Err(Refusal::DigitsLost)),
            ("1E+05", Err(Refusal::DigitsLost)),
            ("1.5E-3", Err(Refusal::DigitsLost)),
            // A fraction is left: no code.
            ("7.87015E+04", Err(Refusal::DigitsLost)),
            ("1E+99999999999999999999", Err(Refusal::DigitsLost)),
            ("78701", Ok(None)),
            ("01310.000", Ok(None)),
            ("01.310-100", Ok(None)),
            ("12345.6789", Ok(None)),
            ("E1 6AN", Ok(None)),
            ("1011 EA", Ok(None)),
            ("1011E", Ok(None)),
            (".0", Ok(None)),
            ("1E", Ok(None)),
            ("1E+", Ok(None)),
            ("", Ok(None)),
        ] {
            let found = digits(text);
            assert_eq!(
                found
                    .as_ref()
                    .map(Option::as_deref)
                    .map_err(|refusal| *refusal),
                expected,
                "{text}"
            );
        }
    }
}
