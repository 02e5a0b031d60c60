//! Filters that encode a text for addresses.

use super::super::scope::{Made, Trouble};
use super::{Apply, Call};

pub(super) const FILTERS: &[(&str, Apply)] = &[
    ("url_encode", |call| {
        encode(call, |c| {
            if c == b' ' {
                Some('+')
            } else {
                kept(c, "-_.!~*'()")
            }
        })
    }),
    ("cgi_escape", |call| {
        encode(call, |c| {
            if c == b' ' {
                Some('+')
            } else {
                kept(c, "-_.~")
            }
        })
    }),
    ("uri_escape", |call| {
        encode(call, |c| kept(c, "-_.!~*'();/?:@&=+$,#[]"))
    }),
    ("url_decode", |call| {
        let text = decoded(&call.value.shown())?;
        call.scope.text(&text)
    }),
];

fn kept(byte: u8, marks: &str) -> Option<char> {
    let c = char::from(byte);
    (c.is_ascii_alphanumeric() || marks.contains(c)).then_some(c)
}

/// Percent-encodes each byte that `plain` leaves.
fn encode<'a>(call: &Call<'a, '_>, plain: fn(u8) -> Option<char>) -> Made<'a> {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::new();
    for byte in call.value.shown().bytes() {
        match plain(byte) {
            // `marks` is ASCII, so this is no part of a longer character.
            Some(c) if byte.is_ascii() => out.push(c),
            _ => {
                out.push('%');
                out.push(char::from(HEX[usize::from(byte >> 4)]));
                out.push(char::from(HEX[usize::from(byte & 15)]));
            }
        }
    }
    call.scope.text(&out)
}

fn decoded(text: &str) -> Result<String, Trouble> {
    let malformed = || Trouble::from("`url_decode` got a text with a faulty `%` sequence");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                let value = digit().zip(digit()).map(|(high, low)| high * 16 + low);
                value
                    .and_then(|value| u8::try_from(value).ok())
                    .ok_or_else(malformed)?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).map_err(|_| malformed())
}
