//! A JSON number, as exactly as it came.

/// A JSON number, kept as exactly as it came: an id of 17 or 23 digits survives.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// A negative integer.
    Signed(i64),
    /// A non-negative integer.
    Unsigned(u64),
    /// A non-negative integer beyond 64 bits that fits 128.
    Long(Long),
    /// A whole number of zero or more whose spelling has fewer digits than the number:
    /// `1.23457E+15`. As an id it is worth nothing.
    Rounded(f64),
    /// Anything else that fits a double; always finite.
    Float(f64),
}

/// A whole number of 128 bits, in halves: aligned like the other numbers, so that no
/// value of JSON grows for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Long {
    high: u64,
    low: u64,
}

impl Long {
    /// The whole number.
    #[must_use]
    pub const fn get(self) -> u128 {
        ((self.high as u128) << 64) | self.low as u128
    }

    #[expect(clippy::cast_possible_truncation, reason = "the lower half is meant")]
    const fn new(value: u128) -> Self {
        Self {
            high: (value >> 64) as u64,
            low: value as u64,
        }
    }
}

/// What a number is as an id.
pub(crate) enum Whole {
    /// Its digits.
    Digits(u128),
    /// It is whole, but lost digits on its way: it is spelled with fewer than it has, or
    /// too large for a double to name it.
    Lost,
    /// It is negative or has a fraction.
    No,
}

impl Number {
    /// The number that `text` spells as JSON does, where spaces around it and zeros or
    /// a point before it are taken too: `007`, `.5`. `inf`, `+1` and `1.` are none.
    #[must_use]
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let text = text.trim();
        // Rust also reads "inf", "NaN", "+1" and "1."; none of them is a number here.
        let spelled = text
            .starts_with(|first: char| first.is_ascii_digit() || first == '-' || first == '.')
            && text.ends_with(|last: char| last.is_ascii_digit())
            && text
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E'));
        if !spelled {
            return None;
        }
        if let Ok(integer) = text.parse::<u64>() {
            return Some(Self::Unsigned(integer));
        }
        if let Ok(integer) = text.parse::<i64>() {
            return Some(Self::from(integer));
        }
        text.parse()
            .ok()
            .filter(|float: &f64| float.is_finite())
            .map(Self::Float)
    }

    /// The nearest double.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "the nearest double is what is asked for"
    )]
    pub(crate) const fn to_f64(self) -> f64 {
        match self {
            Self::Signed(value) => value as f64,
            Self::Unsigned(value) => value as f64,
            Self::Long(value) => value.get() as f64,
            Self::Rounded(value) | Self::Float(value) => value,
        }
    }

    /// The integer that this number is, if it is one that fits: `3.0` is 3.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
    pub(crate) fn to_i64(self) -> Option<i64> {
        match self {
            Self::Signed(value) => Some(value),
            Self::Unsigned(value) => i64::try_from(value).ok(),
            Self::Rounded(value) | Self::Float(value)
                if value.fract() == 0.0 && value.abs() <= EXACT =>
            {
                Some(value as i64)
            }
            Self::Long(_) | Self::Rounded(_) | Self::Float(_) => None,
        }
    }

    /// What this number is as an id.
    #[must_use]
    pub(crate) fn as_id(self) -> Whole {
        match self {
            Self::Unsigned(value) => Whole::Digits(value.into()),
            Self::Long(value) => Whole::Digits(value.get()),
            Self::Rounded(_) => Whole::Lost,
            Self::Float(value) if value.fract() == 0.0 && value >= 0.0 => self
                .to_i64()
                .and_then(|value| u128::try_from(value).ok())
                .map_or(Whole::Lost, Whole::Digits),
            Self::Signed(_) | Self::Float(_) => Whole::No,
        }
    }

    /// This number, which a text spells as `spelled`, with all that the spelling says.
    #[must_use]
    pub(super) fn spelled(self, spelled: &str) -> Self {
        let Self::Float(value) = self else {
            return self;
        };
        if let Ok(long) = spelled.parse() {
            return Self::Long(Long::new(long));
        }
        if value.fract() == 0.0 && value >= 0.0 && loses_digits(spelled) {
            return Self::Rounded(value);
        }
        self
    }

    pub(super) fn write(self, out: &mut Vec<u8>) {
        // Writing to a Vec cannot fail, and every float here is finite.
        let written = match self {
            Self::Signed(value) => serde_json::to_writer(out, &value),
            Self::Unsigned(value) => serde_json::to_writer(out, &value),
            // As a number it is what whoever reads it would make of it: a double.
            Self::Long(_) => serde_json::to_writer(out, &self.to_f64()),
            Self::Rounded(value) | Self::Float(value) => serde_json::to_writer(out, &value),
        };
        debug_assert!(written.is_ok(), "a finite number has a JSON text");
    }
}

