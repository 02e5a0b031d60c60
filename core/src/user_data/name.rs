//! What first and last names have in common.

use super::Hints;
use super::ValueError;
use super::characters::{
    is_blank, is_punctuation, is_script_space, lower_ascii_without, lower_without,
};

/// The steps of the name with Meta's key `$key`.
macro_rules! steps {
    ($key:literal) => {
        &[
            Step::documented(
                concat!($key, ".lowercase"),
                "Lower-case, composed Unicode (NFC); accents and every script stay.",
            ),
            Step::reported(
                concat!($key, ".blanks"),
                "Remove white space and characters that nobody sees.",
            ),
            Step::documented(
                concat!($key, ".punctuation"),
                "Remove punctuation of every script.",
            ),
        ]
    };
}
pub(super) use steps;

/// The steps of the Pixel's form of it.
macro_rules! pixel_steps {
    ($key:literal) => {
        &[
            Step::reported(
                concat!($key, ".pixel.ascii_punctuation"),
                "Remove white space and ASCII punctuation.",
            ),
            Step::reported(concat!($key, ".pixel.lowercase"), LOWERCASE),
        ]
    };
}
pub(super) use pixel_steps;

pub(super) fn page(text: &str, _: Hints<'_>, out: &mut String) -> Result<(), ValueError> {
    lower_without(
        text,
        |character| is_blank(character) || is_punctuation(character),
        out,
    );
    Ok(())
}

/// Drops first and lower-cases then, which matters for a final sigma.
pub(super) fn pixel(text: &str, out: &mut String) -> Result<(), ValueError> {
    let dropped = |character: char| is_script_space(character) || character.is_ascii_punctuation();
    if text.is_ascii() {
        lower_ascii_without(text, |byte| dropped(char::from(byte)), out);
    } else {
        let kept: String = text.split(dropped).collect();
        out.push_str(&kept.to_lowercase());
    }
    Ok(())
}

/// Whether both forms of a name are surely the same: of ASCII letters, digits,
/// blanks and the punctuation that names have, both keep the letters and digits.
pub(super) fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-' | b'\'' | b'.' | b',')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(text: &str) -> (String, String) {
        let (mut one, mut other) = (String::new(), String::new());
        page(text, Hints::default(), &mut one).unwrap();
        pixel(text, &mut other).unwrap();
        (one, other)
    }

    #[test]
    fn names_of_every_script_keep_their_letters() {
        for (text, expected) in [
            ("Mary", "mary"),
            ("정", "정"),
            ("Valéry", "valéry"),
            ("O'Connor", "oconnor"),
            ("Mary-Jane", "maryjane"),
            ("J. R.", "jr"),
            ("Van Der Berg", "vanderberg"),
            ("José María González", "josémaríagonzález"),
            ("Øystein", "øystein"),
            ("李明", "李明"),
            ("Владимир", "владимир"),
            ("नमस्ते", "नमस्ते"),
        ] {
            assert_eq!(forms(text), (expected.to_owned(), expected.to_owned()));
        }
    }

    #[test]
    fn where_the_pixel_differs() {
        for (text, one, other) in [
            ("O\u{2019}Connor", "oconnor", "o\u{2019}connor"),
            ("O\u{b4}Connor", "oconnor", "o\u{b4}connor"),
            ("VALE\u{301}RY", "valéry", "vale\u{301}ry"),
            ("kim\u{ad}lee", "kimlee", "kim\u{ad}lee"),
            ("ΑΣ ΒΓ", "αςβγ", "ασβγ"),
        ] {
            assert_eq!(forms(text), (one.to_owned(), other.to_owned()));
        }
    }
}
