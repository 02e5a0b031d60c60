//! `zp`: a postal code.

mod before;
mod form;
mod zeros;

use std::borrow::Cow;

use super::Hints;
use super::characters::{
    digit, is_script_space, is_word, lower_ascii_without, lower_without, trim,
};
use super::country::US_POST;
use super::rule::{NEVER, PAGE, Rule};
use super::step::{AT_LEAST_TWO, LOWERCASE, Step, TRIM};
use super::{Identifier, ValueError, spreadsheet};

pub(super) const RULE: Rule = Rule {
    identifier: Identifier::Zip,
    about: "A postal code.",
    source: PAGE,
    steps: &[
        Step::documented("zp.lowercase", "Lower-case; digits of any script as ASCII."),
        Step::own(
            "zp.number",
            "Read a number of a spreadsheet: 2134.0 is 2134, 9.4107E+4 is 94107.",
        ),
        Step::own(
            "zp.digits_lost",
            "Refuse one whose exponent says that digits are lost, 9.4E+4, and zero, 0.0: in both forms.",
        )
        .refuses(),
        Step::own(
            "zp.word",
            "Remove the word for a postal code before it: CEP 01310-100 is 01310-100.",
        ),
        Step::own(
            "zp.state",
            "Remove the state before or behind a code of Australia, Brazil, Canada, India, Mexico and the US: CA 90210 is 90210.",
        ),
        Step::own(
            "zp.country_letters",
            "Remove the country's letters before the code: F-75008 is 75008.",
        ),
        Step::documented(
            "zp.letters_and_digits",
            "Keep letters and digits; remove spaces, dashes and everything else.",
        ),
        Step::own(
            "zp.us_zeros",
            "Put zeros before a US code of three or four digits, or with the four of the delivery of seven or eight, which a number lost.",
        ),
        Step::own(
            "zp.zeros",
            "Put back the zeros that a number lost in any other country that is known and whose codes are a fixed number of digits; no more than such a code can begin with.",
        ),
        Step::documented(
            "zp.us_five",
            "Keep the first five digits of a US code, and of nine digits when the country is not known.",
        ),
        Step::own("zp.length", AT_LEAST_TWO).refuses(),
    ],
    pixel_steps: &[
        Step::reported("zp.pixel.lowercase", LOWERCASE),
        Step::reported("zp.pixel.before_dash", "Cut at the first dash."),
        Step::reported("zp.pixel.trim", TRIM),
        Step::reported("zp.pixel.length", AT_LEAST_TWO).refuses(),
    ],
    opaque: false,
    page,
    pixel: Some(pixel),
    agreed: NEVER,
};

fn page(text: &str, hints: Hints<'_>, out: &mut String) -> Result<(), ValueError> {
    let start = out.len();
    let number = digits(trim(text))?;
    let (text, country) = before::alone(number.as_deref().unwrap_or(text), hints.country);
    if text.is_ascii() {
        lower_without(text, |character| !is_word(character), out);
    } else {
        let mut own = String::new();
        // The Japanese long vowel, typed for a dash, counts as a letter.
        lower_without(
            text,
            |character| !is_word(character) || character == 'ー',
            &mut own,
        );
        out.extend(
            own.chars().map(|character| {
                digit(character).map_or(character, |value| char::from(b'0' + value))
            }),
        );
    }
    if out[start..].bytes().any(|byte| !byte.is_ascii_digit()) {
        again(start, hints.country, out)?;
    }
    let country = country.as_deref();
    restore(text, country, start, out);
    let code = &out[start..];
    let digits = code.bytes().take_while(u8::is_ascii_digit).count();
    let is_cut = match country {
        Some(country) if US_POST.contains(&country) => digits >= 5,
        // Five and four digits, with or without the dash: only the United
        // States and those who took over their form have such codes.
        _ => hints.country.is_none() && digits == 9 && code.len() == 9,
    };
    if is_cut {
        out.truncate(start + 5);
    }
    if out[start..].chars().nth(1).is_some() || out.len() == start {
        Ok(())
    } else {
        Err(ValueError::TooShort)
    }
}

