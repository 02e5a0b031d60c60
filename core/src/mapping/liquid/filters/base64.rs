//! Base64.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::super::scope::Made;
use super::{Apply, Call};

/// Padded when written; read with padding or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

pub(super) const FILTERS: &[(&str, Apply)] = &[
    ("base64_encode", |call| {
        call.scope.text(&BASE64.encode(&*call.value.shown()))
    }),
    ("base64_decode", decode),
];

fn decode<'a>(call: &Call<'a, '_>) -> Made<'a> {
    let text = call.value.shown();
    let digits: String = text
        .chars()
        .filter(|c| !matches!(c, '\t' | '\n' | '\u{c}' | '\r' | ' '))
        .collect();
    match BASE64.decode(digits) {
        Ok(bytes) => call.scope.text(&String::from_utf8_lossy(&bytes)),
        Err(_) => Err("`base64_decode` got a text that is no base64".into()),
    }
}
