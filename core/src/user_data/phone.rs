//! `ph`: a telephone number with its country code.

mod code;
mod extension;
mod former;
mod plan;
mod several;

use std::borrow::Cow;

use super::characters::{digit, trim};
use super::percent;
use super::rule::{NEVER, PAGE, Rule};
use super::step::{LEADING_ZEROS, Step};
use super::{Hints, Identifier, Normal, ValueError, spreadsheet};

pub(super) const RULE: Rule = Rule {
    identifier: Identifier::Phone,
    about: "A telephone number with its country code.",
    source: PAGE,
    steps: &[
        Step::own(
            "ph.plain",
            "Drop the p: of an exported lead and the .0 or the exponent of a spreadsheet; refuse a number that lost digits there, in the Pixel's form too.",
        )
        .refuses(),
        Step::own(
            "ph.several",
            "Take two to four numbers for that many values where each is whole: with its country code, or in the plan of the country that is known.",
        ),
        Step::own("ph.extension", "Drop an extension: ext. 12, x12, ;ext=12."),
        Step::documented(
            "ph.digits_only",
            "Keep the digits, of any script, as ASCII.",
        ),
        Step::documented("ph.leading_zeros", LEADING_ZEROS),
        Step::own(
            "ph.exit_code",
            "Drop what is dialled for abroad in the country that is known: 011 in the +1 zone, 0011 in Australia, 010 in Japan.",
        ),
        Step::own(
            "ph.trunk_zero",
            "Drop what is dialled within a country only, behind its code: +44 (0)20 is +44 20, +55 (011) is +55 11. The zero of Italy and a few others is part of the number.",
        ),
        Step::own(
            "ph.country_code_1",
            "Put 1 before ten digits when the country is known to be of the +1 zone, or stands before the number as US.",
        ),
        Step::own(
            "ph.numbering_plan",
            "Complete a number of a country that is known, and drop its trunk zero, by the country's numbering plan; one that the plan does not have stays as it is.",
        ),
        Step::own(
            "ph.current_plan",
            "Where a number is of a plan that its country gave up, send it in the current one beside what is written: Mexico's with a 1 behind the code, Argentina's with 15 behind the area, mobile ones of Brazil and Ivory Coast with eight digits, Benin's without 01, fixed ones of Colombia without 60.",
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

fn page(text: &str, hints: Hints<'_>, out: &mut String) -> Result<(), ValueError> {
    let text = &*plain(text);
    let country = if is_named_us(text) {
        Some("us")
    } else {
        hints.country.or(hints.default_country)
    };
    let written = Written::read(text, country);
    let number = match country.filter(|_| !written.is_international) {
        Some(country) => plan::complete(&written.digits, Some(country)),
        // What is of a former plan is sent as it is written, and in the current one; of a
        // code that is there twice a warning tells.
        None if !written.is_international
            || former::current(written.number()).is_some()
            || code::is_doubled(written.number()) =>
        {
            None
        }
        None => plan::complete(written.number(), None),
    };
    match (number, country) {
        (Some(number), _) => out.push_str(&number),
        (None, Some(country))
            if !written.is_international
                && written.number().len() == 10
                && is_of_plus_one(written.number(), country) =>
        {
            out.push('1');
            out.push_str(written.number());
        }
        (None, _) => out.push_str(written.number()),
    }
    match out.len() {
        0 => Err(ValueError::Empty),
        1..7 => Err(ValueError::TooShort),
        7..=15 => Ok(()),
        _ => Err(ValueError::TooLong),
    }
}

/// The number in its country's current plan, where `page`, the page's form of `text`, is
/// of a plan that the country has given up, or `text` one of a country that is known.
pub(super) fn current(text: &str, page: &str, hints: Hints<'_>) -> Option<String> {
    let country = hints.country.or(hints.default_country);
    if !former::may_be(page, country) {
        return None;
    }
    let written = Written::read(&plain(text), country);
    if written.is_international {
        return former::current(page);
    }
    former::current_of(page, &written.digits, country)
}

/// The numbers in `text`, a value of `identifier`, where there are several and each is
/// whole.
pub(super) fn numbers<'t>(
    identifier: Identifier,
    text: &'t str,
    hints: Hints<'_>,
) -> Option<Vec<&'t str>> {
    if identifier != Identifier::Phone {
        return None;
    }
    several::numbers(text, hints.country.or(hints.default_country))
}

/// Whether a normalized number has its country code twice, by its plan.
pub(crate) fn has_code_twice(number: &Normal<'_>) -> bool {
    matches!(number, Normal::Text(number) if code::is_doubled(number.expose()))
}

/// `text` as one writes it by hand: without what a URL, a spreadsheet or an export of
/// leads made of it.
fn plain(text: &str) -> Cow<'_, str> {
    match percent::decoded(trim(text)) {
        Some(Cow::Owned(decoded)) => Cow::Owned(unmarked(trim(&decoded)).into_owned()),
        _ => unmarked(trim(text)),
    }
}

