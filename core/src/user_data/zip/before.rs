//! What people write around a postal code: what it is called, the letters of its
//! country, its state.

use std::borrow::Cow;

use super::super::characters::{is_word, trim};
use super::super::country;
use super::super::halves::halves;
use super::super::state::countries_of;
use super::form;
use super::zeros::{self, lost_in_us};

/// Words for a postal code, as people write them before one: in lower case, without
/// points, spaces and dashes. A word is before what it begins with.
const WORDS: [&str; 37] = [
    "zippostalcode",
    "zipcode",
    "zip",
    "postalcode",
    "postal",
    "postcode",
    "eircode",
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
    "cpa",
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

/// Letters of countries on mail from abroad that are not codes of ISO 3166-1.
const PLATES: [(&str, &str); 15] = [
    ("a", "at"),
    ("b", "be"),
    ("d", "de"),
    ("e", "es"),
    ("f", "fr"),
    ("fl", "li"),
    ("ger", "de"),
    ("h", "hu"),
    ("i", "it"),
    ("l", "lu"),
    ("n", "no"),
    ("p", "pt"),
    ("rsm", "sm"),
    ("s", "se"),
    ("slo", "si"),
];

/// Countries whose own codes begin with the letters of the country.
const LETTERED: [&str; 21] = [
    "ad", "ai", "az", "bb", "bm", "bn", "gg", "ht", "im", "je", "ky", "lc", "lt", "lv", "md", "ms",
    "nr", "sz", "vc", "vg", "ws",
];

/// A postal code, and the country whose it is.
pub(super) type Alone<'t> = (&'t str, Option<Cow<'t, str>>);

/// The code that `text` holds without what is around it, and its country if it
/// is known or was written there.
pub(super) fn alone<'t>(text: &'t str, known: Option<&'t str>) -> Alone<'t> {
    let text = trim(text);
    if begins_with_digit(text) {
        // Nearly all codes end here.
        return before_state(text, known).unwrap_or_else(|| (text, known.map(Cow::Borrowed)));
    }
    let text = WORDS
        .iter()
        .find_map(|word| without_word(text, word))
        .unwrap_or(text);
    without_state(text, known)
        .or_else(|| without_country(text, known))
        .unwrap_or_else(|| (text, known.map(Cow::Borrowed)))
}

fn begins_with_digit(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
}

const DASHES: [char; 7] = ['-', '‐', '‑', '‒', '–', '—', '−'];

fn is_dash(character: char) -> bool {
    DASHES.contains(&character)
}

/// What may be between such letters and the code.
fn is_between(character: char) -> bool {
    !is_word(character)
}

/// The code behind `word`: what begins with a digit, or stands apart and has one
/// (`Postcode: M1 1AE`).
fn without_word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let mut rest = text;
    for letter in word.chars() {
        rest = rest.trim_start_matches(is_between);
        let first = rest.chars().next()?;
        rest = rest.strip_prefix(first)?;
        if first != letter && !first.to_lowercase().eq([letter]) {
            return None;
        }
    }
    let code = rest.trim_start_matches(is_between);
    let is_apart = code.len() < rest.len();
    let is_code = begins_with_digit(code) || is_apart && has_digit(code);
    is_code.then_some(code)
}

fn has_digit(text: &str) -> bool {
    text.contains(|own: char| own.is_ascii_digit())
}

/// The digits of a code of nothing but digits, spaces and dashes, and how many stand
/// before the first of those.
fn digits(code: &str) -> Option<(usize, usize)> {
    let is_plain = |own: char| own.is_ascii_digit() || own == ' ' || is_dash(own);
    let first = code.bytes().take_while(u8::is_ascii_digit).count();
    let all = code.bytes().filter(u8::is_ascii_digit).count();
    code.chars().all(is_plain).then_some((all, first))
}

