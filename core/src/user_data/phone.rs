//! `ph`: a telephone number with its country code.

mod extension;
#[cfg(feature = "phone")]
mod plan;
#[cfg(not(feature = "phone"))]
mod plan {
    /// Without the feature no plan is known.
    pub(super) const fn complete(_: &str, _: Option<&str>) -> Option<String> {
        None
    }
}

use super::Hints;
use super::characters::{digit, trim};
use super::rule::{NEVER, PAGE, Rule};
use super::step::{LEADING_ZEROS, Step};
use super::{Identifier, Refusal};

pub(super) const RULE: Rule = Rule {
    identifier: Identifier::Phone,
    about: "A telephone number with its country code.",
    source: PAGE,
    steps: &[
        Step::own("ph.extension", "Drop an extension: ext. 12, x12, ;ext=12."),
        Step::documented(
            "ph.digits_only",
            "Keep the digits, of any script, as ASCII.",
        ),
        Step::own(
            "ph.trunk_zero",
            "Drop the zero in parentheses behind a country code: +44 (0)20 is +44 20.",
        ),
        Step::documented("ph.leading_zeros", LEADING_ZEROS),
        Step::own(
            "ph.country_code_1",
            "Put 1 before ten digits when the country is known to be of the +1 zone, or stands before the number as US.",
        ),
        Step::own(
            "ph.numbering_plan",
            "In a build with the feature phone, complete a number of any country that is known, and drop its trunk zero, by the country's numbering plan; one that the plan does not have stays as it is.",
        ),
        Step::own(
            "ph.length",
            "Refuse fewer than 7 or more than 15 digits (ITU-T E.164).",
        )
        .refuses(),
    ],
    pixel_steps: &[
        Step::reported("ph.pixel.digits_only", "Keep the ASCII digits."),
        Step::reported("ph.pixel.leading_zeros", LEADING_ZEROS),
    ],
    opaque: false,
    page,
    pixel: Some(pixel),
    agreed: NEVER,
};

/// Countries whose numbers are dialled with ten digits behind `+1` and whose
/// people write them without it.
const TEN_DIGITS: [&str; 7] = ["us", "ca", "pr", "gu", "vi", "as", "mp"];

/// Whether this build can complete the numbers of `country`, a lower-case
/// alpha-2 code: those of the +1 zone always, the others with the feature
/// `phone`.
#[must_use]
pub(crate) fn completes_phones_of(country: &str) -> bool {
    cfg!(feature = "phone") || TEN_DIGITS.contains(&country)
}

fn page(text: &str, hints: Hints<'_>, out: &mut String) -> Result<(), Refusal> {
    let text = extension::without(without_fraction(trim(text)));
    let start = out.len();
    digits(text, out);
    let country = if is_international(text) {
        None
    } else if is_named_us(text) {
        Some("us")
    } else {
        hints.country.or(hints.default_country)
    };
    complete(text, country, out, start);
    match out.len() - start {
        0 => Err(Refusal::Empty),
        1..7 => Err(Refusal::TooShort),
        7..=15 => Ok(()),
        _ => Err(Refusal::TooLong),
    }
}

/// A number that went through a spreadsheet: `14155550132.0`.
fn without_fraction(text: &str) -> &str {
    match text.strip_suffix(".0") {
        Some(whole) if whole.bytes().all(|byte| byte.is_ascii_digit()) => whole,
        _ => text,
    }
}

/// Whether a country code begins the number.
fn is_international(text: &str) -> bool {
    text.starts_with(['+', '＋']) || text.starts_with("00")
}

/// Appends the digits of `text` without its leading zeros, and without the
/// zero in parentheses of an international number.
fn digits(text: &str, out: &mut String) {
    let trunk = if is_international(text) {
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
}

/// Puts the country code before the digits since `start` where the number is
/// one of `country`; without a country, `text` names its own.
fn complete(text: &str, country: Option<&str>, out: &mut String, start: usize) {
    if let Some(number) = plan::complete(text, country) {
        out.truncate(start);
        out.push_str(&number);
        return;
    }
    let digits = &out[start..];
    if country.is_some_and(|country| TEN_DIGITS.contains(&country))
        && digits.len() == 10
        && is_ten_digit_number(digits)
    {
        out.insert(start, '1');
    }
}

/// Whether `US`, in any case, stands before the number, as in the example on Meta's page:
/// `US phone number (650)555-1212`.
fn is_named_us(text: &str) -> bool {
    let word = text
        .split(|character: char| !character.is_alphabetic())
        .next();
    word.is_some_and(|word| ["us", "usa"].iter().any(|us| us.eq_ignore_ascii_case(word)))
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
        let hints = Hints {
            country,
            ..Hints::default()
        };
        page(text, hints, &mut out).map(|()| out)
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
            ("14155550132.0", "14155550132"),
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
        let text = "phone number (650)555-1212";
        assert_eq!(page_of(text, Some("us")).as_deref(), Ok("16505551212"));
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
    fn the_default_country_is_for_people_whose_country_is_not_known() {
        for (country, expected) in [(None, "16505551212"), (Some("xk"), "6505551212")] {
            let hints = Hints {
                country,
                default_country: Some("us"),
                ..Hints::default()
            };
            let mut out = String::new();
            assert_eq!(page("(650)555-1212", hints, &mut out), Ok(()));
            assert_eq!(out, expected);
        }
    }

    #[test]
    fn the_example_on_metas_page_names_its_country() {
        for text in ["US phone number (650)555-1212", "usa 650 555 1212"] {
            assert_eq!(page_of(text, None).as_deref(), Ok("16505551212"));
            assert_eq!(page_of(text, Some("de")).as_deref(), Ok("16505551212"));
        }
        assert_eq!(
            page_of("USB 650 555 1212", None).as_deref(),
            Ok("6505551212")
        );
    }

    #[test]
    fn what_no_number_has_is_refused() {
        assert_eq!(page_of("123456", None), Err(Refusal::TooShort));
        assert_eq!(page_of("1234567890123456", None), Err(Refusal::TooLong));
        assert_eq!(page_of("n/a 000", None), Err(Refusal::Empty));
    }
}
