//! Ids of one digit only, which devices and libraries give where there is none.

/// Whether `text` is an id of one digit only: of zeros, of eight or more `f`, or of 32
/// equal hexadecimal digits, with or without hyphens and braces.
///
/// A phone that limits the tracking of ads gives zeros as its advertising id.
pub(super) fn is_repeated(text: &str) -> bool {
    let is_sign = |byte: &u8| matches!(byte, b'-' | b'{' | b'}' | b':' | b'_' | b'.' | b' ');
    let mut digits = text.bytes().filter(|byte| !is_sign(byte));
    let Some(first) = digits.next().map(|byte| byte.to_ascii_lowercase()) else {
        return false;
    };
    if !first.is_ascii_hexdigit() {
        return false;
    }
    let mut count = 1;
    for digit in digits {
        if digit.to_ascii_lowercase() != first {
            return false;
        }
        count += 1;
    }
    first == b'0' || (first == b'f' && count >= 8) || count == 32
}