/// 2^53: beyond it a double names no single integer.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Whether `spelled` has an exponent and fewer digits behind its point than that says,
/// so that zeros stand where nobody knows the digits: `9.4E+4` and not `9.4321E+4`.
fn loses_digits(spelled: &str) -> bool {
    let Some((digits, exponent)) = spelled.split_once(['e', 'E']) else {
        return false;
    };
    let behind = digits.split_once('.').map_or(0, |(_, behind)| behind.len());
    let exponent: i64 = exponent.parse().unwrap_or(i64::MAX);
    usize::try_from(exponent).is_ok_and(|exponent| behind < exponent)
}

/// Numbers are equal by value: `1` and `1.0` are the same number.
impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Signed(a), Self::Signed(b)) => a == b,
            (Self::Unsigned(a), Self::Unsigned(b)) => a == b,
            (Self::Long(a), Self::Long(b)) => a == b,
            (Self::Signed(_), Self::Unsigned(_)) | (Self::Unsigned(_), Self::Signed(_)) => false,
            _ => self.to_f64() == other.to_f64(),
        }
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        u64::try_from(value).map_or(Self::Signed(value), Self::Unsigned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Arena, Json};

    fn parsed(text: &str) -> Number {
        let arena = Arena::new();
        match Json::parse(&arena, text.as_bytes()) {
            Ok(Json::Number(number)) => number,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn a_long_id_keeps_its_digits() {
        for text in [
            "18446744073709551616",
            "12345678901234567890123",
            "99999999999999999999999999999999999999",
        ] {
            let number = parsed(text);
            let Whole::Digits(digits) = number.as_id() else {
                panic!("{text}");
            };
            assert_eq!(digits.to_string(), text);
        }
        let written = Json::Number(parsed("123456789012345678901234567890")).to_text();
        assert_eq!(written, "1.2345678901234568e+29");
        assert!(matches!(parsed(&"9".repeat(40)).as_id(), Whole::Lost));
    }

    #[test]
    fn an_exponent_may_stand_for_lost_digits() {
        for text in ["1.23457E+15", "1.23457e15", "9.4E+4", "1E+5", "1e21"] {
            assert!(matches!(parsed(text).as_id(), Whole::Lost), "{text}");
        }
        for (text, digits) in [
            ("1.4155550132e10", 14_155_550_132),
            ("1.4155550132E+10", 14_155_550_132),
            ("94107.0", 94107),
            ("7E+0", 7),
            ("0.0", 0),
        ] {
            assert!(
                matches!(parsed(text).as_id(), Whole::Digits(found) if found == digits),
                "{text}"
            );
        }
        for text in ["-1", "-1.5e3", "1.5", "1.5e0", "1e-3"] {
            assert!(matches!(parsed(text).as_id(), Whole::No), "{text}");
        }
        // As an amount it is what it says.
        assert_eq!(parsed("1.5E+3"), Number::Unsigned(1500));
    }

    #[test]
    fn no_value_of_json_grows_for_long_numbers() {
        assert_eq!(size_of::<Json<'_>>(), 24);
    }
}
