//! What an identifier is once it may leave.

use std::fmt;

use sha2::{Digest as _, Sha256};

use super::suffix::is_suffix;

/// The longest form: 64 hex digits, a dot, 8 characters of suffix.
const MAX_LENGTH: usize = 73;

/// A hashed identifier: 64 lower-case hex digits of SHA-256, or such a digest
/// with the suffix that Meta's parameter builder appends.
///
/// It is made from a normalized text ([`Digest::of`]) or from what already is
/// a digest ([`Digest::accept`]); no other way leads to one.
///
/// ```
/// use capi_core::user_data::Digest;
///
/// let digest = Digest::of("ana@example.com");
/// assert_eq!(digest.as_str().len(), 64);
/// // What already is one is not hashed again.
/// assert_eq!(Digest::accept(&digest.as_str().to_uppercase()), Some(digest));
/// assert_eq!(Digest::accept("ana@example.com"), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest {
    text: [u8; MAX_LENGTH],
    length: u8,
}

impl Digest {
    /// The SHA-256 of `normalized` as UTF-8, in lower-case hex, no salt.
    #[must_use]
    pub fn of(normalized: &str) -> Self {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let mut text = [0; MAX_LENGTH];
        for (pair, byte) in text
            .chunks_exact_mut(2)
            .zip(Sha256::digest(normalized.as_bytes()))
        {
            pair[0] = HEX[usize::from(byte >> 4)];
            pair[1] = HEX[usize::from(byte & 15)];
        }
        Self { text, length: 64 }
    }

    /// `text` as the digest that it already is: 64 hex digits of any case,
    /// with nothing or the suffix of Meta's parameter builder behind, as it is.
    ///
    /// Source: Meta, Parameter builder library (the suffix is case-sensitive).
    #[must_use]
    pub fn accept(text: &str) -> Option<Self> {
        let (hex, suffix) = text.split_at_checked(64)?;
        let suffix_fits = suffix.is_empty() || suffix.strip_prefix('.').is_some_and(is_suffix);
        if !suffix_fits || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let mut own = [0; MAX_LENGTH];
        own[..text.len()].copy_from_slice(text.as_bytes());
        own[..64].make_ascii_lowercase();
        Some(Self {
            text: own,
            length: u8::try_from(text.len()).ok()?,
        })
    }

    /// The digest as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.text[..usize::from(self.length)]).unwrap_or_default()
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARY: &str = "6915771be1c5aa0c886870b6951b03d7eafc121fea0e80a5ea83beb7c449f4ec";

    #[test]
    fn the_published_digest_of_mary() {
        assert_eq!(Digest::of("mary").as_str(), MARY);
    }

    #[test]
    fn a_digest_is_taken_in_lower_case_and_its_suffix_as_it_stands() {
        assert_eq!(Digest::accept(&MARY.to_uppercase()).unwrap().as_str(), MARY);
        for suffix in [".Ag", ".AQQCAQIB", ".a_-B0z9Z"] {
            let text = format!("{MARY}{suffix}");
            assert_eq!(Digest::accept(&text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn what_is_no_digest_is_not_taken() {
        for text in [
            "",
            "mary",
            &MARY[1..],
            &format!("{MARY}0"),
            &format!("{MARY}."),
            &format!("{MARY}.abc"),
            &format!("{MARY}.a b"),
            &format!("g{}", &MARY[1..]),
        ] {
            assert_eq!(Digest::accept(text), None, "{text}");
        }
    }
}
