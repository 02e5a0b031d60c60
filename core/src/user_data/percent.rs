//! Percent-encoding of a value that was copied out of a URL.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// `text` without percent-encoding, also where it was encoded more than once; nothing
/// where that is not text.
pub(crate) fn decoded(text: &str) -> Option<Cow<'_, str>> {
    // A redirect through another encodes a URL again; nothing real does so more often.
    const MOST_TIMES: usize = 3;
    let mut decoded = Cow::Borrowed(text);
    for _ in 0..MOST_TIMES {
        if !decoded.contains('%') {
            break;
        }
        match percent_decode_str(&decoded).decode_utf8().ok()? {
            Cow::Borrowed(_) => break,
            Cow::Owned(next) => decoded = Cow::Owned(next),
        }
    }
    Some(decoded)
}

/// `text` without percent-encoding, taken off once; nothing where that is not text.
pub(super) fn decoded_once(text: &str) -> Option<Cow<'_, str>> {
    percent_decode_str(text).decode_utf8().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_decoded_as_often_as_it_was_encoded() {
        for (text, expected) in [
            ("kim", Some("kim")),
            ("a%2Db", Some("a-b")),
            ("a%252Db", Some("a-b")),
            ("a%25252Db", Some("a-b")),
            ("100%", Some("100%")),
            ("%ff", None),
        ] {
            assert_eq!(decoded(text).as_deref(), expected, "{text}");
        }
        assert!(matches!(decoded("100%"), Some(Cow::Borrowed(_))));
    }
}
