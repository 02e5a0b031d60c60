//! Amounts of money and counts that come as text, as shops, spreadsheets and tag
//! managers write them: with a currency, grouped digits, a comma for the point.
//!
//! What can be read in two ways is not read: a wrong amount is worse than none.

use iso_currency::Currency;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

use crate::json::Number;
use crate::user_data::characters::{digit, is_unseen};

/// Longer texts are not amounts.
const MAX_LENGTH: usize = 64;

/// What stands for a currency beside an amount, in lower case, where it is neither an
/// ISO 4217 code nor a sign of Unicode's, alone or with letters.
const ABBREVIATIONS: &[&str] = &[
    "kr", "kr.", "kc", "lei", "rs", "rs.", "fr", "fr.", "sfr", "sfr.", "tl", "r", "s/", "s/.",
    "bs", "bs.", "dh", "dhs", "р.", "лв", "лв.", "din", "din.", "ден", "円", "元",
];

/// Signs and abbreviations of one currency, in lower case.
const OF_ONE: &[(&str, Currency)] = &[
    ("€", Currency::EUR),
    ("₹", Currency::INR),
    ("₽", Currency::RUB),
    ("₩", Currency::KRW),
    ("₺", Currency::TRY),
    ("₫", Currency::VND),
    ("₪", Currency::ILS),
    ("฿", Currency::THB),
    ("₱", Currency::PHP),
    ("₴", Currency::UAH),
    ("euro", Currency::EUR),
    ("euros", Currency::EUR),
    ("zł", Currency::PLN),
    ("zl", Currency::PLN),
    ("kč", Currency::CZK),
    ("ft", Currency::HUF),
    ("rm", Currency::MYR),
    ("rp", Currency::IDR),
    ("rp.", Currency::IDR),
    ("руб", Currency::RUB),
    ("руб.", Currency::RUB),
    ("грн", Currency::UAH),
    ("грн.", Currency::UAH),
];

/// Why a text is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// It spells none.
    NoNumber,
    /// It spells two: `1,299` is 1299 to some and 1.299 to others.
    TwoReadings,
}

/// The amount that `text` spells. `currency` gives the event's currency, which is asked
/// for only where it matters.
///
/// `(12.50)` and `12.50-` are negative, as accounting and SAP write them.
pub(super) fn amount<'a>(
    text: &str,
    currency: impl FnOnce() -> Option<&'a str>,
) -> Result<Number, Unread> {
    match Number::from_text(text) {
        Some(number) if !may_be_grouped(text.trim()) => Ok(number),
        _ => written(text, currency),
    }
}

/// Whether a number in JSON's form may be one with a point between thousands: `1.299`.
fn may_be_grouped(text: &str) -> bool {
    text.trim_start_matches('-')
        .split_once('.')
        .is_some_and(|(whole, rest)| is_grouped(&[whole, rest]))
}

fn written<'a>(text: &str, currency: impl FnOnce() -> Option<&'a str>) -> Result<Number, Unread> {
    let plain = in_ascii(text).ok_or(Unread::NoNumber)?;
    let Parts {
        digits,
        is_negative,
        code,
    } = Parts::of(plain.trim()).ok_or(Unread::NoNumber)?;
    let shape = Shape::of(digits).ok_or(Unread::NoNumber)?;
    let is_asked_for = code.is_none() && matches!(shape, Shape::Either { .. });
    let of_event = is_asked_for.then(currency).flatten().and_then(known);
    let number = match (shape, code.or(of_event).and_then(Currency::exponent)) {
        (Shape::One(number), _) => number,
        // Where amounts have no decimals, the separator is one of thousands; where they
        // have three, they are written with all of them.
        (Shape::Either { grouped, .. }, Some(0)) => grouped,
        (
            Shape::Either {
                pointed: Some(number),
                ..
            },
            Some(3),
        ) => number,
        (Shape::Either { .. }, _) => return Err(Unread::TwoReadings),
    };
    let signed = if is_negative {
        format!("-{number}")
    } else {
        number
    };
    Number::from_text(&signed).ok_or(Unread::NoNumber)
}

