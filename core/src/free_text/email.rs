//! What looks like an e-mail address: read around each at sign.

use std::borrow::Cow;
use std::ops::Range;

use super::encoded;
use crate::user_data::characters::{is_unseen, is_word};

/// The length of `a@b.я`; of `a@b.co` too.
pub(super) const FEWEST_BYTES: usize = 6;

/// At signs other than `@` and its percent-encoded forms: those of Chinese and
/// Japanese keyboards.
const WIDE_AT_SIGNS: [&str; 2] = ["＠", "﹫"];

/// The code of the at sign, and the name that HTML has for it.
const AT_SIGN: (u32, &str) = (0x40, "commat");

/// The code of the dot, and the name that HTML has for it.
const DOT: (u32, &str) = (0x2e, "period");

/// How many bytes a character reference of HTML has at most; numbers may begin
/// with any number of zeros.
const LONGEST_REFERENCE: usize = 16;

/// Signs that the part before the at sign may have. An address may have more;
/// what is between words, such as `/` and `=`, ends it here.
const LOCAL_SIGNS: &str = ".!#$%&'*+-^_`~";

/// Dots of a domain; the others as IDNA reads them.
const DOTS: [char; 6] = ['.', '。', '．', '｡', '․', '﹒'];

/// Ends of lines and paragraphs that nobody types and few places show as such.
const SEPARATORS: [char; 2] = ['\u{2028}', '\u{2029}'];

/// Endings of pictures for screens of twice the density: `logo@2x.png`.
const PICTURES: [&str; 7] = ["png", "jpg", "jpeg", "webp", "gif", "svg", "avif"];

/// The places of all e-mail-like pieces, in order. They may overlap.
///
/// Each piece is read from its at sign to the sides, no further than to the
/// next at sign (and a quoted part to the one before), so that every character
/// is read a few times at most.
pub(super) fn spans(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    let mut earlier = 0;
    std::iter::from_fn(move || {
        loop {
            let at = next_at_sign(text, from)?;
            let start = local_start(text, from..at.start)
                // "jane@home"@shop.example
                .or_else(|| quoted_start(text, earlier..at.start));
            earlier = from;
            from = at.end;
            let Some(start) = start else { continue };
            let rest = text.get(at.end..)?;
            let after = rest.trim_start_matches(SEPARATORS);
            let domain = domain(after);
            if is_domain(&with_dots(domain)) {
                return Some(start..at.end + (rest.len() - after.len()) + domain.len());
            }
        }
    })
}

/// The next at sign from `from` on: `@`, `%40`, `%2540` and so on, a wide one, or
/// one of HTML. Several side by side are one: `jane@@shop.example`.
fn next_at_sign(text: &str, from: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mut start = from;
    loop {
        match at_sign(bytes.get(start..).filter(|rest| !rest.is_empty())?) {
            None => start += 1,
            Some(length) => {
                let mut end = start + length;
                while let Some(length) = bytes.get(end..).and_then(at_sign) {
                    end += length;
                }
                return Some(start..end);
            }
        }
    }
}

/// The length of the at sign that `bytes` begin with.
fn at_sign(bytes: &[u8]) -> Option<usize> {
    let begins = |sign: &&&str| {
        let start = bytes.get(..sign.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(sign.as_bytes()))
    };
    let length = |sign: &&str| sign.len();
    match bytes.first()? {
        b'@' => Some(1),
        b'%' => encoded(bytes, b"40"),
        b'&' => reference(bytes, AT_SIGN),
        0xef => WIDE_AT_SIGNS.iter().find(begins).map(length),
        _ => None,
    }
}

