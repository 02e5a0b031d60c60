//! A value between normalization and hashing.

use std::fmt;

use super::Digest;

/// One value of an identifier: normalized and ready to be hashed, or already
/// hashed when it came.
#[derive(Clone, Copy, Debug)]
pub enum Normal<'a> {
    /// A normalized text, still readable.
    Text(Plain<'a>),
    /// A digest that came as such.
    Hashed(Digest),
}

impl Normal<'_> {
    /// The digest that is sent.
    #[must_use]
    pub fn digest(self) -> Digest {
        match self {
            Self::Text(plain) => Digest::of(plain.0),
            Self::Hashed(digest) => digest,
        }
    }
}

/// A normalized text that is personal data: it can be hashed, and is neither
/// printed nor serialized.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Plain<'a>(&'a str);

impl<'a> Plain<'a> {
    /// Only [`normalize`](super::normalize) makes one.
    pub(super) const fn new(text: &'a str) -> Self {
        Self(text)
    }

    /// The text itself, for commands that show a person their own input
    /// (`capi hash`, explain). Nothing else may read it.
    #[must_use]
    pub const fn expose(&self) -> &'a str {
        self.0
    }
}

impl fmt::Debug for Plain<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Plain(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_value_is_not_printed() {
        let value = Normal::Text(Plain::new("mary"));
        assert!(!format!("{value:?}").contains("mary"));
    }

    #[test]
    fn a_digest_is_not_hashed_again() {
        let digest = Digest::of("mary");
        assert_eq!(Normal::Hashed(digest).digest(), digest);
        assert_eq!(Normal::Text(Plain::new("mary")).digest(), digest);
    }
}
