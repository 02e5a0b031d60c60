//! The numbering plans of all countries, by a port of Google's libphonenumber.

use rlibphonenumber::enums::Region;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat};

use super::{digit, is_international};

/// The number that `text` is in the plan of `country` (a lower-case alpha-2
/// code), or of the country that its own code names, as digits with the country
/// code; `None` where no plan has such a number.
pub(super) fn complete(text: &str, country: Option<&str>) -> Option<String> {
    let region = match country {
        Some(country) => Some(country.to_ascii_uppercase().parse::<Region>().ok()?),
        None => None,
    };
    // Its digits only: the library reads letters as those of a keypad, and
    // Meta's page removes them.
    let mut digits = String::with_capacity(text.len());
    for character in text.chars() {
        if let Some(value) = digit(character) {
            digits.push(char::from(b'0' + value));
        }
    }
    if region.is_none() {
        if !is_international(text) {
            return None;
        }
        digits = format!("+{}", digits.trim_start_matches('0'));
    }
    let number = PHONE_NUMBER_UTIL.parse(&digits, region).ok()?;
    if !number.is_valid() {
        return None;
    }
    let whole = number.format_as(PhoneNumberFormat::E164);
    Some(whole.trim_start_matches('+').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_a_known_country_is_completed() {
        for (text, country, expected) in [
            ("030 901820", "de", Some("4930901820")),
            ("0170 1234567", "de", Some("491701234567")),
            ("4930901820", "de", Some("4930901820")),
            ("020 7946 0958", "gb", Some("442079460958")),
            ("06 12 34 56 78", "fr", Some("33612345678")),
            // Italy keeps its zero.
            ("06 698 12345", "it", Some("390669812345")),
            ("(11) 91234-5678", "br", Some("5511912345678")),
            ("8 916 123-45-67", "ru", Some("79161234567")),
            ("(650) 253-0000", "us", Some("16502530000")),
            ("12", "de", None),
            ("030 901820", "zz", None),
        ] {
            assert_eq!(complete(text, Some(country)).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn an_international_number_loses_its_trunk_zero() {
        for (text, expected) in [
            ("+44 020 7946 0958", Some("442079460958")),
            ("0049 030 901820", Some("4930901820")),
            ("+39 06 698 12345", Some("390669812345")),
            ("+999 123 456 789", None),
            ("030 901820", None),
            ("4930901820", None),
        ] {
            assert_eq!(complete(text, None).as_deref(), expected, "{text}");
        }
    }
}
