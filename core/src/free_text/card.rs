//! What looks like the number of a payment card: digits with the prefix and the
//! length of an issuer, and the right check digit.
//!
//! A tenth of all numbers has the right check digit, so that by it alone every
//! tenth article number would go.

use std::ops::Range;

use super::encoded;
use crate::user_data::characters::{digit, is_unseen};

/// The lengths of card numbers that are looked for. Those of 13 digits are out
/// of use, and article numbers (EAN) have as many.
pub(super) const FEWEST_DIGITS: usize = 14;
const MOST_DIGITS: usize = 19;

/// Which card numbers count in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cards {
    /// All of them.
    Any,
    /// Those of 15 digits and more: where ids of articles stand, which often
    /// have 14.
    Long,
    /// Those that are written in groups, as cards are: where ids stand, one in ten
    /// of which would have a card's digits by chance.
    Grouped,
    /// None: the place has ids of Meta's own.
    None,
}

impl Cards {
    const fn fewest_digits(self) -> usize {
        match self {
            Self::Any | Self::Grouped => FEWEST_DIGITS,
            Self::Long => FEWEST_DIGITS + 1,
            Self::None => usize::MAX,
        }
    }
}

/// The numbers of an issuer: those that begin with `first` to `last` and have as
/// many digits as `lengths` names.
struct Issuer {
    first: u64,
    last: u64,
    lengths: &'static [usize],
}

const fn issuer(first: u64, last: u64, lengths: &'static [usize]) -> Issuer {
    Issuer {
        first,
        last,
        lengths,
    }
}

/// Source: ISO/IEC 7812 and what the issuers publish of their ranges.
const ISSUERS: &[Issuer] = &[
    // Visa
    issuer(4, 4, &[16, 19]),
    // Mastercard
    issuer(51, 55, &[16]),
    issuer(2221, 2720, &[16]),
    // Mir
    issuer(2200, 2204, &[16, 17, 18, 19]),
    // American Express
    issuer(34, 34, &[15]),
    issuer(37, 37, &[15]),
    // Discover
    issuer(6011, 6011, &[16]),
    issuer(644, 649, &[16]),
    issuer(65, 65, &[16]),
    // Diners Club
    issuer(300, 305, &[14]),
    issuer(36, 36, &[14]),
    issuer(38, 38, &[14]),
    // JCB
    issuer(3528, 3589, &[16]),
    issuer(1800, 1800, &[15]),
    issuer(2131, 2131, &[15]),
    // RuPay; those that begin with 65 are Discover's as well
    issuer(508_500, 508_999, &[16]),
    issuer(606_985, 607_984, &[16]),
    issuer(608_001, 608_500, &[16]),
    issuer(81, 82, &[16]),
    // Troy
    issuer(9792, 9792, &[16]),
    // UnionPay
    issuer(62, 62, &[16, 17, 18, 19]),
    // Maestro
    issuer(5018, 5018, &[16, 17, 18, 19]),
    issuer(5020, 5020, &[16, 17, 18, 19]),
    issuer(5038, 5038, &[16, 17, 18, 19]),
    issuer(5893, 5893, &[16, 17, 18, 19]),
    issuer(6304, 6304, &[16, 17, 18, 19]),
    issuer(6759, 6759, &[16, 17, 18, 19]),
    issuer(6761, 6763, &[16, 17, 18, 19]),
];

/// The places of all card-like pieces, in order. They may overlap.
pub(super) fn spans(text: &str, cards: Cards) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(from..)?;
            let start = from + rest.find(|sign: char| digit(sign).is_some())?;
            // The next look begins behind this run of digits.
            let rest = text.get(start..)?;
            let run = rest.find(|sign: char| digit(sign).is_none());
            from = run.map_or(text.len(), |length| start + length);
            if let Some(beside) = beginning(text.get(..start)?)
                && let Some(length) = card_length(rest, cards, beside)
            {
                return Some(start..start + length);
            }
            if let Some(start) = behind_space(text, start)
                && start < from
                && let Some(length) = card_length(text.get(start..)?, cards, Beside::Nothing)
            {
                return Some(start..start + length);
            }
        }
    })
}

