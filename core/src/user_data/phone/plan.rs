//! The numbering plans of all countries, by a port of Google's libphonenumber.

use rlibphonenumber::enums::Region;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat};

/// The number that `digits` are in the plan of `country` (a lower-case alpha-2 code), or,
/// where that is not given, of the country whose code they begin with; as digits with
/// the country code. `None` where no plan has such a number.
pub(super) fn complete(digits: &str, country: Option<&str>) -> Option<String> {
    let region = match country {
        Some(country) => Some(country.to_ascii_uppercase().parse::<Region>().ok()?),
        None => None,
    };
    let signed;
    let digits = if region.is_none() {
        signed = format!("+{digits}");
        &signed
    } else {
        digits
    };
    let number = PHONE_NUMBER_UTIL.parse(digits, region).ok()?;
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
            ("030901820", "de", Some("4930901820")),
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
            ("4402079460958", Some("442079460958")),
            ("49030901820", Some("4930901820")),
            ("390669812345", Some("390669812345")),
            ("999123456789", None),
        ] {
            assert_eq!(complete(text, None).as_deref(), expected, "{text}");
        }
    }
}
