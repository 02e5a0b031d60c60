//! What stands in for a body that is not JSON, so that its events can be split
//! and only those that spoil it are lost.
//!
//! Two things happen to clients that write JSON otherwise: a text that is no
//! UTF-8, and a number that is none (Python writes `NaN` and `Infinity`).

/// The words that are where a number should.
const WORDS: [&[u8]; 2] = [b"NaN", b"Infinity"];

/// A text as long as `body`, with something harmless at each place where `body`
/// is not JSON for one of those reasons; nothing, if no such place exists. What
/// is split there is to be read from `body` itself, where it is still wrong.
pub(super) fn placeholder(body: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(body.len());
    for chunk in body.utf8_chunks() {
        bytes.extend_from_slice(chunk.valid().as_bytes());
        // A letter of a string; behind a backslash an escape, and in one a digit.
        bytes.resize(bytes.len() + chunk.invalid().len(), b'f');
    }
    let mut rest = bytes.as_mut_slice();
    let mut in_string = false;
    while let Some(first) = rest.first_mut() {
        let mut length = 1;
        match first {
            b'"' => in_string = !in_string,
            b'\\' if in_string => length = 2,
            _ if in_string => {}
            _ => {
                if let Some(word) = WORDS.iter().find(|word| rest.starts_with(word)) {
                    length = word.len();
                    rest[..length].fill(b'1');
                }
            }
        }
        rest = rest.split_at_mut(length.min(rest.len())).1;
    }
    (bytes != body)
        .then(|| String::from_utf8(bytes).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_no_json_is_replaced() {
        for (body, expected) in [
            (
                &b"[NaN,-Infinity,Infinity]"[..],
                Some("[111,-11111111,11111111]"),
            ),
            (
                b"[\"NaN\",\"\\\"NaN\\\\\",NaN]",
                Some("[\"NaN\",\"\\\"NaN\\\\\",111]"),
            ),
            (
                b"[\"\xff\",\"\\\xff\",\"\\u00\xffe\"]",
                Some("[\"f\",\"\\f\",\"\\u00fe\"]"),
            ),
            (b"[\"\xed\xa0\x80\"]", Some("[\"fff\"]")),
            (b"{\"NaN\":\"\\", None),
            (b"[nan,inf]", None),
            (b"", None),
        ] {
            assert_eq!(placeholder(body).as_deref(), expected, "{body:?}");
        }
    }
}