/// Where the digits at `start` go on behind a percent-encoded space that they are
/// the end of: `card:%204111`.
fn behind_space(text: &str, start: usize) -> Option<usize> {
    let percent = start.checked_sub(1)?;
    let length = encoded(text.as_bytes().get(percent..)?, SPACE)?;
    Some(percent + length)
}

/// A space as URLs have it, in hexadecimal digits.
const SPACE: &[u8; 2] = b"20";

/// Whether a number is directly beside a letter: `Visa4111...`. That is
/// believed only of the two most common lengths.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    Letter,
    Nothing,
}

/// How many digits a card has that may be directly beside a letter.
const BESIDE_LETTERS: std::ops::RangeInclusive<usize> = 15..=16;

/// What digits behind `before` stand beside. `None` where they go on from
/// others: they are what is behind a decimal point, or of a hash.
fn beginning(before: &str) -> Option<Beside> {
    let seen = before.chars().rev().filter(|sign| !is_unseen(*sign));
    let mut signs = seen.clone();
    match signs.next() {
        Some('.') if signs.next().is_some_and(|sign| digit(sign).is_some()) => None,
        // `0,4111`: behind others, a comma is between cells.
        Some(',')
            if signs.next() == Some('0')
                && signs.next().is_none_or(|sign| digit(sign).is_none()) =>
        {
            None
        }
        Some(sign) if digit(sign).is_some() || are_of_a_hash(seen) => None,
        Some(sign) if sign.is_alphanumeric() => Some(Beside::Letter),
        _ => Some(Beside::Nothing),
    }
}

/// Whether `signs`, read away from a number, are letters of a hexadecimal number
/// that goes on: a hash may have the digits of a card in its midst.
fn are_of_a_hash(signs: impl Iterator<Item = char>) -> bool {
    const MOST_LETTERS: usize = 4;
    for (place, sign) in signs.take(MOST_LETTERS + 1).enumerate() {
        if sign.is_ascii_digit() {
            return place > 0;
        }
        if !sign.is_ascii_hexdigit() {
            return false;
        }
        if place == MOST_LETTERS {
            return true;
        }
    }
    false
}

/// What is between the groups of digits of an ordinary number, one at a time;
/// `+` is a space of a form.
const fn is_separator(sign: char) -> bool {
    matches!(
        sign,
        ' ' | '-' | '+' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\u{3000}' | '‐' | '‑' | '–'
    )
}

/// What may also stand there where the groups are exactly a card's.
fn is_loose_separator(sign: char) -> bool {
    matches!(sign, '.' | '_' | '/' | '—' | '―' | '‒' | '−' | '－') || sign.is_whitespace()
}

/// How many separators may stand side by side: ` - `.
const MOST_SEPARATORS: usize = 3;

/// The characters of `text` that are seen, with their places; an encoded space is
/// one.
fn seen(text: &str) -> impl Iterator<Item = (usize, char)> + Clone {
    let mut rest = text;
    let signs = std::iter::from_fn(move || {
        let place = text.len() - rest.len();
        if let Some(length) = encoded(rest.as_bytes(), SPACE) {
            rest = rest.get(length..)?;
            return Some((place, ' '));
        }
        let sign = rest.chars().next()?;
        rest = rest.get(sign.len_utf8()..)?;
        Some((place, sign))
    });
    signs.filter(|(_, sign)| !is_unseen(*sign))
}

