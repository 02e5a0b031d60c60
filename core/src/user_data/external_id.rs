//! `external_id`: the advertiser's own id of a person.

use std::borrow::Cow;

use super::characters::{is_script_space, is_unseen, lower_ascii_without};
use super::rule::Rule;
use super::step::{LOWERCASE, Step};
use super::suffix::is_suffix;
use super::{Hints, Identifier, ValueError, spreadsheet};

const SPACES: &str = "Remove white space.";
const MD5_SUFFIX: &str = "Remove the suffix of Meta's parameter builder behind 32 hexadecimal digits, so that the id is hashed as it is elsewhere.";

pub(super) const RULE: Rule = Rule {
    identifier: Identifier::ExternalId,
    about: "The advertiser's own id of a person: a user id, a loyalty number, a cookie's id.",
    source: "Meta, Customer information parameters (any form, hashing recommended); \
             the steps are those of Meta's parameter builder, so that the Pixel's id is the same",
    steps: &[
        Step::own(
            "external_id.unseen",
            "Remove what nobody sees: controls, zero-width characters, byte order marks.",
        ),
        Step::own(
            "external_id.digits",
            "Drop the .0 behind six digits or more, or the exponent, of a data frame or a spreadsheet; refuse a number that lost digits there, in the Pixel's form too.",
        )
        .refuses(),
        Step::reported("external_id.spaces", SPACES),
        Step::own("external_id.suffix", MD5_SUFFIX),
        Step::reported("external_id.lowercase", LOWERCASE),
    ],
    pixel_steps: &[
        Step::reported("external_id.pixel.spaces", SPACES),
        Step::reported("external_id.pixel.suffix", MD5_SUFFIX),
        Step::reported("external_id.pixel.lowercase", LOWERCASE),
    ],
    opaque: true,
    page,
    pixel: Some(pixel),
    agreed,
};

/// An id is compared as it is: beside what the Pixel's code does, only what got into
/// it on its way is taken out. It is not composed.
fn page(text: &str, _: Hints<'_>, out: &mut String) -> Result<(), ValueError> {
    let text = if text.contains(is_unseen) {
        Cow::Owned(text.replace(is_unseen, ""))
    } else {
        Cow::Borrowed(text)
    };
    match spreadsheet::digits_of_id(text.trim())? {
        Some(digits) => pixel(&digits, out),
        None => pixel(&text, out),
    }
}

fn pixel(text: &str, out: &mut String) -> Result<(), ValueError> {
    let start = out.len();
    if text.is_ascii() {
        lower_ascii_without(text, |byte| is_script_space(char::from(byte)), out);
        let suffixed = out[start..].split_at_checked(32);
        if let Some((hex, suffix)) = suffixed
            && suffix.strip_prefix('.').is_some_and(is_suffix)
            && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
        {
            out.truncate(start + 32);
        }
    } else {
        let kept: String = text.split(is_script_space).collect();
        out.push_str(&kept.to_lowercase());
    }
    Ok(())
}

/// Most ids: nothing in them is unseen, and they are not numbers with a point or an exponent.
fn agreed(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
        && matches!(spreadsheet::digits_of_id(text.trim()), Ok(None))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(text: &str) -> [String; 2] {
        let (mut one, mut other) = (String::new(), String::new());
        page(text, Hints::default(), &mut one).unwrap();
        pixel(text, &mut other).unwrap();
        assert!(!agreed(text) || one == other, "{text}");
        [one, other]
    }

    #[test]
    fn an_id_loses_its_white_space_and_its_case() {
        for (text, expected) in [
            ("  12345", "12345"),
            ("external 123", "external123"),
            ("User_ABC@X", "user_abc@x"),
            ("e\u{301}", "e\u{301}"),
            ("用户-1", "用户-1"),
            ("\u{feff}12345", "12345"),
            ("12E3", "12e3"),
            ("1.10", "1.10"),
            ("12.0", "12.0"),
            ("12345.0", "12345.0"),
        ] {
            assert_eq!(forms(text), [expected, expected]);
        }
    }

    #[test]
    fn what_nobody_sees_stays_in_the_pixels_form_alone() {
        for (text, clean, raw) in [
            ("a\u{200b}b", "ab", "a\u{200b}b"),
            ("\u{200e}cust-1\u{200f}", "cust-1", "\u{200e}cust-1\u{200f}"),
            ("cu\u{ad}st", "cust", "cu\u{ad}st"),
            ("cust\0", "cust", "cust\0"),
            ("123456.0", "123456", "123456.0"),
            ("1.4155550132e10", "14155550132", "1.4155550132e10"),
            ("\u{200b}123456.0", "123456", "\u{200b}123456.0"),
        ] {
            assert_eq!(forms(text), [clean, raw]);
        }
    }

    #[test]
    fn the_builders_suffix_is_no_part_of_an_md5() {
        let md5 = "d41d8cd98f00b204e9800998ecf8427e";
        for text in [
            md5.to_owned(),
            format!("{md5}.AQQCAQIB"),
            format!("{}.Ag", md5.to_uppercase()),
            format!(" {md5}.AQQCAQIB\n"),
        ] {
            assert_eq!(forms(&text), [md5, md5]);
        }
        for text in [
            format!("{md5}.abc"),
            format!("x{md5}.ag"),
            format!("{md5}1.ag"),
        ] {
            assert_eq!(forms(&text), [&*text, &*text]);
        }
    }
}
