//! Postal codes that went through a spreadsheet: `2134.0`, `7.8701E+04`.

use std::borrow::Cow;

use super::super::Refusal;

/// [`number`], and no number that is zero: that is what stands for no code.
pub(super) fn digits(text: &str) -> Result<Option<Cow<'_, str>>, Refusal> {
    match number(text)? {
        Some(digits) if digits.bytes().all(|digit| digit == b'0') => Err(Refusal::Placeholder),
        found => Ok(found),
    }
}

/// The digits of `text` if it is a whole number with a fraction of zeros or an
/// exponent; nothing if it is any other text. Refused if its exponent says that
/// there were digits which no longer stand there: `9.4E+4` may have been 94025.
fn number(text: &str) -> Result<Option<Cow<'_, str>>, Refusal> {
    // Nearly all codes end here.
    if !text
        .bytes()
        .any(|byte| matches!(byte, b'.' | b',' | b'e' | b'E'))
    {
        return Ok(None);
    }
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (number, exponent) = match text.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = number.split_once(['.', ',']).unwrap_or((number, ""));
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
        return Ok(None);
    }
    let Some(exponent) = exponent else {
        // More zeros are the end of a code: 01310.000.
        return Ok(matches!(fraction, "0" | "00").then_some(Cow::Borrowed(whole)));
    };
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let is_below_one = exponent.starts_with('-');
    let exponent = exponent.trim_start_matches(['-', '0']);
    if exponent.is_empty() && !text.ends_with('0') || !all_digits(exponent) {
        return Ok(None);
    }
    let places = match exponent {
        "" => Some(0),
        _ => exponent.parse().ok(),
    };
    match places.and_then(|places| fraction.split_at_checked(places)) {
        Some((digits, "" | "0" | "00")) if !is_below_one || places == Some(0) => {
            Ok(Some(Cow::Owned(format!("{whole}{digits}"))))
        }
        _ => Err(Refusal::NotWhole),
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
            ("9.4E+4", Err(Refusal::NotWhole)),
            ("9,4E+4", Err(Refusal::NotWhole)),
            ("1.23457E+15", Err(Refusal::NotWhole)),
            ("1E+05", Err(Refusal::NotWhole)),
            ("1.5E-3", Err(Refusal::NotWhole)),
            // A fraction is left: no code.
            ("7.87015E+04", Err(Refusal::NotWhole)),
            ("1E+99999999999999999999", Err(Refusal::NotWhole)),
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