/// Whether an amount names a currency that is not the event's: `12,50 €` of dollars.
pub(super) fn is_of_another_currency(text: &str, of_event: &str) -> bool {
    let named = in_ascii(text).and_then(|plain| Parts::of(plain.trim())?.code);
    matches!((named, known(of_event)), (Some(named), Some(of_event)) if named != of_event)
}

/// `text` in ASCII's digits and signs, where it is short enough to be an amount.
fn in_ascii(text: &str) -> Option<String> {
    let seen = |character: &char| !is_unseen(*character) || character.is_whitespace();
    (text.len() <= MAX_LENGTH).then(|| text.chars().filter(seen).map(plain).collect())
}

/// The character as ASCII writes it, where it is one of an amount.
fn plain(character: char) -> char {
    if character.is_ascii() {
        return character;
    }
    if let Some(digit) = digit(character) {
        return char::from(b'0' + digit);
    }
    match character {
        // Full-width forms.
        '\u{ff01}'..='\u{ff5e}' => u32::from(character)
            .checked_sub(0xfee0)
            .and_then(char::from_u32)
            .unwrap_or(character),
        '\u{66b}' => ',',
        '\u{66c}' | '\u{2019}' | '\u{2018}' | '\u{2bc}' | '\u{b4}' => '\'',
        '\u{2212}' | '\u{fe63}' | '\u{2013}' | '\u{2014}' => '-',
        other if other.is_whitespace() => ' ',
        other => other,
    }
}

/// An amount without what is around its digits.
struct Parts<'t> {
    /// Digits and what separates them.
    digits: &'t str,
    is_negative: bool,
    /// The currency that it names, where it names one and not only a sign of many.
    code: Option<Currency>,
}

impl<'t> Parts<'t> {
    fn of(text: &'t str) -> Option<Self> {
        let inner = text
            .strip_prefix('(')
            .and_then(|text| text.strip_suffix(')'));
        let mut rest = inner.unwrap_or(text).trim();
        let mut sign = inner.map(|_| '-');
        let mut code = None;
        let mut note = |found: Option<Currency>| {
            let agrees = code.is_none() || found.is_none() || code == found;
            code = code.or(found);
            agrees
        };
        while !rest.starts_with(is_of_digits) {
            let end = rest.find(|character: char| {
                character.is_ascii_digit() || matches!(character, '-' | '+')
            })?;
            let (before, after) = rest.split_at(end);
            if before.is_empty() {
                if sign.is_some() {
                    return None;
                }
                sign = after.chars().next();
                rest = after.get(1..)?.trim_start();
                continue;
            }
            let name = before.trim();
            if let Some(found) = money(name) {
                if !note(found) {
                    return None;
                }
                rest = after;
                continue;
            }
            // `$.50`
            let point = name.len().checked_sub(1)?;
            let found = money(name.get(..point).filter(|_| name.ends_with(['.', ',']))?)?;
            if !note(found) {
                return None;
            }
            rest = rest.get(rest.find(['.', ','])?..)?;
        }
        let end = rest.rfind(|character: char| character.is_ascii_digit())? + 1;
        let (digits, after) = rest.split_at(end);
        // `199,-` and `199/-` have no cents.
        let after = [",-", ".-", "/-", ":-", ",--"]
            .into_iter()
            .rev()
            .find_map(|mark| after.strip_prefix(mark))
            .unwrap_or(after)
            .trim();
        let unsigned = after.strip_prefix('-').or_else(|| after.strip_suffix('-'));
        if unsigned.is_some() && sign.replace('-').is_some() {
            return None;
        }
        let name = unsigned.unwrap_or(after).trim();
        if !name.is_empty() && !note(money(name)?) {
            return None;
        }
        Some(Self {
            digits,
            is_negative: sign == Some('-'),
            code,
        })
    }
}

const fn is_of_digits(character: char) -> bool {
    character.is_ascii_digit() || matches!(character, '.' | ',')
}

