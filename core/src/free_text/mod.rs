//! Personal data where nobody meant it to be: e-mail addresses and card numbers
//! in free text, names of keys that tell of such data, parameters of URLs.
//!
//! Everything here is a pure function over one text, takes time in proportion
//! to it, and allocates only where something is cut.

mod card;
mod email;
mod names;
pub(crate) mod url;

use std::borrow::Cow;
use std::ops::{BitOr, Range};

pub(crate) use card::Cards;
pub use names::SensitiveKeys;

/// The length of the percent-encoded character of the hexadecimal `code` that
/// `bytes` begin with, however often it was encoded.
fn encoded(bytes: &[u8], code: &[u8; 2]) -> Option<usize> {
    if bytes.first() != Some(&b'%') {
        return None;
    }
    let mut length = 1;
    while bytes.get(length..length + 2) == Some(b"25") {
        length += 2;
    }
    let found = bytes.get(length..length + 2)?;
    found.eq_ignore_ascii_case(code).then_some(length + 2)
}

/// What was found in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) email: bool,
    pub(crate) card: bool,
}

impl Found {
    /// Whether it is anything.
    pub(crate) const fn any(self) -> bool {
        self.email || self.card
    }

    /// In words, with an article.
    pub(crate) const fn described(self) -> &'static str {
        match (self.email, self.card) {
            (true, true) => "an e-mail address and a card number",
            (false, true) => "a card number",
            _ => "an e-mail address",
        }
    }
}

impl BitOr for Found {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self {
            email: self.email || other.email,
            card: self.card || other.card,
        }
    }
}

/// What a text can hold, by a glance at its bytes: nearly all texts can hold
/// neither.
fn possible(text: &str) -> Found {
    let mut possible = Found::default();
    if text.len() < email::FEWEST_BYTES {
        return possible;
    }
    let bytes = text.as_bytes();
    let foreign = !text.is_ascii();
    possible.email = foreign || bytes.iter().any(|byte| matches!(byte, b'@' | b'%' | b'&'));
    if text.len() >= card::FEWEST_DIGITS {
        let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
        possible.card = foreign || digits >= card::FEWEST_DIGITS;
    }
    possible
}

/// What `text` holds.
pub(crate) fn find(text: &str, cards: Cards) -> Found {
    let possible = possible(text);
    Found {
        email: possible.email && email::spans(text).next().is_some(),
        card: possible.card && card::spans(text, cards).next().is_some(),
    }
}

/// Whether a whole number is a card number.
pub(crate) fn is_card(number: u64, cards: Cards) -> bool {
    // Numbers of ordinary size are not worth their digits.
    number >= 10_u64.pow(13) && card::spans(&number.to_string(), cards).next().is_some()
}

/// The places of all that is to be cut, in order and apart from each other.
fn spans(text: &str, cards: Cards) -> (Found, Vec<Range<usize>>) {
    let possible = possible(text);
    let mut spans: Vec<Range<usize>> = Vec::new();
    if possible.email {
        spans.extend(email::spans(text));
    }
    let emails = spans.len();
    if possible.card {
        spans.extend(card::spans(text, cards));
    }
    let found = Found {
        email: emails > 0,
        card: spans.len() > emails,
    };
    spans.sort_unstable_by_key(|span| span.start);
    spans.dedup_by(|later, earlier| {
        let overlaps = later.start <= earlier.end;
        if overlaps {
            earlier.end = earlier.end.max(later.end);
        }
        overlaps
    });
    (found, spans)
}

/// How often what is left of a text is looked at again: what was around a cut
/// may have come together. A text in which that happens time and again was made
/// for it, and nothing of it stays.
const ROUNDS: usize = 3;

/// `text` without what it holds, trimmed and with single spaces where something
/// was cut; nothing where no letter or digit is left. `None` where it holds
/// nothing.
pub(crate) fn cut(text: &str, cards: Cards) -> Option<(Found, String)> {
    let (mut found, mut cuts) = spans(text, cards);
    if cuts.is_empty() {
        return None;
    }
    let mut rest = text.to_owned();
    for _ in 0..ROUNDS {
        rest = without(&rest, &cuts);
        let (again, more) = spans(&rest, cards);
        if more.is_empty() {
            let says_something = rest.contains(char::is_alphanumeric);
            return Some((found, if says_something { rest } else { String::new() }));
        }
        found = found | again;
        cuts = more;
    }
    Some((found, String::new()))
}

/// `text`, of somebody else's and to be shown, without e-mail addresses and card numbers.
/// Digits in one row stay: Meta's ids are such.
///
/// ```
/// use capi_core::without_personal_data;
///
/// let message = "no such person: kim@example.com (dataset 1234567890123456)";
/// assert_eq!(without_personal_data(message), "no such person: (dataset 1234567890123456)");
/// assert_eq!(without_personal_data("Invalid parameter"), "Invalid parameter");
/// ```
#[must_use]
pub fn without_personal_data(text: &str) -> Cow<'_, str> {
    cut(text, Cards::Grouped).map_or(Cow::Borrowed(text), |(_, rest)| Cow::Owned(rest))
}