/// Looks once more at a code that is in `out` from `start` and has letters: what was
/// apart (`F-R 75008`, `1 E5`) is so no more, and a code that comes normalized must stay
/// what it is.
fn again(start: usize, country: Option<&str>, out: &mut String) -> Result<(), ValueError> {
    let (alone, _) = before::alone(&out[start..], country);
    if alone.len() < out.len() - start {
        let alone = alone.to_owned();
        out.truncate(start);
        out.push_str(&alone);
    }
    match digits(&out[start..])? {
        Some(_) => Err(ValueError::DigitsLost),
        None => Ok(()),
    }
}

/// The digits of a code that a spreadsheet took for a number, and no number that is zero:
/// that is what stands for no code.
fn digits(text: &str) -> Result<Option<Cow<'_, str>>, ValueError> {
    match spreadsheet::digits(text)? {
        Some(digits) if digits.bytes().all(|digit| digit == b'0') => Err(ValueError::Placeholder),
        found => Ok(found),
    }
}

/// Puts the zeros back that `text` lost, whose code is in `out` from `start`.
fn restore(text: &str, country: Option<&str>, start: usize, out: &mut String) {
    let code = &out[start..];
    let Some(country) = country else { return };
    if !code.bytes().all(|byte| byte.is_ascii_digit()) || code.bytes().all(|byte| byte == b'0') {
        return;
    }
    let zeros = if US_POST.contains(&country) {
        // What is cut behind the first five may be of any length.
        let first = text.chars().take_while(|own| digit(*own).is_some()).count();
        if first == 5 {
            return;
        }
        zeros::lost_in_us(code.len())
    } else {
        zeros::lost(country, code.len())
    };
    out.insert_str(start, zeros);
}