/// The length in bytes of the longest card number that `text`, which begins with
/// a digit, begins with.
fn card_length(text: &str, cards: Cards, before: Beside) -> Option<usize> {
    let mut digits = [0_u8; MOST_DIGITS];
    let mut count = 0;
    let mut groups = Groups::default();
    let mut longest = None;
    let mut signs = seen(text).peekable();
    'digits: while let Some((place, sign)) = signs.next() {
        let Some(value) = digit(sign) else {
            // A separator: a group follows, or this is the end.
            let mut separator = sign;
            let mut width = 1;
            loop {
                groups.loose |= width > 1 || !is_separator(separator);
                if width > MOST_SEPARATORS
                    || !(is_separator(separator) || is_loose_separator(separator))
                {
                    break 'digits;
                }
                match signs.peek() {
                    Some((_, next)) if digit(*next).is_some() => break,
                    Some((_, next)) => separator = *next,
                    None => break 'digits,
                }
                signs.next();
                width += 1;
            }
            groups.close();
            continue;
        };
        let Some(slot) = digits.get_mut(count) else {
            break;
        };
        *slot = value;
        count += 1;
        groups.grow();
        let mut beside = before;
        match signs.peek() {
            Some((_, next)) if digit(*next).is_some() => continue,
            Some((_, next)) if next.is_alphanumeric() => {
                if are_of_a_hash(signs.clone().map(|(_, sign)| sign)) {
                    break;
                }
                beside = Beside::Letter;
            }
            _ => {}
        }
        let number = digits.get(..count).unwrap_or_default();
        if count >= cards.fewest_digits()
            && (cards != Cards::Grouped || groups.closed > 0)
            && (beside == Beside::Nothing || BESIDE_LETTERS.contains(&count))
            && groups.are_of_a_card()
            && is_card(number)
        {
            longest = Some(place + sign.len_utf8());
        }
    }
    longest
}

/// The groups of digits so far. Cards are printed as 4-4-4-4, 4-6-5, 4-4-4-4-3
/// and 6-13, and typed as 6-10; lists of sizes and numbers of telephones have
/// shorter groups.
#[derive(Default)]
struct Groups {
    sizes: [usize; MOST_DIGITS],
    closed: usize,
    /// Whether something was between two that is only in cards.
    loose: bool,
}

impl Groups {
    fn grow(&mut self) {
        if let Some(open) = self.sizes.get_mut(self.closed) {
            *open += 1;
        }
    }

    const fn close(&mut self) {
        self.closed += 1;
    }

    fn are_of_a_card(&self) -> bool {
        let is_usual = |size: &usize| (3..=8).contains(size);
        match self.sizes.get(..=self.closed).unwrap_or_default() {
            [_] | [4, 4, 4, 4] | [4, 6, 4 | 5] => true,
            _ if self.loose => false,
            [6, 10 | 13] => true,
            // The last digits of a long number.
            [4, middle @ .., 1 | 2] if middle.len() == 3 => middle.iter().all(is_usual),
            [4..=8, others @ ..] => others.iter().all(is_usual),
            _ => false,
        }
    }
}

fn is_card(digits: &[u8]) -> bool {
    let begins = |issuer: &Issuer| {
        let length = issuer.first.ilog10() as usize + 1;
        let prefix = digits.iter().take(length);
        let prefix = prefix.fold(0, |prefix, digit| prefix * 10 + u64::from(*digit));
        (issuer.first..=issuer.last).contains(&prefix)
    };
    ISSUERS
        .iter()
        .any(|issuer| issuer.lengths.contains(&digits.len()) && begins(issuer))
        && has_check_digit(digits)
}