fn without(text: &str, cuts: &[Range<usize>]) -> String {
    let mut rest = String::with_capacity(text.len());
    let mut from = 0;
    let mut spaced = false;
    for cut in cuts.iter().chain([&(text.len()..text.len())]) {
        let piece = text.get(from..cut.start).unwrap_or_default();
        from = cut.end;
        spaced |= piece.starts_with(char::is_whitespace);
        let trimmed = piece.trim();
        if trimmed.is_empty() {
            continue;
        }
        let goes_on = trimmed.starts_with([',', '.', ';', ':', '!', '?']);
        if spaced && !goes_on && !rest.is_empty() {
            rest.push(' ');
        }
        rest.push_str(trimmed);
        spaced = piece.ends_with(char::is_whitespace);
    }
    rest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn left(text: &str) -> Option<String> {
        cut(text, Cards::Any).map(|(_, rest)| rest)
    }

    #[test]
    fn the_piece_is_cut_and_the_rest_stays_readable() {
        for (text, rest) in [
            ("jane.roe@shop.example", ""),
            ("  jane.roe@shop.example \n", ""),
            ("<jane.roe@shop.example>", ""),
            ("gift for jane@shop.example please", "gift for please"),
            ("jane@shop.example, blue", ", blue"),
            ("for jane@shop.example, blue", "for, blue"),
            ("(a) jane@shop.example (b)", "(a) (b)"),
            ("jane@a.example joe@b.example  mug", "mug"),
            ("paid with 4111 1111 1111 1111 today", "paid with today"),
            ("4111111111111111/jane@shop.example: mug", "/: mug"),
        ] {
            assert_eq!(left(text).as_deref(), Some(rest), "{text}");
        }
    }

    #[test]
    fn what_was_found_is_told_apart() {
        let found = |text| find(text, Cards::Any);
        let (email, card) = (true, true);
        assert_eq!(found("jane@shop.example"), Found { email, card: false });
        assert_eq!(found("4111111111111111"), Found { email: false, card });
        assert_eq!(
            found("jane@shop.example 4111111111111111"),
            Found { email, card }
        );
        assert!(!found("a red mug, 12 oz").any());
    }

    #[test]
    fn what_comes_together_by_a_cut_is_cut_too() {
        assert_eq!(left("4111 1111 a@b.example 1111 1111").as_deref(), Some(""));
    }

    #[test]
    fn texts_without_a_find_are_not_touched() {
        for text in [
            "",
            " ",
            "  two  spaces  ",
            "größe 38 | 40",
            "50% off @ noon",
            "漢字",
            "%",
            "@@@",
            "\u{200e}\u{202b}שלום\u{202c} \u{0}\u{7f}",
            "❤\u{fe0f} 👨\u{200d}👩\u{200d}👧 1\u{fe0f}\u{20e3} @ 5",
            "❤\u{fe0f}@jane 2 \u{fe0f} 4",
        ] {
            assert_eq!(left(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_cards_where_their_digits_are() {
        assert!(is_card(4_111_111_111_111_111, Cards::Any));
        assert!(!is_card(4_111_111_111_111_112, Cards::Any));
        assert!(!is_card(41, Cards::Any));
        assert!(!is_card(u64::MAX, Cards::Any));
    }

    /// Pieces of addresses, cards and what is around them.
    fn text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            prop::sample::select(vec![
                "@",
                "%40",
                "%2540",
                "&#64;",
                "_",
                "\u{200b}",
                "\u{202e}",
                "\u{fe0f}",
                "\u{2028}",
                "\0",
                "%20",
                "%2520",
                "&#0064;",
                "&period;",
                "%2E",
                "＠",
                ".",
                "com",
                "a",
                "jane",
                " ",
                "  ",
                "-",
                "\"",
                "4111",
                "1111",
                "4111111111111111",
                "３７",
                "8282246310005",
                "/",
                "é",
                "。",
                "%25",
                "%",
                "40",
                "2x.png",
                ",",
                "é",
            ])
            .prop_map(str::to_owned),
            "\\PC{0,3}",
        ];
        prop::collection::vec(piece, 0..16).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn nothing_is_left_to_find_and_a_second_cut_finds_nothing(text in text()) {
            match cut(&text, Cards::Any) {
                None => prop_assert!(!find(&text, Cards::Any).any()),
                Some((found, rest)) => {
                    prop_assert!(found.any());
                    prop_assert!(!find(&rest, Cards::Any).any());
                    prop_assert!(rest.len() < text.len());
                    prop_assert_eq!(rest.trim(), &rest);
                }
            }
        }

        #[test]
        fn an_address_anywhere_in_a_text_is_found(
            before in "[a-z ]{0,9}",
            local in "[a-z0-9._+-]{0,8}[a-z]",
            domain in "[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?\\.[a-z]{2,6}",
            after in "( [a-z]{0,9})?",
        ) {
            let text = format!("{before} {local}@{domain}{after}");
            let rest = left(&text);
            prop_assert!(rest.is_some_and(|rest| !rest.contains('@')), "{text}");
        }
    }
}