/// Whether `name` stands for a currency, and for which where it is for one alone.
#[expect(clippy::option_option, reason = "no currency, one of many, this one")]
fn money(name: &str) -> Option<Option<Currency>> {
    // `USD $`
    if let Some((first, other)) = name.split_once(' ') {
        let (first, other) = (money(first)?, money(other.trim_start())?);
        let is_one = first.is_none() || other.is_none() || first == other;
        return is_one.then(|| first.or(other));
    }
    if let Some(code) = known(name) {
        return Some(Some(code));
    }
    let is_sign = |character: char| {
        character == '$' || character.general_category() == GeneralCategory::CurrencySymbol
    };
    // `$`, `US$`, `R$`, `$CA`.
    let letters = name
        .strip_suffix(is_sign)
        .or_else(|| name.strip_prefix(is_sign))
        .map(str::trim);
    if let Some(letters) = letters
        && !name.contains('\u{a2}')
        && letters.len() <= 3
        && letters.bytes().all(|byte| byte.is_ascii_alphabetic())
    {
        return Some(of_sign(name, letters).or_else(|| known(letters)));
    }
    let lower = name.to_lowercase();
    if let Some((_, currency)) = OF_ONE.iter().find(|(name, _)| *name == lower) {
        return Some(Some(*currency));
    }
    ABBREVIATIONS.contains(&lower.as_str()).then_some(None)
}

/// The currency of a sign, where it is one's alone: `€`, `US$`, `R$`.
fn of_sign(name: &str, letters: &str) -> Option<Currency> {
    match (name, letters.len()) {
        ("R$", _) => Some(Currency::BRL),
        (_, 2) if name.contains('$') => known(&format!("{letters}D")),
        (_, 0) => {
            let of_one = OF_ONE.iter().find(|(sign, _)| *sign == name);
            of_one.map(|(_, currency)| *currency)
        }
        _ => None,
    }
}

fn known(code: &str) -> Option<Currency> {
    let code = code.trim();
    (code.len() == 3)
        .then(|| Currency::from_code(&code.to_ascii_uppercase()))
        .flatten()
}

/// How the digits of an amount are to be read.
enum Shape {
    /// As this number.
    One(String),
    /// In two ways: with thousands, or as `pointed` where the separator is a point.
    Either {
        grouped: String,
        pointed: Option<String>,
    },
}

impl Shape {
    fn of(text: &str) -> Option<Self> {
        let runs: Vec<&str> = text
            .split(|character: char| !character.is_ascii_digit())
            .collect();
        let separators: Vec<char> = text
            .chars()
            .filter(|character| !character.is_ascii_digit())
            .collect();
        let is_of_group = |separator: &char| matches!(separator, '.' | ',' | ' ' | '\'');
        if !separators.iter().all(is_of_group) {
            return None;
        }
        let (Some((rest, whole)), Some((last, others))) =
            (runs.split_last(), separators.split_last())
        else {
            return Some(Self::One(text.to_owned()));
        };
        let grouped = is_grouped(&runs).then(|| runs.concat());
        let may_be_point = matches!(last, '.' | ',') && !rest.is_empty();
        let Some(first) = others.first() else {
            let decimal = may_be_point.then(|| format!("{}.{rest}", whole.concat()));
            return match (grouped, decimal) {
                (Some(grouped), Some(decimal)) => Some(Self::Either {
                    grouped,
                    pointed: (*last == '.').then_some(decimal),
                }),
                (one, other) => one.or(other).map(Self::One),
            };
        };
        if separators.iter().all(|separator| separator == last) {
            return grouped.map(Self::One);
        }
        let is_clear = may_be_point && first != last && others.iter().all(|other| other == first);
        (is_clear && is_grouped(whole)).then(|| Self::One(format!("{}.{rest}", whole.concat())))
    }
}