/// Luhn's check. Source: ISO/IEC 7812-1, annex B.
fn has_check_digit(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, u32::from(*digit)) {
            (0, digit) => digit,
            (_, digit) if digit > 4 => digit * 2 - 9,
            (_, digit) => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        spans(text, Cards::Any).map(|span| &text[span]).collect()
    }

    #[test]
    fn test_numbers_of_every_issuer_are_found() {
        for text in [
            "4111111111111111",
            "4000000000000000006",
            "5555555555554444",
            "2223003122003222",
            "378282246310005",
            "341111111111111",
            "6011111111111117",
            "6445644564456445",
            "6500000000000002",
            "30569309025904",
            "36227206271667",
            "38520000023237",
            "3530111333300000",
            "6200000000000005",
            "6759649826438453",
            "2200000000000004",
            "6069850000000003",
            "8172000000000005",
            "9792000000000003",
            "180000000000002",
            "213100000000001",
        ] {
            assert_eq!(found(text), [text], "{text}");
        }
    }

    #[test]
    fn they_are_found_in_groups_and_in_other_digits() {
        for text in [
            "4111 1111 1111 1111",
            "4111-1111-1111-1111",
            "4111+1111+1111+1111",
            "3782 822463 10005",
            "3056 930902 5904",
            "4000 0000 0000 0000 006",
            "411111 1111111111",
            "4111.1111.1111.1111",
            "4111_1111_1111_1111",
            "4111/1111/1111/1111",
            "4111—1111—1111—1111",
            "4111−1111−1111−1111",
            "4111 - 1111 - 1111 - 1111",
            "4111  1111  1111  1111",
            "4111\t1111\t1111\t1111",
            "4111\r\n1111\r\n1111\r\n1111",
            "3782.822463.10005",
            "4111\u{200b}1111\u{2060}1111\u{feff}1111",
            "4111\u{200e}1111\u{202e}1111\u{0}1111",
            "4111\u{34f}1111\u{115f}1111\u{fe0f}1111",
            "4111%201111%201111%201111",
            "4111%25201111%25201111%25201111",
            "４１１１１１１１１１１１１１１１",
            "٤١١١ ١١١١ ١١١١ ١١١١",
        ] {
            assert_eq!(found(text), [text], "{text}");
        }
    }

    #[test]
    fn what_stands_around_them_stays() {
        for text in [
            "card 4111 1111 1111 1111 03/27",
            "card:4111 1111 1111 1111, thanks",
            "12 4111 1111 1111 1111 99",
            "SKU-4111 1111 1111 1111.",
            "Visa4111 1111 1111 1111exp",
            "卡号4111 1111 1111 1111",
            "123,4111 1111 1111 1111,5",
            "cc4111 1111 1111 1111",
            "card:%204111 1111 1111 1111%20thanks",
            "12%25204111 1111 1111 1111",
        ] {
            assert_eq!(found(text), ["4111 1111 1111 1111"], "{text}");
        }
    }

    #[test]
    fn other_numbers_are_none() {
        for text in [
            // No check digit, no issuer, no length of that issuer.
            "4111111111111112",
            "1234567812345670",
            "411111111111116",
            // Thirteen digits are an article's.
            "4222222222222",
            "4006381333931",
            // Part of something longer.
            "41111111111111110",
            "0.4111111111111111",
            "0,4111111111111111",
            "9\u{200b}4111111111111111",
            "9\u{202e}4111111111111111",
            "20%2041111111111111112",
            // Of a hash, or beside a letter with the length of few cards.
            "7d2a4111111111111111b09c",
            "4111111111111111ab3",
            "x4000000000000000006",
            "36227206271667x",
            "4111111111111111000000",
            // Sizes, a telephone number, a time, groups that no card has.
            "36 22 72 06 27 16 67",
            "36-22-72-06-27-16-67",
            "+36 22 720 627 1667",
            "1700000000000000",
            "4111    1111    1111    1111",
            "4111.11.11.11.11.11.11",
            "41111111.11111111",
            "4111 , 1111 , 1111 , 1111",
            "550e8400-e29b-41d4-a716-446655440000",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn where_articles_stand_fourteen_digits_are_no_card() {
        let found = |text, cards| spans(text, cards).next().is_some();
        assert!(!found("36227206271667", Cards::Long));
        assert!(found("378282246310005", Cards::Long));
        assert!(!found("4111111111111111", Cards::None));
    }
}
