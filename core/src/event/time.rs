//! The times that clients write.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::{Json, Number};

/// Unix times above this are milliseconds: as seconds they would lie beyond
/// the year 2286, as milliseconds they lie after April 1970.
const LARGEST_SECONDS: f64 = 10_000_000_000.0;

/// The time that `value` says: ISO 8601 (UTC where it names no offset), Unix
/// seconds or Unix milliseconds, as number or text.
#[must_use]
pub fn time(value: Json<'_>) -> Option<Timestamp> {
    match value {
        Json::Number(number) => unix_time(number),
        Json::Str(text) => {
            let text = text.trim();
            if let Some(number) = Number::from_text(text) {
                return unix_time(number);
            }
            text.parse::<Timestamp>().ok().or_else(|| {
                let civil = match text.parse::<DateTime>() {
                    Ok(civil) => civil,
                    Err(_) => text.parse::<Date>().ok()?.to_datetime(Time::midnight()),
                };
                TimeZone::UTC.to_timestamp(civil).ok()
            })
        }
        _ => None,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the range is checked by the timestamp"
)]
fn unix_time(number: Number) -> Option<Timestamp> {
    let value = number.to_f64();
    let milliseconds = if value.abs() > LARGEST_SECONDS {
        value
    } else {
        value * 1000.0
    };
    if milliseconds.abs() > 300_000_000_000_000.0 {
        return None;
    }
    Timestamp::from_duration(SignedDuration::from_millis(milliseconds as i64)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Arena;

    fn seconds(text: &str) -> Option<i64> {
        let arena = Arena::new();
        let value = Json::parse(&arena, text.as_bytes()).unwrap();
        time(value).map(Timestamp::as_second)
    }

    #[test]
    fn times_are_iso_seconds_or_milliseconds() {
        for text in [
            "1767600000",
            "1767600000.9",
            "1767600000123",
            "\"1767600000\"",
            "\"1767600000123\"",
            "\"2026-01-05T08:00:00Z\"",
            "\"2026-01-05T08:00:00.999Z\"",
            "\"2026-01-05T10:00:00+02:00\"",
            "\"2026-01-05T08:00:00\"",
            "\"2026-01-05 08:00:00\"",
        ] {
            assert_eq!(seconds(text), Some(1_767_600_000), "{text}");
        }
        assert_eq!(seconds("\"2026-01-05\""), Some(1_767_571_200));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "\"\"",
            "\"yesterday\"",
            "true",
            "{}",
            "[]",
            "1e300",
            "\"2026-13-01\"",
            "null",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
