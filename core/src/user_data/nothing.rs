//! Values that stand for no value, and digests of the wrong kind.
//!
//! A client that hashes before it checks sends the SHA-256 of an empty text or
//! of the word `null` for everybody who has no value: one "person" to Meta.

use super::suffix::is_suffix;
use super::{Digest, Refusal};

/// SHA-256 of nothing: of the empty text, a space and the two words that
/// programs print for it, and of texts that no normalized value is.
const DIGESTS: [(&str, &str); 8] = [
    (
        "",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ),
    (
        " ",
        "36a9e7f1c95b82ffb99743e0c5c4ce95d83c9a430aac59f84ef3cbfab6145068",
    ),
    (
        "null",
        "74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b",
    ),
    (
        "undefined",
        "eb045d78d273107348b0300c01d29b7552d622abbc6faf81b3ec55359aa9950c",
    ),
    (
        "NULL",
        "fb329000228cc5a24c264c57139de8bf854fc86fc18bf1c04ab61a2b5cb4b921",
    ),
    (
        "None",
        "dc937b59892604f5a86ac96936cd7ff09e25f18ae6b758e8014a24c7fa039e91",
    ),
    (
        "NaN",
        "d5b592c05dc25b5032553f1b27f4139be95e881f73db33b02b05ab20c3f9981e",
    ),
    (
        "[object Object]",
        "b28c94b2195c8ed259f0b415aaee3f39b0b2920a4537611499fa044956917a21",
    ),
];

/// Whether `digest`, with or without a suffix, is that of nothing.
pub(super) fn is_digest(digest: &Digest) -> bool {
    DIGESTS
        .iter()
        .any(|(_, known)| digest.as_str().starts_with(known))
}

/// Whether `text` is a word for nothing, in any case.
///
/// `none`, `nan` and `na` are not among them: people are called so.
pub(super) fn is_word(text: &str) -> bool {
    const WORDS: [&str; 6] = ["null", "undefined", "(null)", "n/a", "n.a.", "#n/a"];
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// What to say of `text` if it is an MD5 or a SHA-1, with or without the
/// suffix of Meta's parameter builder, which takes an MD5 for a digest.
///
/// Meta, Customer information parameters: SHA-256 is required. Forty letters
/// without a digit are no SHA-1 (one in 10^17 is).
pub(super) fn other_digest(text: &str) -> Option<Refusal> {
    let (hex, suffix) = text.split_once('.').unwrap_or((text, ""));
    let suffix_fits = suffix.is_empty() || is_suffix(suffix);
    if !suffix_fits || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    match hex.len() {
        32 => Some(Refusal::Md5),
        40 if hex.bytes().any(|byte| byte.is_ascii_digit()) => Some(Refusal::Sha1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digests_are_those_of_their_texts() {
        for (text, known) in DIGESTS {
            assert_eq!(Digest::of(text).as_str(), known, "{text}");
        }
    }

    #[test]
    fn a_suffix_does_not_hide_nothing() {
        let suffixed = format!("{}.Ag", DIGESTS[0].1.to_uppercase());
        assert!(is_digest(&Digest::accept(&suffixed).unwrap()));
        assert!(!is_digest(&Digest::of("mary")));
    }

    #[test]
    fn digests_of_the_wrong_kind_are_told_by_their_length() {
        let md5 = "d41d8cd98f00b204e9800998ecf8427e";
        let sha1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709";
        assert_eq!(other_digest(md5), Some(Refusal::Md5));
        assert_eq!(other_digest(&md5.to_uppercase()), Some(Refusal::Md5));
        assert_eq!(other_digest(&format!("{md5}.AQQCAQIB")), Some(Refusal::Md5));
        assert_eq!(other_digest(sha1), Some(Refusal::Sha1));
        for text in [
            "mary",
            &md5[1..],
            &"a".repeat(40),
            &format!("{md5}.co")[..34],
        ] {
            assert_eq!(other_digest(text), None, "{text}");
        }
    }
}
