//! A JSON number, as exactly as it came.

/// A JSON number, kept as exactly as it came: 17-digit ids survive.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// A negative integer.
    Signed(i64),
    /// A non-negative integer.
    Unsigned(u64),
    /// Anything else that fits a double; always finite.
    Float(f64),
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
            Self::Float(value) => value,
        }
    }

    /// The integer that this number is, if it is one that fits: `3.0` is 3.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
    pub(crate) fn to_i64(self) -> Option<i64> {
        const LIMIT: f64 = 9_007_199_254_740_992.0; // 2^53: beyond it a double names no single integer
        match self {
            Self::Signed(value) => Some(value),
            Self::Unsigned(value) => i64::try_from(value).ok(),
            Self::Float(value) if value.fract() == 0.0 && value.abs() <= LIMIT => {
                Some(value as i64)
            }
            Self::Float(_) => None,
        }
    }

    pub(super) fn write(self, out: &mut Vec<u8>) {
        // Writing to a Vec cannot fail, and every float here is finite.
        let written = match self {
            Self::Signed(value) => serde_json::to_writer(out, &value),
            Self::Unsigned(value) => serde_json::to_writer(out, &value),
            Self::Float(value) => serde_json::to_writer(out, &value),
        };
        debug_assert!(written.is_ok(), "a finite number has a JSON text");
    }
}

/// Numbers are equal by value: `1` and `1.0` are the same number.
impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Signed(a), Self::Signed(b)) => a == b,
            (Self::Unsigned(a), Self::Unsigned(b)) => a == b,
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