/// The length of the character reference of HTML that `bytes` begin with, if it is
/// of `code` or `name`: `&#64;`, `&#0064;`, `&#x40;`, `&commat;`.
fn reference(bytes: &[u8], (code, name): (u32, &str)) -> Option<usize> {
    let inner = bytes.strip_prefix(b"&")?;
    let length = inner
        .iter()
        .take(LONGEST_REFERENCE)
        .position(|byte| *byte == b';')?;
    let inner = str::from_utf8(inner.get(..length)?).ok()?;
    let is_it = match inner.strip_prefix('#') {
        None => inner.eq_ignore_ascii_case(name),
        Some(number) => {
            let number = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            number == Ok(code)
        }
    };
    is_it.then_some(length + 2)
}

/// Where the part before an at sign begins, if `text[range]` ends with one.
fn local_start(text: &str, range: Range<usize>) -> Option<usize> {
    let before = text.get(range.clone())?.trim_end_matches(SEPARATORS);
    if before.ends_with('"') {
        return quoted_start(text, range);
    }
    let local = before.trim_end_matches(is_local);
    let length = before.len() - local.len();
    let has_word = before[local.len()..].contains(is_word);
    (length > 0 && has_word).then_some(range.start + local.len())
}

/// Where the quoted part before an at sign begins, if `text[range]` ends with one:
/// `"jane roe"@shop.example`.
fn quoted_start(text: &str, range: Range<usize>) -> Option<usize> {
    let before = text.get(range.clone())?.trim_end_matches(SEPARATORS);
    let inner = before.strip_suffix('"')?;
    let open = inner.rfind('"')?;
    (open + 1 < inner.len()).then_some(range.start + open)
}

fn is_local(character: char) -> bool {
    LOCAL_SIGNS.contains(character) || is_letter(character)
}

/// A letter, a digit, or what belongs to one: a mark, a joiner as Persian and the
/// languages of India write it, or what nobody sees.
fn is_letter(character: char) -> bool {
    is_word(character) || is_unseen(character)
}

/// The domain that `text` begins with, without the full stop of a sentence. Its
/// dots may be percent-encoded or character references. Underscores are none of a domain's by the letter,
/// and stand in names of hosts all the same.
fn domain(text: &str) -> &str {
    let is_part = |character: char| {
        is_letter(character) || matches!(character, '-' | '_') || DOTS.contains(&character)
    };
    let mut end = 0;
    while let Some(rest) = text.get(end..) {
        end += rest
            .find(|character: char| !is_part(character))
            .unwrap_or(rest.len());
        let rest = text.as_bytes().get(end..).unwrap_or_default();
        match encoded_dot(rest) {
            Some(length) => end += length,
            None => break,
        }
    }
    let end_signs = |character: char| matches!(character, '-' | '_') || DOTS.contains(&character);
    text[..end].trim_end_matches(end_signs)
}

/// The length of the encoded dot that `bytes` begin with.
fn encoded_dot(bytes: &[u8]) -> Option<usize> {
    encoded(bytes, b"2e").or_else(|| reference(bytes, DOT))
}

