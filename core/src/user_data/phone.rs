//! `ph`: a telephone number with its country code.

use super::characters::{digit, trim};
use super::rule::{Hints, NEVER, PAGE, Rule};
use super::{Identifier, Refusal};

pub(super) const RULE: Rule = Rule {
    identifier: Identifier::Phone,
    about: "A telephone number with its country code.",
    source: PAGE,
    steps: &[
        "keep the digits, of any script, as ASCII",
        "drop the zero in parentheses behind a country code: +44 (0)20 is +44 20",
        "remove leading zeros",
        "put 1 before ten digits when the country is known to be of the +1 zone",
        "refuse fewer than 7 or more than 15 digits (ITU-T E.164)",
    ],
    pixel_steps: &["keep the ASCII digits", "remove leading zeros"],
    opaque: false,
    page,
    pixel: Some(pixel),
    agreed: NEVER,
};

/// Countries whose numbers are dialled with ten digits behind `+1` and whose
/// people write them without it.
const TEN_DIGITS: [&str; 7] = ["us", "ca", "pr", "gu", "vi", "as", "mp"];

fn page(text: &str, hints: Hints<'_>, out: &mut String) -> Result<(), Refusal> {
    let text = trim(text);
    let is_international = text.starts_with(['+', '＋']) || text.starts_with("00");
    let trunk = if is_international {
        text.find("(0)")
    } else {
        None
    };
    let start = out.len();
    for (place, character) in text.char_indices() {
        // The zero is the byte behind the parenthesis.
        if trunk.is_some_and(|trunk| place == trunk + 1) {
            continue;
        }
        if let Some(value) = digit(character)
            && (value > 0 || out.len() > start)
        {
            out.push(char::from(b'0' + value));
        }
    }
    let digits = &out[start..];
    if digits.len() == 10
        && !is_international
        && hints
            .country
            .is_some_and(|country| TEN_DIGITS.contains(&country))
        && is_ten_digit_number(digits)
    {
        out.insert(start, '1');
    }
    match out.len() - start {
        0 => Err(Refusal::Empty),
        1..7 => Err(Refusal::TooShort),
        7..=15 => Ok(()),
        _ => Err(Refusal::TooLong),
    }
}

/// Area codes and exchanges of the +1 zone begin with 2 to 9.
fn is_ten_digit_number(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    [0, 3]
        .iter()
        .all(|place| bytes.get(*place).is_some_and(|byte| *byte >= b'2'))
}

fn pixel(text: &str, out: &mut String) -> Result<(), Refusal> {
    let start = out.len();
    for byte in text.bytes() {
        if byte.is_ascii_digit() && (byte != b'0' || out.len() > start) {
            out.push(char::from(byte));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page_of(text: &str, country: Option<&str>) -> Result<String, Refusal> {
        let mut out = String::new();
        page(text, Hints { country }, &mut out).map(|()| out)
    }

    #[test]
    fn digits_stay_without_leading_zeros() {
        for (text, expected) in [
            ("+1 (616) 954-78 88", "16169547888"),
            ("+001 (616) 954-78 88", "16169547888"),
            ("01(650)123-4567", "16501234567"),
            ("0049 30 901820", "4930901820"),
            ("+1\u{2011}415\u{2011}555\u{2011}0132", "14155550132"),
            ("+٤٩ ٣٠ ٩٠١٨٢٠", "4930901820"),
        ] {
            assert_eq!(page_of(text, None).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn the_trunk_zero_goes_only_behind_a_country_code() {
        assert_eq!(
            page_of("+44 (0)20 7946 0018", None).as_deref(),
            Ok("442079460018")
        );
        assert_eq!(
            page_of("0044 (0)20 7946 0018", None).as_deref(),
            Ok("442079460018")
        );
        assert_eq!(
            page_of("44 (0)20 7946 0018", None).as_deref(),
            Ok("4402079460018")
        );
        let mut out = String::new();
        pixel("+44 (0)20 7946 0018", &mut out).unwrap();
        assert_eq!(out, "4402079460018");
    }

    #[test]
    fn a_known_country_of_the_plus_one_zone_completes_a_number() {
        let text = "US phone number (650)555-1212";
        assert_eq!(page_of(text, Some("us")).as_deref(), Ok("16505551212"));
        assert_eq!(page_of(text, Some("de")).as_deref(), Ok("6505551212"));
        assert_eq!(page_of(text, None).as_deref(), Ok("6505551212"));
        assert_eq!(
            page_of("+6505551212", Some("us")).as_deref(),
            Ok("6505551212")
        );
        assert_eq!(
            page_of("1505551212", Some("us")).as_deref(),
            Ok("1505551212")
        );
    }

    #[test]
    fn what_no_number_has_is_refused() {
        assert_eq!(page_of("123456", None), Err(Refusal::TooShort));
        assert_eq!(page_of("1234567890123456", None), Err(Refusal::TooLong));
        assert_eq!(page_of("n/a 000", None), Err(Refusal::Empty));
    }
}