fn pixel(text: &str, out: &mut String) -> Result<(), ValueError> {
    let start = out.len();
    let head = text.split('-').next().unwrap_or(text);
    let head = head.trim_matches(is_script_space);
    // What lost its digits means nobody, in this form too.
    digits(trim(text))?;
    digits(head)?;
    if head.is_ascii() {
        lower_ascii_without(head, |_| false, out);
    } else {
        out.push_str(&head.to_lowercase());
    }
    // The Pixel counts as JavaScript does: in UTF-16.
    if out[start..].encode_utf16().nth(1).is_some() {
        Ok(())
    } else {
        Err(ValueError::NoPixelForm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page_of(text: &str, country: Option<&str>) -> Result<String, ValueError> {
        let mut out = String::new();
        page(
            text,
            Hints {
                country,
                ..Hints::default()
            },
            &mut out,
        )
        .map(|()| out)
    }

    fn pixel_of(text: &str) -> Option<String> {
        let mut out = String::new();
        pixel(text, &mut out).ok().map(|()| out)
    }

    #[test]
    fn a_code_has_no_spaces_and_no_dash() {
        for (text, one, other) in [
            ("94035", "94035", Some("94035")),
            ("M1 1AE", "m11ae", Some("m1 1ae")),
            ("SW1A1AA", "sw1a1aa", Some("sw1a1aa")),
            ("01310-100", "01310100", Some("01310")),
            ("〒100-0001", "1000001", Some("〒100")),
            ("１００－０００１", "1000001", Some("１００－０００１")),
            ("１００ー０００１", "1000001", Some("１００ー０００１")),
            ("1011 AB", "1011ab", Some("1011 ab")),
            ("AI-2640", "ai2640", Some("ai")),
            ("-94107", "94107", None),
        ] {
            assert_eq!(page_of(text, None).as_deref(), Ok(one));
            assert_eq!(pixel_of(text).as_deref(), other);
        }
    }

    #[test]
    fn a_us_code_has_five_digits() {
        for (text, country, expected) in [
            ("37221-3312", Some("us"), "37221"),
            ("372213312", Some("us"), "37221"),
            ("37221-33", Some("us"), "37221"),
            ("00901-1234", Some("pr"), "00901"),
            ("37221-3312", None, "37221"),
            ("37221 3312", None, "37221"),
            ("12345-6789", Some("sa"), "123456789"),
            ("1234-567", None, "1234567"),
            ("2139", Some("us"), "02139"),
            ("601", Some("pr"), "00601"),
            ("2139", Some("au"), "2139"),
            ("2139", None, "2139"),
        ] {
            assert_eq!(page_of(text, country).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn the_letters_of_a_country_are_no_part_of_the_code() {
        for (text, country, expected) in [
            ("F-75008", None, "75008"),
            ("se-111 22", None, "11122"),
            ("NL - 1011 AB", Some("nl"), "1011ab"),
            ("D-10115", Some("de"), "10115"),
            ("F 75018", Some("fr"), "75018"),
            ("F 75018", None, "f75018"),
            ("D-10115", Some("pl"), "d10115"),
            ("F-ABC", None, "fabc"),
            ("LV-1010", Some("lv"), "lv1010"),
        ] {
            assert_eq!(page_of(text, country).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn a_code_stands_alone() {
        for (text, country, expected) in [
            ("H-1051", None, "1051"),
            ("H-1051", Some("hu"), "1051"),
            ("HU-1051", None, "1051"),
            ("H 1051", Some("hu"), "1051"),
            ("H1051", Some("hu"), "1051"),
            ("HR-10000", None, "10000"),
            ("SI-1000", None, "1000"),
            ("SLO-1000", None, "1000"),
            ("SK-811 01", None, "81101"),
            ("SK-811 01", Some("sk"), "81101"),
            ("P-1000-001", None, "1000001"),
            ("PT-1000-001", Some("pt"), "1000001"),
            ("RO-010011", None, "010011"),
            ("BG-1000", Some("bg"), "1000"),
            ("EE-10111", None, "10111"),
            ("TR-34000", None, "34000"),
            ("CZ-110 00", None, "11000"),
            ("DK-1050", None, "1050"),
            ("A\u{2013}1010", None, "1010"),
            ("FIN-00100", None, "00100"),
            ("D10115", Some("de"), "10115"),
            ("L-1009", None, "1009"),
            ("US-90210-1234", None, "90210"),
            ("GB-SW1A 1AA", None, "sw1a1aa"),
            ("CA-K1A 0B1", Some("ca"), "k1a0b1"),
            ("JE2 3AB", Some("je"), "je23ab"),
            ("LT-01103", Some("lt"), "lt01103"),
            ("E1 6AN", None, "e16an"),
            ("N1 9GU", Some("gb"), "n19gu"),
            ("CEP 01310-100", None, "01310100"),
            ("CEP: 01310-100", Some("br"), "01310100"),
            ("C.P. 28013", None, "28013"),
            ("CP 28013", Some("es"), "28013"),
            ("C.P.28013", None, "28013"),
            ("C\u{f3}digo Postal: 28013", None, "28013"),
            ("Code postal 75008", Some("fr"), "75008"),
            ("PIN 110001", None, "110001"),
            ("PIN-110001", None, "110001"),
            ("Pincode: 110001", Some("in"), "110001"),
            ("Pin Code 110 001", None, "110001"),
            ("PLZ 10115", None, "10115"),
            ("PLZ: D-10115", None, "10115"),
            ("CAP 00184", Some("it"), "00184"),
            ("PS\u{10c} 110 00", None, "11000"),
            ("ZIP 90210", None, "90210"),
            ("Zip Code: 90210-1234", None, "90210"),
            ("ZIP 2134", Some("us"), "02134"),
            ("Postcode: SW1A 1AA", None, "sw1a1aa"),
            ("\u{90ae}\u{7f16} 100000", None, "100000"),
            ("\u{3012}100-0001", Some("jp"), "1000001"),
            ("CA 90210", None, "90210"),
            ("CA, 90210-1234", None, "90210"),
            ("CA-90210", Some("us"), "90210"),
            ("California 90210", None, "90210"),
            ("MA 2134", Some("us"), "02134"),
            ("NSW 2000", None, "2000"),
            ("Vic. 3000", Some("au"), "3000"),
            ("SP 01310-100", Some("br"), "01310100"),
            ("Delhi 110001", Some("in"), "110001"),
            ("90210 CA", None, "90210"),
            ("90210-1234, CA", None, "90210"),
            ("2000 NSW", Some("au"), "2000"),
            ("6000 WA", None, "6000wa"),
            ("1011 AB", None, "1011ab"),
            ("ON K1A 0B1", None, "k1a0b1"),
            ("NT 800", Some("au"), "0800"),
            ("HR 10000", None, "10000"),
            ("SE 1", None, "se1"),
            ("SP 01310-100", None, "01310100"),
            ("RSM-47890", Some("sm"), "47890"),
            ("KY1-1001", None, "ky11001"),
            ("ky11001", None, "ky11001"),
            ("CA90210", Some("us"), "90210"),
            ("F-R 75008", Some("fr"), "75008"),
            ("AZ 1000", None, "az1000"),
            ("CA1 1AA", None, "ca11aa"),
            ("PL1 2AB", None, "pl12ab"),
            ("CH1 2AB", Some("gb"), "ch12ab"),
            ("AZ1000", Some("az"), "az1000"),
        ] {
            assert_eq!(page_of(text, country).as_deref(), Ok(expected), "{text}");
        }
    }

    /// Letters that stand for another country elsewhere.
    #[test]
    fn the_letters_of_a_code_stay() {
        for (text, country, expected) in [
            ("GU1 3AA", "gb", "gu13aa"),
            ("GU16 7HF", "gb", "gu167hf"),
            ("GU1-3AA", "gb", "gu13aa"),
            ("DE1 1AA", "gb", "de11aa"),
            ("SE1 9SG", "gb", "se19sg"),
            ("SK1 1AA", "gb", "sk11aa"),
            ("HR1 2AB", "gb", "hr12ab"),
            ("CH1 2AB", "gb", "ch12ab"),
            ("L1 8JQ", "gb", "l18jq"),
            ("GY1 1AA", "gg", "gy11aa"),
            ("GX11 1AA", "gi", "gx111aa"),
            ("FIQQ 1ZZ", "fk", "fiqq1zz"),
            ("K1A 0B1", "ca", "k1a0b1"),
            ("H3Z-2Y7", "ca", "h3z2y7"),
            ("A1A 1A1", "ca", "a1a1a1"),
            ("L4B 3K1", "ca", "l4b3k1"),
            ("1011 AB", "nl", "1011ab"),
            ("1011 MA", "nl", "1011ma"),
            ("VLT 1117", "mt", "vlt1117"),
            ("ISL 1234", "mt", "isl1234"),
            ("VCT 1234", "mt", "vct1234"),
            ("D02 AF30", "ie", "d02af30"),
            ("D02-AF30", "ie", "d02af30"),
            ("A65 F4E2", "ie", "a65f4e2"),
            ("D6W XY00", "ie", "d6wxy00"),
            ("C1425", "ar", "c1425"),
            ("C1425CLA", "ar", "c1425cla"),
            ("B1636FDA", "ar", "b1636fda"),
            ("S-2000", "ar", "s2000"),
            ("E-3100", "ar", "e3100"),
            ("BA1710", "bn", "ba1710"),
            ("BA 1710", "bn", "ba1710"),
            ("KE 1234", "bn", "ke1234"),
            ("HM 12", "bm", "hm12"),
            ("FL 07", "bm", "fl07"),
            ("CR-01", "bm", "cr01"),
            ("GE-05", "bm", "ge05"),
            ("BN 03040", "so", "bn03040"),
            ("SG 34150", "so", "sg34150"),
            ("BR 29090", "so", "br29090"),
            ("JH 09010", "so", "jh09010"),
            ("H100", "sz", "h100"),
            ("S-300", "sz", "s300"),
            ("NRU68", "nr", "nru68"),
            ("GA-183-8164", "gh", "ga1838164"),
            ("GE-183-8164", "gh", "ge1838164"),
            ("A15E3C8", "kz", "a15e3c8"),
            ("LV-1010", "lv", "lv1010"),
            ("BB15028", "bb", "bb15028"),
        ] {
            for known in [None, Some(country)] {
                assert_eq!(
                    page_of(text, known).as_deref(),
                    Ok(expected),
                    "{text} {known:?}"
                );
            }
        }
        // Of these one reading is far more likely than the other, if nothing tells.
        for (text, country, alone) in [
            ("B-1900", "ar", "1900"),
            ("HR 22010", "so", "22010"),
            ("MD 33140", "so", "33140"),
            ("BE 3119", "bn", "3119"),
        ] {
            let kept = text.replace([' ', '-'], "").to_lowercase();
            assert_eq!(page_of(text, Some(country)), Ok(kept), "{text}");
            assert_eq!(page_of(text, None).as_deref(), Ok(alone), "{text}");
        }
    }

    #[test]
    fn the_letters_of_the_country_go_before_a_code_with_letters_too() {
        for (text, country, expected) in [
            ("CA K1A 0B1", "ca", "k1a0b1"),
            ("GB SW1A 1AA", "gb", "sw1a1aa"),
            ("UK-SW1A 1AA", "gb", "sw1a1aa"),
            ("IE D02 AF30", "ie", "d02af30"),
            ("Eircode: D02 AF30", "ie", "d02af30"),
            ("MT VLT 1117", "mt", "vlt1117"),
            ("AR C1425CLA", "ar", "c1425cla"),
            ("NL 1011 AB", "nl", "1011ab"),
            ("F-75008 Paris", "fr", "75008paris"),
        ] {
            for known in [None, Some(country)] {
                assert_eq!(
                    page_of(text, known).as_deref(),
                    Ok(expected),
                    "{text} {known:?}"
                );
            }
        }
    }

    #[test]
    fn a_number_of_a_spreadsheet_is_its_code() {
        for (text, country, expected) in [
            ("2134.0", Some("us"), "02134"),
            ("2134.0", None, "2134"),
            ("78701.0", None, "78701"),
            ("78701.0", Some("us"), "78701"),
            ("7.8701E+04", Some("us"), "78701"),
            ("2134-1234", Some("us"), "02134"),
            ("21341234", Some("us"), "02134"),
            ("501", Some("us"), "00501"),
            ("75", Some("us"), "75"),
            ("1067", Some("de"), "01067"),
            ("106", Some("de"), "106"),
            ("1067.0", Some("de"), "01067"),
            ("1310-100", Some("br"), "01310100"),
            ("1310100.0", Some("br"), "01310100"),
            ("184", Some("it"), "00184"),
            ("150", Some("no"), "0150"),
            ("800", Some("au"), "0800"),
            ("60-0001", Some("jp"), "0600001"),
            ("2-677", Some("pl"), "02677"),
            ("8001", Some("es"), "08001"),
            ("000", Some("us"), "000"),
            ("1010", Some("at"), "1010"),
            ("101", Some("at"), "101"),
        ] {
            assert_eq!(page_of(text, country).as_deref(), Ok(expected), "{text}");
        }
        for text in ["9.4E+4", "9,4E+04", " 1.23457E+15 ", "1E5"] {
            assert_eq!(page_of(text, None), Err(ValueError::DigitsLost), "{text}");
            assert_eq!(pixel_of(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_code_that_came_normalized_stays_what_it_is(
            parts in proptest::collection::vec(proptest::sample::select(PARTS), 0..7),
            country in proptest::sample::select(&[None, Some("us"), Some("fr"), Some("ca"), Some("pt"), Some("pl"), Some("ky")][..]),
        ) {
            let text = parts.concat();
            if let Ok(code) = page_of(&text, country) {
                proptest::prop_assert_eq!(page_of(&code, country), Ok(code), "{}", text);
            }
            if let Some(code) = pixel_of(&text) {
                proptest::prop_assert_eq!(pixel_of(&code), Some(code), "{}", text);
            }
        }
    }

    /// What is in and around codes.
    const PARTS: &[&str] = &[
        "-", " ", ".", ":", "0", "0", "1", "9", "1051", "1000-001", "90210", "E", "e+", "F", "P",
        "KY1", "CA", "CEP", "pin", "PT", "M1 1AE",
    ];

    #[test]
    fn one_character_is_no_code() {
        assert_eq!(page_of("1", None), Err(ValueError::TooShort));
        assert_eq!(pixel_of("1"), None);
    }
}