/// `text` without what a spreadsheet or an export of leads made of it.
fn unmarked(text: &str) -> Cow<'_, str> {
    let text = spreadsheet::without_prefix(text, "p:");
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    match spreadsheet::digits(unsigned) {
        Ok(Some(digits)) if unsigned.len() < text.len() => Cow::Owned(format!("+{digits}")),
        Ok(Some(digits)) => digits,
        _ => Cow::Borrowed(text),
    }
}

/// Whether a country code begins the number, behind letters or brackets.
fn is_international(text: &str) -> bool {
    let number = text.trim_start_matches(|first: char| {
        digit(first).is_none() && !matches!(first, '+' | '＋' | '#' | '*')
    });
    number.starts_with(['+', '＋']) || number.starts_with("00")
}

/// The digits of a text, and how they are meant.
struct Written {
    /// All of them, as they are; without what is dialled behind a country code.
    digits: String,
    /// Where the number begins in them: behind leading zeros, or what is dialled before a
    /// country code.
    start: usize,
    is_international: bool,
}

impl Written {
    /// Reads `text` as it is written in `country`.
    fn read(text: &str, country: Option<&str>) -> Self {
        let text = extension::without(text);
        let mut digits = String::with_capacity(text.len());
        for character in text.chars() {
            if let Some(value) = digit(character) {
                digits.push(char::from(b'0' + value));
            }
        }
        let behind_exit = code::behind_exit(&digits, country);
        let is_international = behind_exit.is_some() || is_international(text);
        let number = behind_exit.unwrap_or_else(|| digits.trim_start_matches('0'));
        let start = digits.len() - number.len();
        if is_international && let Some((code, rest)) = code::split(number) {
            let behind_code = start + code.len();
            let in_brackets = is_bracket_behind(text, behind_code);
            let trunk = behind_code..behind_code + code::trunk(code, rest, in_brackets);
            digits.replace_range(trunk, "");
        }
        Self {
            digits,
            start,
            is_international,
        }
    }

    /// The number: without what is before it, and with its country code where the
    /// text has it.
    fn number(&self) -> &str {
        &self.digits[self.start..]
    }
}

/// Whether a bracket opens behind the first `count` digits of `text`.
fn is_bracket_behind(text: &str, count: usize) -> bool {
    let mut seen = 0;
    for character in text.chars() {
        match digit(character) {
            Some(_) if seen == count => return false,
            Some(_) => seen += 1,
            None if seen == count && matches!(character, '(' | '[' | '（') => return true,
            None => {}
        }
    }
    false
}

/// Whether `US`, in any case, is before the number, as in the example on Meta's page:
/// `US phone number (650)555-1212`.
fn is_named_us(text: &str) -> bool {
    let word = text
        .split(|character: char| !character.is_alphabetic())
        .next();
    word.is_some_and(|word| ["us", "usa"].iter().any(|us| us.eq_ignore_ascii_case(word)))
}

/// Whether `digits` are a number of `country`, which is of the +1 zone, with or without
/// the 1. Area codes and exchanges of the zone begin with 2 to 9.
fn is_of_plus_one(digits: &str, country: &str) -> bool {
    let bytes = digits.strip_prefix('1').unwrap_or(digits).as_bytes();
    code::PLUS_ONE.contains(&country)
        && bytes.len() == 10
        && [0, 3]
            .iter()
            .all(|place| bytes.get(*place).is_some_and(|byte| *byte >= b'2'))
}

