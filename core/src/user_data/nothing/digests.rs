//! The digests of nothing: a client that hashes before it checks sends them.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::words::{ERRORS, MARKS, OF_ACCOUNTS, WORDS};
use crate::user_data::characters::trim;
use crate::user_data::{Digest, Identifier};

/// Spellings that are not those of [`WORDS`], in the case in which programs print them.
const TYPED: [&str; 42] = [
    "None",
    "NaN",
    "N/A",
    "n.a.",
    "N.A",
    "[object Object]",
    "[object object]",
    "[object Undefined]",
    "[object Null]",
    "DBNull",
    "not set",
    "not_set",
    "not provided",
    "not_provided",
    "none provided",
    "not available",
    "not applicable",
    "not specified",
    "no value",
    "guest user",
    "guest_user",
    "anonymous user",
    "anonymous_user",
    "unknown user",
    "unknown_user",
    "not logged in",
    "null null",
    "undefined undefined",
    "0",
    "0.0",
    "00",
    "000",
    "0000",
    "00000",
    "000000",
    "00000000",
    "0000000000",
    "0000-00-00",
    "null@null.com",
    "undefined@undefined.com",
    "none@none.com",
    "na@na.com",
];

/// Quotes, braces, blanks and other signs around nothing.
const SIGNS: [&str; 34] = [
    "", " ", "  ", "\t", "\n", "\r\n", "\0", "\u{a0}", "\u{200b}", "\u{feff}", "\"\"", "''", "``",
    "\" \"", "\"\"\n", "{}", "[]", "()", "<>", "{}\n", "[]\n", "[\"\"]", "{{}}", "-", "--", "---",
    "–", "—", ".", "..", "...", "?", "_", "/",
];

/// Placeholders as templates have them most.
const UNFILLED: [&str; 29] = [
    "{{user.id}}",
    "{{ user.id }}",
    "{{user_id}}",
    "{{ user_id }}",
    "{{userId}}",
    "{{userid}}",
    "{{id}}",
    "{{email}}",
    "{{ email }}",
    "{{phone}}",
    "{{first_name}}",
    "{{last_name}}",
    "{{city}}",
    "{{state}}",
    "{{zip}}",
    "{{country}}",
    "${id}",
    "${user.id}",
    "${userId}",
    "${user_id}",
    "${email}",
    "%%ID%%",
    "%%USER_ID%%",
    "%ID%",
    "%USER_ID%",
    "<user_id>",
    "[USER_ID]",
    "{user_id}",
    "__USER_ID__",
];

/// Ids of nobody, and what a client that hashes twice makes of nothing.
const IDS: [&str; 9] = [
    "00000000-0000-0000-0000-000000000000",
    "{00000000-0000-0000-0000-000000000000}",
    "00000000000000000000000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
    "ffffffffffffffffffffffffffffffff",
    "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
    "d41d8cd98f00b204e9800998ecf8427e",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
];

/// Texts from so many bytes on are ids that nobody has in any field.
const ID: usize = 32;

/// Sixteen hexadecimal digits, by which the digests are found.
type Head = [u8; 16];

/// The texts that stand for nothing, by their digests. They are made with the first
/// digest that comes, once.
static TEXTS: LazyLock<HashMap<Head, (Digest, String)>> = LazyLock::new(|| {
    let words = WORDS.into_iter().chain(OF_ACCOUNTS);
    let words = words.chain(TYPED).chain(ERRORS).chain(MARKS);
    let fixed = SIGNS.into_iter().chain(IDS).chain(UNFILLED);
    let fixed = fixed.flat_map(|text| [text.to_owned(), text.to_lowercase()]);
    words
        .flat_map(written)
        .chain(fixed)
        .filter_map(|text| {
            let digest = Digest::of(&text);
            Some((head(&digest)?, (digest, text)))
        })
        .collect()
});

/// The ways in which a word is written: in each case, in quotes or brackets, with a blank or the
/// end of the line that a program hashed with it.
fn written(word: &'static str) -> impl Iterator<Item = String> {
    let mut title = word.to_lowercase();
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let cases = [
        word.to_owned(),
        word.to_lowercase(),
        word.to_uppercase(),
        title,
    ];
    cases.into_iter().flat_map(|word| {
        [
            format!("\"{word}\""),
            format!("'{word}'"),
            format!("({word})"),
            format!("[{word}]"),
            format!("<{word}>"),
            format!("{word}\n"),
            format!("{word} "),
            format!(" {word}"),
            word,
        ]
    })
}

fn head(digest: &Digest) -> Option<Head> {
    digest.as_str().as_bytes().first_chunk().copied()
}

/// Whether `digest`, with or without a suffix, is that of nothing in the field of
/// `identifier`: of a text that is refused there.
pub(in crate::user_data) fn is_digest(
    identifier: Identifier,
    digest: &Digest,
    country: Option<&str>,
) -> bool {
    let text = digest.as_str().as_bytes();
    // A column that was cleared.
    if let Some(first @ (b'0' | b'f')) = text.first()
        && text.iter().take(64).all(|byte| byte == first)
    {
        return true;
    }
    head(digest)
        .and_then(|head| TEXTS.get(&head))
        .is_some_and(|(known, nothing)| {
            let nothing = trim(nothing);
            text.starts_with(known.as_str().as_bytes())
                && (nothing.is_empty()
                    || nothing.len() >= ID
                    || super::refusal(identifier, nothing, country).is_some())
        })
}