/// `domain` with its dots as they are meant.
fn with_dots(domain: &str) -> Cow<'_, str> {
    if !domain.contains(['%', '&']) {
        return Cow::Borrowed(domain);
    }
    let mut plain = String::with_capacity(domain.len());
    let mut rest = domain;
    while let Some(place) = rest.find(['%', '&']) {
        plain.push_str(&rest[..place]);
        let length = encoded_dot(&rest.as_bytes()[place..]).unwrap_or(1);
        plain.push('.');
        rest = &rest[place + length..];
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// Whether `text` is a domain as e-mail addresses have it: with a dot, and
/// letters behind one. `18.2.0` is a version, `3.99` a price.
fn is_domain(text: &str) -> bool {
    let mut labels = text.split(DOTS);
    let Some(first) = labels.next() else {
        return false;
    };
    if !first.contains(is_word) {
        return false;
    }
    if let Some((size, ending)) = text.split_once('.')
        && let [digit, b'x'] = size.as_bytes()
        && digit.is_ascii_digit()
        && PICTURES
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
    {
        return false;
    }
    labels.any(|label| {
        let seen = label.chars().filter(|letter| !is_unseen(*letter));
        let mut letters = seen.take_while(|letter| letter.is_alphabetic());
        letters
            .next()
            .is_some_and(|first| !first.is_ascii() || letters.next().is_some())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        spans(text).map(|span| &text[span]).collect()
    }

    #[test]
    fn addresses_are_found_however_they_are_written() {
        for text in [
            "jane@shop.example",
            "Jane.Roe+shop@Mail.Shop.Example",
            "o'hara_x!y&z@shop.example",
            "jane%40shop.example",
            "jane%2540shop.example",
            "jane%252540shop.example",
            "jane＠shop.example",
            "jane﹫shop．example",
            "юлия.достоевская@почта-магазин.рф",
            "tanaka.ふみ@例え。テスト",
            "jose\u{301}@shop.example",
            "x@xn--e1afmkfd.xn--p1ai",
            "\"jane roe\"@shop.example",
            "1@2.example",
            "jane@sub_domain.shop.example",
            "jane@@shop.example",
            "jane@\u{200b}shop.\u{feff}example",
            "ja\u{ad}ne\u{2060}@shop.example",
            "jane&#64;shop.example",
            "jane&#X40;shop.example",
            "jane&commat;shop.example",
            "jane&#064;shop.example",
            "jane&#x0040;shop.example",
            "jane&commat;shop&period;example",
            "jane@shop&#46;example",
            "jane@shop&#x2E;example",
            "jane@shop․example",
            "\"jane@home\"@shop.example",
            "jane@\u{2028}shop.example",
            "jane\u{2028}@shop.example",
            "ja\u{200e}ne@\u{202e}sh\0op.\u{e0001}example",
            "jane%40shop%2Eexample",
            "jane%2540shop%252eexample",
            "jane@shop.example-",
        ] {
            let whole = text.trim_end_matches('-');
            assert_eq!(found(text), [whole], "{text}");
        }
    }

    #[test]
    fn the_address_ends_where_the_sentence_goes_on() {
        for (text, piece) in [
            ("Write to jane@shop.example.", "jane@shop.example"),
            ("(jane@shop.example)", "jane@shop.example"),
            ("email=jane@shop.example;x=1", "jane@shop.example"),
            ("/u/jane@shop.example/edit", "jane@shop.example"),
            ("mailto:jane@shop.example?subject=x", "jane@shop.example"),
            ("Jane,jane@shop.example,5", "jane@shop.example"),
            (
                "see \"jane\", \"jim roe\"@other.example",
                "\"jim roe\"@other.example",
            ),
            ("@jane@social.example", "jane@social.example"),
        ] {
            assert_eq!(found(text), [piece], "{text}");
        }
    }

    #[test]
    fn of_two_in_one_word_both_are_found() {
        assert_eq!(
            found("a@b.example@c.example"),
            ["a@b.example", "b.example@c.example"]
        );
    }

    #[test]
    fn other_at_signs_are_none() {
        for text in [
            "@handle",
            "user@host",
            "5 @ 3.99",
            "5@3.99",
            "react@18.2.0",
            "https://maps.example/@52.5200,13.4050,12z",
            "https://video.example/@jane.roe",
            "logo@2x.png",
            "logo@3x.JPG",
            "jane@",
            "jane@.example",
            "@shop.example",
            ". @shop.example",
            "\"\"@shop.example",
            "jane @ shop.example",
            "100%40",
            "50% 40.com",
            "a@b@c",
            "jane@shop.e",
            "salt & pepper &#64; home",
            "jane&#64;shop",
            "jane&#640;shop.example",
            "jane&#x400;shop.example",
            "jane&#;shop.example",
            "jane&amp;shop.example",
            "jane@shop&amp;example",
            "\"@\"@shop",
            "50%2E40",
            "jane@_.__",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }
}
