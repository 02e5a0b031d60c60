//! Numbers as SQLite's file format writes them.
//!
//! Source: SQLite, Database File Format, The Database Header; Record Format.

/// Whether a database may have pages of `size` bytes.
pub(super) const fn is_page_size(size: usize) -> bool {
    size.is_power_of_two() && size >= 512 && size <= 65_536
}

/// The four bytes at `at`, the high one first.
pub(super) fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..)?.first_chunk::<4>()?;
    Some(u32::from_be_bytes(*bytes))
}

/// A number of up to nine bytes, and what follows it.
pub(super) fn varint(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let mut value: u64 = 0;
    for (at, byte) in bytes.iter().enumerate().take(9) {
        if at == 8 {
            value = value << 8 | u64::from(*byte);
        } else {
            value = value << 7 | u64::from(byte & 0x7f);
            if byte & 0x80 != 0 {
                continue;
            }
        }
        return Some((value.cast_signed(), bytes.get(at + 1..)?));
    }
    None
}
