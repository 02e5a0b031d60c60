//! Placeholders of templates, tag managers and mail programs that nothing was filled
//! into.

use super::spelling::{begins_plain, unquoted};

/// Whether `text` is or has such a placeholder.
pub(super) fn is_in(text: &str) -> bool {
    is_within(text) || is_whole(text)
}

/// Whether `text`, a person's name, is or has a placeholder. In `<…>` and `[…]` only a
/// variable is one: some write nicknames so.
pub(super) fn is_in_name(text: &str) -> bool {
    if is_within(text) {
        return true;
    }
    if begins_plain(text) {
        return false;
    }
    let text = unquoted(text);
    match text.as_bytes().first() {
        Some(b'<') => between(text, "<", ">").is_some_and(is_variable),
        Some(b'[') => {
            between(text, "[", "]").is_some_and(|inner| is_variable(inner) || is_object(inner))
        }
        Some(b'{' | b'%' | b'*' | b'_' | b'$') => is_whole(text),
        _ => false,
    }
}

/// Whether the whole of `text` is a placeholder.
pub(super) fn is_whole(text: &str) -> bool {
    if begins_plain(text) {
        return false;
    }
    let text = unquoted(text);
    let Some(first) = text.bytes().next() else {
        return false;
    };
    if WITHIN
        .iter()
        .any(|(open, close)| between(text, open, close).is_some())
    {
        return true;
    }
    let inner = |open, close| between(text, open, close);
    let is_text = |inner: &str| has_letter(inner) && !inner.contains('@');
    match first {
        b'<' => inner("<", ">").is_some_and(is_text),
        b'%' => {
            is_format(text)
                || text.get(..6).is_some_and(has_encoded_brace)
                || inner("%%=", "%%").is_some()
                || inner("%", "%").is_some_and(is_text)
        }
        b'{' => inner("{", "}").is_some_and(|inner| is_word(inner) || is_index(inner)),
        b'[' => inner("[", "]").is_some_and(is_word),
        b'#' => inner("#", "#").is_some_and(is_word),
        b'@' => inner("@@", "@@").is_some_and(is_word) || inner("@", "@").is_some_and(is_variable),
        b'(' => inner("((", "))").is_some_and(is_word) || inner("(", ")").is_some_and(is_variable),
        b':' => is_variable(&text[1..]),
        b'&' => inner("&lt;", "&gt;").is_some_and(is_text),
        b'*' => inner("*|", "|*").is_some_and(has_letter),
        b'_' => inner("__", "__").is_some_and(is_variable),
        b'$' => is_variable(&text[1..]) || inner("$(", ")").is_some_and(is_word),
        _ => false,
    }
}

/// What is in the square brackets around `text`, where no variable is called so.
pub(super) fn in_brackets(text: &str) -> Option<&str> {
    between(text, "[", "]").filter(|inner| !is_variable(inner))
}

/// What encloses a placeholder anywhere in a text, because nothing else looks like it:
/// `order-{{id}}` is everybody's.
const WITHIN: [(&str, &str); 6] = [
    ("{{", "}}"),
    ("${", "}"),
    ("#{", "}"),
    ("@{", "}"),
    ("{%", "%}"),
    ("<%", "%>"),
];

/// Whether such a placeholder is anywhere in `text`.
fn is_within(text: &str) -> bool {
    // Nearly no value has one of these.
    if !text.bytes().any(|byte| matches!(byte, b'%' | b'{')) {
        return false;
    }
    WITHIN.iter().any(|(open, close)| has(text, open, close))
        || has_doubled_percent(text)
        || has_encoded_brace(text)
}

/// `%%ID%%`, `%%=v(@id)=%%`.
fn has_doubled_percent(text: &str) -> bool {
    let inner = text
        .split_once("%%")
        .and_then(|(_, rest)| rest.split_once("%%"));
    inner.is_some_and(|(inner, _)| is_word(inner) || inner.starts_with('='))
}

/// `{{` and `${` as a URL has them.
fn has_encoded_brace(text: &str) -> bool {
    const OPEN: [&[u8]; 2] = [b"%7b%7b", b"%24%7b"];
    let mut six = text.as_bytes().windows(6);
    six.any(|six| OPEN.iter().any(|open| six.eq_ignore_ascii_case(open)))
}

/// Whether `open` is in `text` and `close` behind it.
fn has(text: &str, open: &str, close: &str) -> bool {
    text.split_once(open)
        .is_some_and(|(_, rest)| rest.contains(close))
}

/// What is between `open` at the beginning and `close` at the end.
fn between<'t>(text: &'t str, open: &str, close: &str) -> Option<&'t str> {
    text.strip_prefix(open)?.strip_suffix(close)
}

fn has_letter(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}

/// Whether `text` may be what a placeholder is called: words, and not the many digits of
/// an id in braces.
fn is_word(text: &str) -> bool {
    let is_of_word = |byte: u8| {
        byte.is_ascii_alphanumeric()
            || matches!(
                byte,
                b'_' | b'.' | b'-' | b' ' | b'$' | b'!' | b'|' | b'%' | b'[' | b']'
            )
    };
    text.bytes().all(is_of_word)
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
        && text.bytes().filter(u8::is_ascii_digit).count() < 7
}

/// Whether `text` is the place of an argument: `{0}`.
fn is_index(text: &str) -> bool {
    matches!(text.len(), 1 | 2) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether `text` is called as variables are and people are not: `user_id`, `userId`,
/// `user.first name`.
fn is_variable(text: &str) -> bool {
    const NAMES: [&str; 29] = [
        "id",
        "uid",
        "userid",
        "customerid",
        "clientid",
        "memberid",
        "contactid",
        "visitorid",
        "anonymousid",
        "externalid",
        "orderid",
        "clickid",
        "fbclid",
        "idfa",
        "idfv",
        "gaid",
        "name",
        "firstname",
        "lastname",
        "fname",
        "lname",
        "email",
        "phone",
        "city",
        "state",
        "zip",
        "zipcode",
        "postalcode",
        "country",
    ];
    let is_of_variable =
        |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'.' | b' ');
    if !text.bytes().all(is_of_variable) || !text.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        return false;
    }
    let last = text.rsplit('.').next().unwrap_or(text);
    let is_it = |name: &&str| {
        let mut letters = last.bytes().filter(|byte| *byte != b' ');
        name.bytes().all(|byte| {
            letters
                .next()
                .is_some_and(|letter| letter.eq_ignore_ascii_case(&byte))
        }) && letters.next().is_none()
    };
    text.contains('_') || NAMES.iter().any(is_it)
}

/// Whether `text` is what a script prints of an object, in its brackets: `object Promise`.
fn is_object(text: &str) -> bool {
    text.get(..7)
        .is_some_and(|start| start.eq_ignore_ascii_case("object "))
        && is_word(text)
}

/// Whether `text` is what `printf` and its like fill: `%s`, `%1$s`, `%(id)s`.
fn is_format(text: &str) -> bool {
    let inner = &text[1..];
    let (name, kind) = match inner.strip_prefix('(') {
        Some(rest) => rest.split_once(')').unwrap_or(("@", rest)),
        None => inner.split_once('$').unwrap_or(("1", inner)),
    };
    is_word_or_index(name) && matches!(kind, "s" | "d" | "i" | "u" | "f" | "v" | "@" | "ld" | "lu")
}

fn is_word_or_index(text: &str) -> bool {
    is_index(text) || is_word(text)
}
