//! Digests of the wrong kind.

use crate::user_data::ValueError;
use crate::user_data::suffix::is_suffix;

/// What to say of `text` if it is an MD5 or a SHA-1, with or without the
/// suffix of Meta's parameter builder, which takes an MD5 for a digest.
///
/// Meta, Customer information parameters: SHA-256 is required. Forty letters
/// without a digit are not SHA-1 (one in 10^17 is).
pub(in crate::user_data) fn other_digest(text: &str) -> Option<ValueError> {
    let (hex, suffix) = text.split_once('.').unwrap_or((text, ""));
    let suffix_fits = suffix.is_empty() || is_suffix(suffix);
    if !suffix_fits || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    match hex.len() {
        32 => Some(ValueError::Md5),
        40 if hex.bytes().any(|byte| byte.is_ascii_digit()) => Some(ValueError::Sha1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_of_the_wrong_kind_are_told_by_their_length() {
        let md5 = "d41d8cd98f00b204e9800998ecf8427e";
        let sha1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709";
        assert_eq!(other_digest(md5), Some(ValueError::Md5));
        assert_eq!(other_digest(&md5.to_uppercase()), Some(ValueError::Md5));
        assert_eq!(
            other_digest(&format!("{md5}.AQQCAQIB")),
            Some(ValueError::Md5)
        );
        assert_eq!(other_digest(sha1), Some(ValueError::Sha1));
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
