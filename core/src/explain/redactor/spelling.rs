//! A text as it is compared with a person's values.

use std::borrow::Cow;

use percent_encoding::percent_decode;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// So often percent-encoding is undone; what is encoded more often was made to hide.
const ROUNDS: usize = 4;

/// `text` in lower case, without accents, and with a space for every other sign: as it
/// is, and after each round of percent-decoding. What decoding makes of a text that is not
/// encoded may have lost something. Nothing where it is encoded too often.
pub(super) fn spellings(text: &str) -> Option<Vec<String>> {
    let mut bytes = text.as_bytes().to_vec();
    let mut all = vec![plain(text)];
    while let Cow::Owned(decoded) = Cow::from(percent_decode(&bytes)) {
        if all.len() > ROUNDS {
            return None;
        }
        all.push(plain(&String::from_utf8_lossy(&decoded)));
        bytes = decoded;
    }
    Some(all)
}

fn plain(text: &str) -> String {
    let lower = text.chars().flat_map(char::to_lowercase).nfkd();
    let letters = lower.filter(|letter| !is_combining_mark(*letter));
    letters
        .flat_map(char::to_lowercase)
        .map(|letter| {
            if letter.is_alphanumeric() {
                letter
            } else {
                ' '
            }
        })
        .collect()
}

/// The letters and digits of a spelling, with nothing between them.
pub(super) fn squashed(spelling: &str) -> String {
    spelling.replace(' ', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_value_are_compared_alike() {
        let last = |text: &str| squashed(&spellings(text).unwrap().pop().unwrap());
        for (one, other) in [
            ("Janette Roeblock", "janette%20ROEBLOCK"),
            ("+1 (512) 555-0132", "%2B1.512.5550132"),
            ("Élodie", "e\u{301}LODIE"),
            ("cust_48213", "cust%255F48213"),
            ("１２３", "123"),
        ] {
            assert_eq!(last(one), last(other), "{one}");
        }
        assert!(spellings(&format!("%{}41", "25".repeat(9))).is_none());
    }
}
