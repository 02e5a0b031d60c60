//! The suffix that Meta's parameter builder appends to what it hands out.

/// Whether `text` is one: 2 or 8 characters of `[A-Za-z0-9_-]`, behind a dot.
///
/// Source: Meta, Parameter builder library.
pub(crate) fn is_suffix(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    matches!(text.len(), 2 | 8) && text.bytes().all(plain)
}
