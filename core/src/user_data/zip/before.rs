//! What people write before a postal code: what it is called, the letters of its
//! country, its state.

use std::borrow::Cow;

use super::super::characters::trim;
use super::super::country;
use super::super::state::countries_of;

/// Words for a postal code, as people write them before one: in lower case, without
/// points, spaces and dashes. A word stands before what it begins with.
const WORDS: [&str; 35] = [
    "zippostalcode",
    "zipcode",
    "zip",
    "postalcode",
    "postal",
    "postcode",
    "plz",
    "postleitzahl",
    "cep",
    "codepostal",
    "codpostal",
    "códpostal",
    "codigopostal",
    "códigopostal",
    "codicepostale",
    "cap",
    "cp",
    "npa",
    "pincode",
    "pin",
    "psc",
    "psč",
    "irsz",
    "kodpocztowy",
    "postnummer",
    "postnr",
    "postinumero",
    "postakodu",
    "индекс",
    "почтовыйиндекс",
    "邮编",
    "郵遞區號",
    "邮政编码",
    "郵便番号",
    "우편번호",
];

/// Letters of countries on mail from abroad that are no codes of ISO 3166-1.
const PLATES: [(&str, &str); 13] = [
    ("a", "at"),
    ("b", "be"),
    ("d", "de"),
    ("e", "es"),
    ("f", "fr"),
    ("fl", "li"),
    ("h", "hu"),
    ("i", "it"),
    ("l", "lu"),
    ("n", "no"),
    ("p", "pt"),
    ("s", "se"),
    ("slo", "si"),
];

/// Countries whose own codes begin with the letters of the country.
const LETTERED: [&str; 20] = [
    "ad", "ai", "az", "bb", "bm", "bn", "gg", "ht", "im", "je", "ky", "lc", "lt", "lv", "md", "ms",
    "sz", "vc", "vg", "ws",
];

/// Countries whose codes begin with a letter that is none of the country's.
const ALPHANUMERIC: [&str; 3] = ["ca", "gb", "ie"];

/// A postal code, and the country whose it is.
pub(super) type Alone<'t> = (&'t str, Option<Cow<'t, str>>);

/// The code that `text` holds without what stands before it, and its country if it
/// is known or was written there.
pub(super) fn alone<'t>(text: &'t str, known: Option<&'t str>) -> Alone<'t> {
    let text = trim(text);
    // Nearly all codes end here.
    if text.starts_with(|first: char| first.is_ascii_digit()) {
        return (text, known.map(Cow::Borrowed));
    }
    let text = WORDS
        .iter()
        .find_map(|word| without_word(text, word))
        .unwrap_or(text);
    without_state(text, known)
        .or_else(|| without_country(text, known))
        .unwrap_or_else(|| (text, known.map(Cow::Borrowed)))
}

const DASHES: [char; 7] = ['-', '‐', '‑', '‒', '–', '—', '−'];

fn is_dash(character: char) -> bool {
    DASHES.contains(&character)
}

/// What may stand between such letters and the code.
fn is_between(character: char) -> bool {
    character.is_whitespace() || is_dash(character) || matches!(character, '.' | ':' | '#' | ',')
}

/// The code behind `word`: what begins with a digit, or stands apart and has one
/// (`Postcode: M1 1AE`).
fn without_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let mut rest = text;
    for letter in word.chars() {
        rest = rest.trim_start_matches(|own| is_between(own) || matches!(own, '/' | '_'));
        let first = rest.chars().next()?;
        rest = rest.strip_prefix(first)?;
        if first != letter && !first.to_lowercase().eq([letter]) {
            return None;
        }
    }
    let code = rest.trim_start_matches(is_between);
    let is_apart = code.len() < rest.len();
    let begins = |text: &str| text.starts_with(|first: char| first.is_ascii_digit());
    let has_digit = || code.contains(|own: char| own.is_ascii_digit());
    (begins(code) || is_apart && has_digit()).then_some(code)
}

/// The code behind its state: `CA 90210`, `NSW 2000`, where it has the form of the
/// codes of that country.
fn without_state<'t>(text: &'t str, known: Option<&'t str>) -> Option<Alone<'t>> {
    let start = text.find(|own: char| own.is_ascii_digit())?;
    let (state, code) = text.split_at(start);
    let is_plain = |own: char| own.is_ascii_digit() || own == ' ' || is_dash(own);
    if state.is_empty() || !code.chars().all(is_plain) {
        return None;
    }
    let digits = code.bytes().filter(u8::is_ascii_digit).count();
    let country = countries_of(state, known).find(|country| match *country {
        "us" => matches!(digits, 5 | 9) || known.is_some() && matches!(digits, 4 | 8),
        "au" => digits == 4,
        "br" => digits == 8,
        "in" => digits == 6,
        "mx" => digits == 5,
        _ => false,
    })?;
    Some((code, Some(Cow::Borrowed(known.unwrap_or(country)))))
}

/// The code behind the letters of its country: before a dash, and where the country
/// is known to be that one, before a space or the code itself.
fn without_country<'t>(text: &'t str, known: Option<&'t str>) -> Option<Alone<'t>> {
    let end = text.find(|own: char| !own.is_ascii_alphabetic())?;
    let (letters, rest) = text.split_at(end);
    let own = country_of(letters)?;
    let own = own.as_ref();
    let code = rest.trim_start_matches(is_between);
    let between = rest.strip_suffix(code)?;
    let is_known = known == Some(own);
    let is_told = between.contains(is_dash) && (is_known || known.is_none());
    let begins = if ALPHANUMERIC.contains(&own) {
        is_told && code.contains(|own: char| own.is_ascii_digit())
    } else {
        code.starts_with(|first: char| first.is_ascii_digit())
    };
    let is_prefix = (is_told || is_known) && begins && !LETTERED.contains(&own);
    is_prefix.then(|| (code, Some(Cow::Owned(own.to_owned()))))
}

/// The country that `letters` stand for before a code, in lower case.
fn country_of(letters: &str) -> Option<Cow<'static, str>> {
    let plate = PLATES
        .iter()
        .find(|(plate, _)| plate.eq_ignore_ascii_case(letters));
    match plate {
        Some((_, country)) => Some(Cow::Borrowed(country)),
        None if matches!(letters.len(), 2 | 3) => {
            let code = country::name(letters, &mut String::new())?;
            Some(Cow::Owned(code.to_ascii_lowercase()))
        }
        None => None,
    }
}
