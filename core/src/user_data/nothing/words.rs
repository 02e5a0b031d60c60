//! The words for nothing and nobody.

use std::ops::RangeInclusive;

use super::spelling::{Spelling, begins_plain, unquoted};

/// The words as [`Spelling`] has them, in the order of the alphabet: what languages print
/// for no value, and what shops, forms and reports write for nobody.
///
/// `test`, `x` and `other` are not among them: somebody chose them.
pub(super) const WORDS: [&str; 75] = [
    "anonim",
    "anonimo",
    "anonym",
    "anonyme",
    "anonymous",
    "anonymouscustomer",
    "anonymoususer",
    "anonymousvisitor",
    "blank",
    "datanotavailable",
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
    "infinity",
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
    "unknowncity",
    "unknowncountry",
    "unknowncustomer",
    "unknownstate",
    "unknownuser",
    "unset",
    "unspecified",
];

/// What an account is and no state or country: Shopify calls that the `state` of a
/// customer.
pub(super) const OF_ACCOUNTS: [&str; 10] = [
    "active",
    "blocked",
    "declined",
    "deleted",
    "disabled",
    "enabled",
    "inactive",
    "invited",
    "pending",
    "suspended",
];

/// Those of [`WORDS`] that nobody is called.
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

/// With which letters and digits the words end that begin with each of them, as bits: no
/// more than these two are looked at of nearly every value.
const ENDS: [u64; SIGN] = {
    let mut ends = with_ends_of(&OF_ACCOUNTS, with_ends_of(&WORDS, [0; SIGN]));
    // A number of zeros only.
    ends[place(b'0')] |= 1 << place(b'0');
    ends
};

const fn with_ends_of(words: &[&str], mut ends: [u64; SIGN]) -> [u64; SIGN] {
    let mut index = 0;
    while index < words.len() {
        let word = words[index].as_bytes();
        ends[place(word[0])] |= 1 << place(word[word.len() - 1]);
        index += 1;
    }
    ends
}

/// With which of them a word may end behind signs: also as [`MARKS`] do.
const ALL_ENDS: u64 = {
    let mut all = 1 << place(b'1');
    let mut index = 0;
    while index < SIGN {
        all |= ENDS[index];
        index += 1;
    }
    all
};

/// How long the words are that begin with each letter, as bits.
const LENGTHS: [u64; SIGN] = {
    let mut lengths = [0; SIGN];
    let mut index = 0;
    while index < WORDS.len() {
        let word = WORDS[index].as_bytes();
        lengths[place(word[0])] |= 1 << word.len();
        index += 1;
    }
    lengths
};

/// Whether a word that begins as `letters` do is as long.
fn has_length(letters: &str) -> bool {
    let first = letters.bytes().next().map(place);
    let lengths = first.and_then(|place| LENGTHS.get(place));
    lengths.is_some_and(|lengths| letters.len() < 64 && lengths >> letters.len() & 1 == 1)
}

/// The place of what is neither a letter nor a digit, behind those of all that are.
const SIGN: usize = 36;

const fn place(byte: u8) -> usize {
    match byte.to_ascii_lowercase() {
        letter @ b'a'..=b'z' => (letter - b'a') as usize,
        digit @ b'0'..=b'9' => (digit - b'0') as usize + 26,
        _ => SIGN,
    }
}

/// Whether `text` may be a word by its first and its last byte: nearly no value may.
pub(super) fn may_be(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
        return false;
    };
    let ends = ENDS.get(place(*first)).copied().unwrap_or(ALL_ENDS);
    match place(*last) {
        SIGN => ends != 0,
        last => ends >> last & 1 == 1,
    }
}

/// Whether `text`, spelled so, is a word for nothing, or a number of a few zeros only.
pub(super) fn is_word(spelling: &Spelling<'_>, text: &str) -> bool {
    const ZEROS: RangeInclusive<usize> = 1..=10;
    let letters = spelling.letters();
    (has_length(letters) && WORDS.binary_search(&letters).is_ok())
        || (ZEROS.contains(&letters.len()) && letters.bytes().all(|letter| letter == b'0'))
        || is_sign(text)
}

/// Whether the text is a word for an account where a state or a country stands.
pub(super) fn is_of_account(spelling: &Spelling<'_>) -> bool {
    OF_ACCOUNTS.binary_search(&spelling.letters()).is_ok()
}

/// Whether `text`, spelled so, is a word for nothing even where people's names stand.
pub(super) fn is_in_name(spelling: &Spelling<'_>, text: &str) -> bool {
    IN_NAMES.contains(&spelling.letters())
        || SIGNED_IN_NAMES.iter().any(|word| spelling.is_bare(word))
        || (text.contains('#') && is_sign(text))
}

/// Whether `text` is an address that nobody has: `null@null.com`, `none@none.none`.
pub(super) fn is_address(text: &str) -> bool {
    const MAX_LENGTH: usize = "undefined@".len();
    let Some(at) = text.bytes().take(MAX_LENGTH).position(|byte| byte == b'@') else {
        return false;
    };
    let (local, domain) = text.split_at(at);
    let label = domain[1..].split('.').next().unwrap_or_default();
    ["null", "undefined", "none", "nil", "nan", "na"]
        .iter()
        .any(|word| local.eq_ignore_ascii_case(word) && label.eq_ignore_ascii_case(word))
}

fn is_sign(text: &str) -> bool {
    if begins_plain(text) {
        return false;
    }
    let text = unquoted(text);
    let mut signs = ERRORS.iter().chain(&MARKS);
    signs.any(|sign| text.eq_ignore_ascii_case(sign))
}