fn pixel(text: &str, out: &mut String) -> Result<(), ValueError> {
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

    fn page_of(text: &str, country: Option<&str>) -> Result<String, ValueError> {
        let mut out = String::new();
        let hints = Hints {
            country,
            ..Hints::default()
        };
        page(text, hints, &mut out).map(|()| out)
    }

    #[test]
    fn a_number_that_is_encoded_without_end_is_refused() {
        assert_eq!(
            page_of("%252B14155550132", None).as_deref(),
            Ok("14155550132")
        );
        let layers = format!("%{}2B14155550132", "25".repeat(16_000));
        assert!(page_of(&layers, None).is_err());
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
    fn what_is_dialled_within_a_country_goes_behind_its_code() {
        for (text, expected) in [
            ("+55 (011) 98765-4321", "5511987654321"),
            ("0055 (011) 98765-4321", "5511987654321"),
            ("+55(011)98765-4321", "5511987654321"),
            ("(+55) (011) 98765-4321", "5511987654321"),
            ("+49 (089) 1234567", "49891234567"),
            ("+49 (0) 89 1234567", "49891234567"),
            ("+49 [0]89 1234567", "49891234567"),
            ("+61 (02) 9374 4000", "61293744000"),
            ("+33 (01) 23 45 67 89", "33123456789"),
            ("+91 (022) 2345 6789", "912223456789"),
            // Without brackets, where it is one digit too many.
            ("+44 020 7946 0018", "442079460018"),
            ("+33 06 12 34 56 78", "33612345678"),
            ("0061 0412 345 678", "61412345678"),
            ("+55 011 98765-4321", "5511987654321"),
            // Their zero is part of the number.
            ("+39 (06) 698 12345", "390669812345"),
            ("+39 (0)6 698 12345", "390669812345"),
            ("+225 (07) 07 12 34 56", "2250707123456"),
            // Other digits than zero.
            ("+7 (8 495) 123-45-67", "74951234567"),
            ("+7 8 (812) 123-45-67", "78121234567"),
            ("+7 (812) 123-45-67", "78121234567"),
            ("+7 (843) 123-45-67", "78431234567"),
            ("+36 (06 30) 123 4567", "36301234567"),
            ("+36 (06) 1 234 5678", "3612345678"),
            ("+370 (8 600) 12345", "37060012345"),
            ("+375 (8 029) 123-45-67", "375291234567"),
            ("+1 (415) 555-0132", "14155550132"),
        ] {
            assert_eq!(page_of(text, None).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_dialled_for_abroad_goes() {
        for (text, country, expected) in [
            ("011 44 20 7946 0018", Some("us"), "442079460018"),
            ("01144 20 7946 0018", Some("ca"), "442079460018"),
            ("011-44-(0)20-7946-0018", Some("us"), "442079460018"),
            ("(011) 49 30 901820", Some("do"), "4930901820"),
            ("+011 44 20 7946 0018", Some("us"), "442079460018"),
            ("0011 44 20 7946 0018", Some("au"), "442079460018"),
            ("010 1 415 555 0132", Some("jp"), "14155550132"),
            ("011 44 20 7946 0018", None, "11442079460018"),
            ("(011) 98765-4321", Some("xk"), "11987654321"),
        ] {
            assert_eq!(page_of(text, country).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn a_number_of_a_former_plan_is_sent_in_the_current_one_too() {
        for (text, country, expected) in [
            ("+52 1 55 1234 5678", None, Some("525512345678")),
            ("+52 (1) 55 1234 5678", Some("us"), Some("525512345678")),
            ("5215512345678", None, Some("525512345678")),
            ("5215512345678", Some("de"), None),
            ("044 55 1234 5678", Some("mx"), Some("525512345678")),
            ("011 52 1 55 1234 5678", Some("us"), Some("525512345678")),
            ("+54 11 15 2345 6789", None, Some("5491123456789")),
            ("(011) 15 2345-6789", Some("ar"), Some("5491123456789")),
            ("(11) 8765-4321", Some("br"), Some("5511987654321")),
            ("+225 07 12 34 56", None, Some("2250707123456")),
            ("22507123456", None, None),
            ("07 12 34 56", Some("ci"), Some("2250707123456")),
            ("1 415 555 0132", Some("mx"), None),
            ("+52 55 1234 5678", None, None),
            ("+49 30 901820", None, None),
            ("030 901820", Some("de"), None),
        ] {
            let hints = Hints {
                country,
                ..Hints::default()
            };
            let page = page_of(text, country).unwrap();
            let found = current(text, &page, hints).filter(|current| *current != page);
            // A build that knows the plans may give the current one as the page's form.
            let found = found.or(Some(page).filter(|page| expected == Some(page)));
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn what_exports_and_urls_make_of_a_number_goes() {
        for (text, expected) in [
            ("p:+14155550132", "14155550132"),
            ("P:14155550132", "14155550132"),
            ("p:+44 (0)20 7946 0018", "442079460018"),
            ("tel:+44 (0)20 7946 0018", "442079460018"),
            ("whatsapp:+14155550132", "14155550132"),
            ("%2B14155550132", "14155550132"),
            ("%2B44%20(0)20%207946%200018", "442079460018"),
            ("14155550132.0", "14155550132"),
            ("+14155550132.0", "14155550132"),
            ("14155550132,00", "14155550132"),
            ("1.4155550132e10", "14155550132"),
            ("1,4155550132E+10", "14155550132"),
            ("p:1.4155550132E+10", "14155550132"),
            ("\u{feff}+1\u{200b}4155550132", "14155550132"),
        ] {
            assert_eq!(page_of(text, None).as_deref(), Ok(expected), "{text}");
        }
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
        assert_eq!(page_of("123456", None), Err(ValueError::TooShort));
        assert_eq!(page_of("1234567890123456", None), Err(ValueError::TooLong));
        assert_eq!(page_of("n/a 000", None), Err(ValueError::Empty));
    }
}
