//! The words for nothing and nobody.

use super::spelling::{Spelling, unquoted};

/// The words as [`Spelling`] has them, in the order of the alphabet: what languages print
/// for no value, and what shops, forms and reports write for nobody.
///
/// `test`, `x` and `other` are not among them: somebody chose them.
pub(super) const WORDS: [&str; 70] = [
    "anonim",
    "anonimo",
    "anonym",
    "anonyme",
    "anonymous",
    "anonymouscustomer",
    "anonymoususer",
    "anonymousvisitor",
    "blank",
    "dbnull",
    "desconhecido",
    "desconocido",
    "empty",
    "false",
    "gast",
    "guest",
    "guestcheckout",
    "guestcustomer",
    "guestuser",
    "inconnu",
    "missing",
    "na",
    "nan",
    "nannan",
    "nil",
    "nobody",
    "nodata",
    "none",
    "nonegiven",
    "nonenone",
    "noneprovided",
    "notapplicable",
    "notavailable",
    "notdefined",
    "notgiven",
    "notknown",
    "notloggedin",
    "notprovided",
    "notset",
    "notspecified",
    "nouser",
    "novalue",
    "null",
    "nullnull",
    "objectnull",
    "objectobject",
    "objectundefined",
    "onbekend",
    "pleaseselect",
    "sconosciuto",
    "selectacity",
    "selectacountry",
    "selectastate",
    "selectcity",
    "selectcountry",
    "selectone",
    "selectstate",
    "tbd",
    "true",
    "unavailable",
    "unbekannt",
    "undefined",
    "undefinednull",
    "undefinedundefined",
    "unidentified",
    "unknown",
    "unknowncustomer",
    "unknownuser",
    "unset",
    "unspecified",
];

/// Those of them that nobody is called.
const IN_NAMES: [&str; 8] = [
    "null",
    "nullnull",
    "objectnull",
    "objectobject",
    "objectundefined",
    "undefined",
    "undefinednull",
    "undefinedundefined",
];

/// What is nothing in a name too because of its signs: `Na` is a name.
const SIGNED_IN_NAMES: [&str; 5] = ["n/a", "n.a.", "(not set)", "(none)", "(unknown)"];

/// What spreadsheets write where a formula has no value.
pub(super) const ERRORS: [&str; 9] = [
    "#n/a", "#null!", "#ref!", "#value!", "#name?", "#div/0!", "#num!", "#error!", "#spill!",
];

/// What databases write for null, and programs for an index of nothing.
pub(super) const MARKS: [&str; 2] = ["\\n", "-1"];

/// Whether a word may begin as `text` does: nearly no number does, and not every name.
pub(super) fn may_begin(text: &str) -> bool {
    text.bytes().next().is_some_and(|first| {
        !first.is_ascii_alphanumeric()
            || matches!(
                first.to_ascii_lowercase(),
                b'0' | b'a' | b'b' | b'd'..=b'g' | b'i' | b'm'..=b'p' | b's'..=b'u'
            )
    })
}

/// Whether `text`, spelled so, is a word for nothing, or a number of a few zeros only.
pub(super) fn is_word(spelling: &Spelling<'_>, text: &str) -> bool {
    const MOST_ZEROS: usize = 10;
    let letters = spelling.letters();
    WORDS.binary_search(&letters).is_ok()
        || (letters.len() <= MOST_ZEROS && letters.bytes().all(|letter| letter == b'0'))
        || is_sign(text)
}

/// Whether `text`, spelled so, is a word for nothing even where people's names stand.
pub(super) fn is_in_name(spelling: &Spelling<'_>, text: &str) -> bool {
    IN_NAMES.contains(&spelling.letters())
        || SIGNED_IN_NAMES.iter().any(|word| spelling.is_bare(word))
        || (text.contains('#') && is_sign(text))
}

/// Whether `text` is an address that nobody has: `null@null.com`, `none@none.none`.
pub(super) fn is_address(text: &str) -> bool {
    const LONGEST: usize = "undefined@".len();
    let Some(at) = text.bytes().take(LONGEST).position(|byte| byte == b'@') else {
        return false;
    };
    let (local, domain) = text.split_at(at);
    let label = domain[1..].split('.').next().unwrap_or_default();
    ["null", "undefined", "none", "nil", "nan", "na"]
        .iter()
        .any(|word| local.eq_ignore_ascii_case(word) && label.eq_ignore_ascii_case(word))
}

fn is_sign(text: &str) -> bool {
    let text = unquoted(text);
    let mut signs = ERRORS.iter().chain(&MARKS);
    signs.any(|sign| text.eq_ignore_ascii_case(sign))
}