/// Whether a code of `country` may have so many digits, of which some are lost only
/// where the country is known.
fn is_code_of(country: &str, (all, first): (usize, usize), is_known: bool) -> bool {
    let lost = |zeros: &str| if is_known { zeros.len() } else { 0 };
    if country == "us" {
        return matches!(first + lost(lost_in_us(first)), 5 | 9);
    }
    let length = match country {
        "au" => 4,
        "br" => 8,
        "in" => 6,
        "mx" => 5,
        _ => return false,
    };
    all + lost(zeros::lost(country, all)) == length
}

/// The code behind its state: `CA 90210`, `NSW 2000`, where it has the form of the
/// codes of that country.
fn without_state<'t>(text: &'t str, known: Option<&'t str>) -> Option<Alone<'t>> {
    let start = text.find(|own: char| own.is_ascii_digit())?;
    let (state, code) = text.split_at(start);
    let Some(digits) = digits(code) else {
        return without_province(text, known);
    };
    // Without a gap it may be a code that begins with letters: KY1-1001 in the Caymans.
    if known.is_none() && state.ends_with(char::is_alphabetic) {
        return None;
    }
    // Five digits, a dash and three are a code of Brazil alone.
    let is_brazils = digits == (8, 5) && code.contains(is_dash);
    let assumed = known.or(is_brazils.then_some("br"));
    let country =
        countries_of(state, assumed).find(|own| is_code_of(own, digits, known.is_some()))?;
    Some((code, Some(Cow::Borrowed(known.unwrap_or(country)))))
}

/// The code behind its province: `ON K1A 0B1`.
fn without_province<'t>(text: &'t str, known: Option<&'t str>) -> Option<Alone<'t>> {
    /// A letter and a digit, three times.
    const LENGTH: usize = 6;
    let (province, code) = halves(text).next()?;
    let mut own = code.bytes().filter(u8::is_ascii_alphanumeric);
    let is_code = own.clone().count() == LENGTH
        && own.all({
            let mut is_letter = false;
            move |byte| {
                is_letter = !is_letter;
                byte.is_ascii_alphabetic() == is_letter
            }
        });
    let is_province = || countries_of(province, known).any(|country| country == "ca");
    (is_code && is_province()).then_some((code, Some(Cow::Borrowed("ca"))))
}

/// The code before its state: `90210 CA`. Where the country is not known, a US code
/// only: `6000 WA` may be a Dutch one.
fn before_state<'t>(text: &'t str, known: Option<&'t str>) -> Option<Alone<'t>> {
    let start = text.find(char::is_alphabetic)?;
    let (code, state) = text.split_at(start);
    let code = code.trim_end_matches(is_between);
    let digits = digits(code)?;
    let country = countries_of(state, known)
        .filter(|own| known.is_some() || *own == "us")
        .find(|own| is_code_of(own, digits, false))?;
    Some((code, Some(Cow::Borrowed(known.unwrap_or(country)))))
}

/// The code behind the letters of its country: before a dash, two or more letters
/// before a space, and where the country is known to be that one, any of them before
/// a space or the code itself.
///
/// Codes of other countries begin with such letters: `GU1 3AA` is one of Guildford,
/// `S-2000` one of Argentina, `CR-01` one of Bermuda. So letters are taken for those of a
/// country that nothing else tells only before what is a whole code of it.
fn without_country<'t>(text: &'t str, known: Option<&'t str>) -> Option<Alone<'t>> {
    let end = text.find(|own: char| !own.is_ascii_alphabetic())?;
    let (letters, rest) = text.split_at(end);
    let code = rest.trim_start_matches(is_between);
    let between = rest.strip_suffix(code)?;
    if !has_digit(code) || between.is_empty() && known.is_none() {
        return None;
    }
    let own = country_of(letters)?;
    let own = own.as_ref();
    let is_known = known == Some(own);
    let is_apart = between.contains(is_dash) || letters.len() > 1 && !between.is_empty();
    let is_told = is_apart && (is_known || known.is_none()) && form::is_code_of(own, code);
    // No code of the country has letters, so those before it are none of it.
    let is_of_digits = is_known && !form::has_letters(own) && begins_with_digit(code);
    let is_prefix = (is_told || is_of_digits) && !LETTERED.contains(&own);
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
