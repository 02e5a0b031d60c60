//! What is not an id, though a value is there.

use crate::json::Json;
use crate::user_data::characters::trimmed;
use crate::user_data::is_placeholder;

/// Whether `text` is what a program writes that has no value: nothing, or the word
/// for that.
pub(crate) fn is_no_value(text: &str) -> bool {
    let text = trimmed(text);
    let is_word = |word: &&str| text.eq_ignore_ascii_case(word);
    text.len() <= MAX_LENGTH && WORDS.iter().any(is_word)
}

/// Whether `text` tells no event from another: no value, the id of zeros alone, or a
/// placeholder that nobody filled in, alone or within it. What is `0` or `none` may be one
/// of many.
fn is_no_id(text: &str) -> bool {
    let bare = trimmed(text);
    is_no_value(bare) || bare == NIL || is_placeholder(bare)
}

/// Whether `value` can be an id: a text that is one, or a number, alone in a list too.
pub(crate) fn is_id(value: Json<'_>) -> bool {
    match value {
        Json::Str(text) => !is_no_id(text),
        Json::Number(_) => true,
        Json::List([one]) => !matches!(one, Json::List(_)) && is_id(*one),
        _ => false,
    }
}

/// RFC 9562, Nil UUID.
const NIL: &str = "00000000-0000-0000-0000-000000000000";

const WORDS: &[&str] = &[
    "",
    "undefined",
    "null",
    "nan",
    "(null)",
    "<null>",
    "(not set)",
    "[object object]",
    "[object undefined]",
    "[object null]",
];

const MAX_LENGTH: usize = "[object undefined]".len();

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_nothing_are_no_value() {
        for text in [
            "",
            " \t",
            "undefined",
            " NULL\n",
            "NaN",
            "nan",
            "[object Object]",
            "[OBJECT OBJECT] ",
            "\u{feff}null",
        ] {
            assert!(is_no_value(text), "{text}");
            assert!(is_no_id(text), "{text}");
        }
        for text in ["0", "-", "none", "nullable", "undefined-1", "no", "x"] {
            assert!(!is_no_value(text), "{text}");
        }
    }

    #[test]
    fn what_tells_no_event_from_another_is_no_id() {
        for text in [
            "00000000-0000-0000-0000-000000000000",
            "{{messageId}}",
            "${event_id}",
            "%%EVENT_ID%%",
            "mid-{{x}}",
            "%ID%",
            "{x}",
        ] {
            assert!(is_no_id(text), "{text}");
        }
        for text in [
            "0",
            "1",
            "01",
            "a",
            "order-17",
            " order-17 ",
            "ajs-next-0",
            "none",
            "-",
            "é",
        ] {
            assert!(!is_no_id(text), "{text}");
        }
    }
}
