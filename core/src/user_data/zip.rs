//! `zp`: a postal code.

use super::characters::{digit, is_script_space, is_word, lower_ascii_without, lower_without};
use super::rule::{Hints, NEVER, PAGE, Rule};
use super::{Identifier, Refusal};

pub(super) const RULE: Rule = Rule {
    identifier: Identifier::Zip,
    about: "A postal code.",
    source: PAGE,
    steps: &[
        "lower-case; digits of any script as ASCII",
        "keep letters and digits; remove spaces, dashes and everything else",
        "keep the first five digits of a US code, and of nine digits when the country is not known",
        "refuse fewer than 2 characters",
    ],
    pixel_steps: &[
        "lower-case",
        "cut at the first dash",
        "remove leading and trailing spaces",
        "refuse fewer than 2 characters",
    ],
    opaque: false,
    page,
    pixel: Some(pixel),
    agreed: NEVER,
};

/// Countries of the United States' postal service.
const US_POST: [&str; 7] = ["us", "pr", "gu", "vi", "as", "mp", "um"];

fn page(text: &str, hints: Hints<'_>, out: &mut String) -> Result<(), Refusal> {
    let start = out.len();
    if text.is_ascii() {
        lower_without(text, |character| !is_word(character), out);
    } else {
        let mut own = String::new();
        lower_without(text, |character| !is_word(character), &mut own);
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
        page(text, Hints { country }, &mut out).map(|()| out)
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
