//! A row as SQLite writes it: types first, then values.
//!
//! Source: SQLite, Database File Format, Record Format.

use rusqlite::types::ValueRef;

use super::numbers::varint;

/// No table of a queue has more columns.
const MOST_COLUMNS: usize = 32;

/// The types of a record's columns, and the values' bytes. The record may be
/// cut off behind the types.
fn types(record: &[u8]) -> Option<(Vec<i64>, &[u8])> {
    let (length, _) = varint(record)?;
    let (header, values) = record.split_at_checked(usize::try_from(length).ok()?)?;
    let (_, mut header) = varint(header)?;
    let mut types = Vec::new();
    while !header.is_empty() {
        let (kind, rest) = varint(header)?;
        if types.len() == MOST_COLUMNS {
            return None;
        }
        types.push(kind);
        header = rest;
    }
    Some((types, values))
}

/// The types of a record, of which the end may be missing.
pub(super) fn shape(record: &[u8]) -> Option<Vec<i64>> {
    let (types, _) = types(record)?;
    (!types.is_empty() && types.iter().all(|kind| size(*kind).is_some())).then_some(types)
}

/// The values of a record, which has to end where the last of them does.
pub(super) fn values(record: &[u8]) -> Option<Vec<ValueRef<'_>>> {
    let (types, mut bytes) = types(record)?;
    let mut values = Vec::with_capacity(types.len());
    for kind in types {
        let (value, rest) = bytes.split_at_checked(size(kind)?)?;
        values.push(match kind {
            0 => ValueRef::Null,
            7 => ValueRef::Real(f64::from_be_bytes(*value.first_chunk()?)),
            1..=9 => ValueRef::Integer(integer(kind, value)),
            _ if kind % 2 == 0 => ValueRef::Blob(value),
            _ => ValueRef::Text(value),
        });
        bytes = rest;
    }
    bytes.is_empty().then_some(values)
}

/// How long a value of a type is, in bytes.
fn size(kind: i64) -> Option<usize> {
    match kind {
        0 | 8 | 9 => Some(0),
        1..=4 => usize::try_from(kind).ok(),
        5 => Some(6),
        6 | 7 => Some(8),
        12.. => usize::try_from((kind - 12) / 2).ok(),
        _ => None,
    }
}

/// The types 8 and 9 are the numbers 0 and 1 themselves.
fn integer(kind: i64, bytes: &[u8]) -> i64 {
    let Some(first) = bytes.first() else {
        return i64::from(kind == 9);
    };
    let sign = i64::from(first.cast_signed() >> 7);
    bytes
        .iter()
        .fold(sign, |value, byte| value << 8 | i64::from(*byte))
}
