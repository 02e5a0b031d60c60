//! SHA-256, plain and keyed.

use sha2::{Digest, Sha256};

use super::super::scope::Made;
use super::{Apply, Call};

pub(super) const FILTERS: &[(&str, Apply)] = &[
    ("sha256", |call| {
        hex(call, &Sha256::digest(call.value.shown().as_bytes()))
    }),
    ("hmac_sha256", |call| {
        let key = call.text(0);
        hex(call, &hmac(key.as_bytes(), call.value.shown().as_bytes()))
    }),
];

fn hex<'a>(call: &Call<'a, '_>, bytes: &[u8]) -> Made<'a> {
    let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    call.scope.text(&text)
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
