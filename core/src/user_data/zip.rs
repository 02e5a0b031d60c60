//! `zp`: a postal code.

use super::Hints;
use super::characters::{
    digit, is_script_space, is_word, lower_ascii_without, lower_without, trim,
};
use super::country::US_POST;
use super::rule::{NEVER, PAGE, Rule};
use super::step::{AT_LEAST_TWO, LOWERCASE, Step, TRIM};
use super::{Identifier, Refusal};

pub(super) const RULE: Rule = Rule {
    identifier: Identifier::Zip,
    about: "A postal code.",
    source: PAGE,
    steps: &[
        Step::documented("zp.lowercase", "Lower-case; digits of any script as ASCII."),
        Step::own(
            "zp.country_letters",
            "Remove the country's letters before the code: F-75008 is 75008.",
        ),
        Step::documented(
            "zp.letters_and_digits",
            "Keep letters and digits; remove spaces, dashes and everything else.",
        ),
        Step::documented(
            "zp.us_five",
            "Keep the first five digits of a US code, and of nine digits when the country is not known.",
        ),
        Step::own(
            "zp.us_zeros",
            "Put zeros before a US code of three or four digits, which a number lost.",
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

/// Letters that stand before a code on mail from abroad (of the European
/// posts' scheme) and that the country itself does not write.
const PREFIXES: [(&str, &str); 25] = [
    ("a", "at"),
    ("at", "at"),
    ("b", "be"),
    ("be", "be"),
    ("ch", "ch"),
    ("cz", "cz"),
    ("d", "de"),
    ("de", "de"),
    ("dk", "dk"),
    ("e", "es"),
    ("es", "es"),
    ("f", "fr"),
    ("fr", "fr"),
    ("fi", "fi"),
    ("fin", "fi"),
    ("gr", "gr"),
    ("i", "it"),
    ("it", "it"),
    ("l", "lu"),
    ("n", "no"),
    ("no", "no"),
    ("nl", "nl"),
    ("pl", "pl"),
    ("s", "se"),
    ("se", "se"),
];

/// `text` without the letters of the country before the code: before a dash
/// and a digit, and where the country is not known to be another.
fn without_prefix<'t>(text: &'t str, hints: Hints<'_>) -> &'t str {
    let text = trim(text);
    // A dash tells it from a code that begins with a letter; so does a space
    // where the country is known.
    let separators: &[char] = if hints.country.is_some() {
        &['-', ' ']
    } else {
        &['-']
    };
    let Some((letters, code)) = text.split_once(separators) else {
        return text;
    };
    let code = code.trim_start_matches([' ', '-']);
    let is_prefix = |(prefix, country): &(&str, &str)| {
        prefix.eq_ignore_ascii_case(trim(letters))
            && hints.country.is_none_or(|own| own == *country)
    };
    if code.starts_with(|first: char| first.is_ascii_digit()) && PREFIXES.iter().any(is_prefix) {
        code
    } else {
        text
    }
}

fn page(text: &str, hints: Hints<'_>, out: &mut String) -> Result<(), Refusal> {
    let start = out.len();
    let text = without_prefix(text, hints);
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
    let code = &out[start..];
    let digits = code.bytes().take_while(u8::is_ascii_digit).count();
    let is_cut = match hints.country {
        Some(country) => US_POST.contains(&country) && digits >= 5,
        // Five and four digits, with or without the dash: only the United
        // States and those who took over their form have such codes.
        None => digits == 9 && code.len() == 9,
    };
    if is_cut {
        out.truncate(start + 5);
    } else if hints
        .country
        .is_some_and(|country| US_POST.contains(&country))
        && matches!(digits, 3 | 4)
        && code.len() == digits
    {
        out.insert_str(start, &"00"[digits - 3..]);
    }
    if out[start..].chars().nth(1).is_some() || out.len() == start {
        Ok(())
    } else {
        Err(Refusal::TooShort)
    }
}

fn pixel(text: &str, out: &mut String) -> Result<(), Refusal> {
    let start = out.len();
    let head = text.split('-').next().unwrap_or(text);
    let head = head.trim_matches(is_script_space);
    if head.is_ascii() {
        lower_ascii_without(head, |_| false, out);
    } else {
        out.push_str(&head.to_lowercase());
    }
    // The Pixel counts as JavaScript does: in UTF-16.
    if out[start..].encode_utf16().nth(1).is_some() {
        Ok(())
    } else {
        Err(Refusal::NoPixelForm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page_of(text: &str, country: Option<&str>) -> Result<String, Refusal> {
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
    fn one_character_is_no_code() {
        assert_eq!(page_of("1", None), Err(Refusal::TooShort));
        assert_eq!(pixel_of("1"), None);
    }
}
