//! Values as JSON, Base64, hashes, and texts for addresses and HTML.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use liquid_core::{Error, Result, Value, ValueView};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest, Sha256};

use super::super::plain::{self, Plain};
use super::{Call, Table, within};
use crate::json::{Arena, Json};

/// Padded when written; read with padding or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// What is encoded in addresses: by `cgi_escape`, by JavaScript's
/// `encodeURIComponent`, and by `uri_escape`, which keeps an address one.
const CGI: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');
const COMPONENT: &AsciiSet = &without(CGI, b"!*'()");
const ADDRESS: &AsciiSet = &without(COMPONENT, b";/?:@&=+$,#[]");

const fn without(set: &AsciiSet, kept: &[u8]) -> AsciiSet {
    match kept {
        [] => set.remove(b'~'),
        [first, rest @ ..] => without(&set.remove(*first), rest),
    }
}

pub(super) const FILTERS: Table = &[
    ("base64_decode", |call| {
        let mut text = call.shown().into_owned();
        text.retain(|c| !c.is_ascii_whitespace());
        let fault = |_| Error::with_msg("`base64_decode` got a text that is not base64");
        let bytes = BASE64.decode(text).map_err(fault)?;
        Ok(Value::scalar(String::from_utf8_lossy(&bytes).into_owned()))
    }),
    ("base64_encode", |call| {
        Ok(Value::scalar(BASE64.encode(&*call.shown())))
    }),
    ("cgi_escape", |call| {
        percent(call, CGI).map(|text| Value::scalar(text.replace("%20", "+")))
    }),
    ("escape", |call| Ok(Value::scalar(escaped(&call.shown())))),
    ("escape_once", |call| {
        let plain = ENTITIES
            .iter()
            .rev()
            .fold(call.shown().into_owned(), |text, (c, entity)| {
                text.replace(entity, c)
            });
        Ok(Value::scalar(escaped(&plain)))
    }),
    ("hmac_sha256", |call| {
        Ok(hex(&hmac(call.text(0).as_bytes(), call.shown().as_bytes())))
    }),
    ("inspect", json),
    ("json", json),
    ("jsonify", json),
    ("sha256", |call| {
        Ok(hex(&Sha256::digest(call.shown().as_bytes())))
    }),
    ("uri_escape", |call| {
        percent(call, ADDRESS).map(Value::scalar)
    }),
    ("url_decode", |call| {
        let fault = || Error::with_msg("`url_decode` got a text with a faulty `%` sequence");
        let text = call.shown().replace('+', " ");
        let is_faulty = |behind: &str| {
            let digits = behind.bytes().take(2).filter(u8::is_ascii_hexdigit);
            digits.count() < 2
        };
        if text.split('%').skip(1).any(is_faulty) {
            return Err(fault());
        }
        let decoded = percent_decode_str(&text)
            .decode_utf8()
            .map_err(|_| fault())?;
        Ok(Value::scalar(decoded.into_owned()))
    }),
    ("url_encode", |call| {
        percent(call, COMPONENT).map(|text| Value::scalar(text.replace("%20", "+")))
    }),
    ("xml_escape", |call| {
        Ok(Value::scalar(escaped(&call.shown())))
    }),
];

fn percent(call: &Call<'_>, set: &'static AsciiSet) -> Result<String> {
    Ok(utf8_percent_encode(&call.shown(), set).to_string())
}

/// The ampersand first: the others are written with one.
const ENTITIES: &[(&str, &str)] = &[
    ("&", "&amp;"),
    ("<", "&lt;"),
    (">", "&gt;"),
    ("\"", "&#34;"),
    ("'", "&#39;"),
];

fn escaped(text: &str) -> String {
    ENTITIES
        .iter()
        .fold(text.into(), |text: String, (c, entity)| {
            text.replace(c, entity)
        })
}

fn hex(bytes: &[u8]) -> Value {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Value::scalar(digits)
}

/// RFC 2104.
fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    const BLOCK: usize = 64;
    let mut block = if key.len() > BLOCK {
        Sha256::digest(key).to_vec()
    } else {
        key.to_vec()
    };
    block.resize(BLOCK, 0);
    let padded = |with: u8| -> Vec<u8> { block.iter().map(|byte| byte ^ with).collect() };
    let inner = Sha256::new()
        .chain_update(padded(0x36))
        .chain_update(message)
        .finalize();
    Sha256::new()
        .chain_update(padded(0x5c))
        .chain_update(inner)
        .finalize()
        .to_vec()
}

/// The value as JSON text; with an indentation, as many spaces or that text, on lines.
fn json(call: &Call<'_>) -> Result<Value> {
    let arena = Arena::new();
    let json = plain::json(call.value, &arena);
    let indent = call.argument(0).map_or(Cow::Borrowed(""), indentation);
    if indent.is_empty() {
        return Ok(Value::scalar(json.to_text()));
    }
    let mut out = String::new();
    write_lines(json, &indent, 1, &mut out)?;
    Ok(Value::scalar(out))
}

/// ECMAScript, JSON.stringify, `space`: ten spaces or characters at most.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the number lies between 0 and 10"
)]
fn indentation(space: &dyn ValueView) -> Cow<'_, str> {
    match Plain::of(space) {
        Plain::Number(count) => " ".repeat(count.clamp(0.0, 10.0) as usize).into(),
        Plain::Text(text) => match text.char_indices().nth(10) {
            Some((end, _)) => text[..end].to_owned().into(),
            None => text,
        },
        _ => Cow::Borrowed(""),
    }
}

fn write_lines(json: Json<'_>, indent: &str, depth: usize, out: &mut String) -> Result<()> {
    let line = |depth: usize, out: &mut String| {
        out.push('\n');
        for _ in 0..depth {
            out.push_str(indent);
        }
    };
    match json {
        Json::List([]) | Json::Object([]) => out.push_str(&json.to_text()),
        Json::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                line(depth, out);
                write_lines(*item, indent, depth + 1, out)?;
            }
            line(depth - 1, out);
            out.push(']');
        }
        Json::Object(members) => {
            out.push('{');
            for (index, (key, value)) in members.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                line(depth, out);
                out.push_str(&Json::Str(key).to_text());
                out.push_str(": ");
                write_lines(*value, indent, depth + 1, out)?;
            }
            line(depth - 1, out);
            out.push('}');
        }
        scalar => out.push_str(&scalar.to_text()),
    }
    within(out.len())
}