/// Whether `runs` are the groups of one whole number: of three digits, or, as in India,
/// of two before the last three.
fn is_grouped(runs: &[&str]) -> bool {
    let is_digits = |run: &str| run.bytes().all(|byte| byte.is_ascii_digit());
    let [first, middle @ .., last] = runs else {
        return false;
    };
    let are = |length: usize| middle.iter().all(|run| run.len() == length);
    last.len() == 3
        && (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && runs.iter().all(|run| is_digits(run))
        && (are(3) || (first.len() <= 2 && are(2)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, currency: Option<&str>) -> Result<f64, Unread> {
        amount(text, || currency).map(Number::to_f64)
    }

    #[test]
    fn one_reading_is_read() {
        for (text, wanted) in [
            ("12.50", 12.5),
            (" 12.50\u{a0}", 12.5),
            ("\u{feff}12.5", 12.5),
            ("12,50", 12.5),
            ("12,5", 12.5),
            ("0,125", 0.125),
            ("0.125", 0.125),
            (".5", 0.5),
            (",5", 0.5),
            ("1e3", 1000.0),
            ("1.299e3", 1299.0),
            ("007", 7.0),
            ("1234.500", 1234.5),
            ("1,2999", 1.2999),
            ("$1,299.50", 1299.5),
            ("1.299,50", 1299.5),
            ("1.299,50 €", 1299.5),
            ("€ 1.299,50", 1299.5),
            ("1 299,50 €", 1299.5),
            ("1\u{202f}299,50\u{a0}€", 1299.5),
            ("1\u{2009}299.50", 1299.5),
            ("1'299.50", 1299.5),
            ("CHF 1’299.50", 1299.5),
            ("1.299.000", 1_299_000.0),
            ("1,299,000", 1_299_000.0),
            ("1,299,000.5", 1_299_000.5),
            ("1 299", 1299.0),
            ("1,29,999.00", 129_999.0),
            ("₹1,29,999", 129_999.0),
            ("１２．５０", 12.5),
            ("￥１，２９９，０００", 1_299_000.0),
            ("١٢٫٥٠", 12.5),
            ("USD 12.50", 12.5),
            ("12.50USD", 12.5),
            ("US$ 12.50", 12.5),
            ("R$ 1.299,50", 1299.5),
            ("$.50", 0.5),
            ("Rs. 500", 500.0),
            ("499 kr.", 499.0),
            ("1 299,50 zł", 1299.5),
            ("199,-", 199.0),
            ("199.- CHF", 199.0),
            ("199/-", 199.0),
            ("199:-", 199.0),
            ("Rs. 1,29,999.00/-", 129_999.0),
            ("USD $1,299.50", 1299.5),
            ("MX$ 1,299.50 MXN", 1299.5),
            ("-12.50", -12.5),
            ("−12,50", -12.5),
            ("-$12.50", -12.5),
            ("$-12.50", -12.5),
            ("+12.50", 12.5),
            ("(12.50)", -12.5),
            ("($1,299.50)", -1299.5),
            ("12.50-", -12.5),
        ] {
            assert_eq!(read(text, None), Ok(wanted), "{text}");
        }
    }

    #[test]
    fn two_readings_are_none() {
        for text in [
            "1,299", "1.299", "$1,299", "12.345", "-1,299", "123,456", "1,000",
        ] {
            assert_eq!(read(text, None), Err(Unread::TwoReadings), "{text}");
        }
    }

    #[test]
    fn three_decimals_are_read_where_the_currency_has_them() {
        assert_eq!(read("12.500", Some("KWD")), Ok(12.5));
        assert_eq!(read("BHD 12.500", None), Ok(12.5));
        assert_eq!(read("12.500", Some("EUR")), Err(Unread::TwoReadings));
        assert_eq!(read("12,500", Some("TND")), Err(Unread::TwoReadings));
    }

    #[test]
    fn what_is_no_amount_is_not_read() {
        for text in [
            "",
            " ",
            "abc",
            "NaN",
            "inf",
            "-",
            ".",
            ",",
            "$",
            "12.",
            "12,",
            "12x",
            "10k",
            "1.5M",
            "5%",
            "50¢",
            "3 items",
            "12 50",
            "1,2,3",
            "1.2.3",
            "1..5",
            "1,299.50,00",
            "1.299.50",
            "01,299.50",
            "12-50",
            "--12",
            "-(12)",
            "(12",
            "12)",
            "-12-",
            "1_299",
            "12.50 / 3",
            "USD",
            "12.50 USD EUR",
            "EUR 12.50 USD",
            "0x1f",
            "1e400",
            "2026-11-30",
            "12:30",
            "1 299'000.50",
            "☃ 12",
            "((12))",
        ] {
            assert_eq!(read(text, None), Err(Unread::NoNumber), "{text}");
        }
        assert_eq!(read(&"1".repeat(100_000), None), Err(Unread::NoNumber));
        assert_eq!(read(&"9,".repeat(30), None), Err(Unread::NoNumber));
    }
}
