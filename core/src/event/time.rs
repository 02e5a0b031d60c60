//! The times that clients write.

use jiff::civil::Time;
use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use super::{Json, Number};

/// Unix times above this are milliseconds: as seconds they would lie beyond
/// the year 2286, as milliseconds they lie after April 1970.
const LARGEST_SECONDS: f64 = 10_000_000_000.0;

/// Numbers beyond the year 9999 are not times.
const LARGEST_MILLISECONDS: f64 = 253_402_300_799_999.0;

/// The time that `value` says: ISO 8601 (UTC where it names no offset), Unix
/// seconds or Unix milliseconds, as number or text. A number above 10 000 000 000 is
/// of milliseconds; none is beyond the year 9999. Of what RFC 9557 has in brackets, such
/// as a time zone's name, nothing is read: beside an offset it changes nothing, and
/// without one the text is not a time.
///
/// ```
/// use capi_core::event::{Json, time};
///
/// let seconds = |text| time(Json::Str(text)).map(jiff::Timestamp::as_second);
/// assert_eq!(seconds("2026-11-28T12:00:00+01:00"), Some(1_795_863_600));
/// assert_eq!(seconds("1795863600"), Some(1_795_863_600));
/// assert_eq!(seconds("1795863600000"), Some(1_795_863_600));
/// assert_eq!(seconds("yesterday"), None);
/// ```
#[must_use]
pub fn time(value: Json<'_>) -> Option<Timestamp> {
    match value {
        Json::Number(number) => unix_time(number),
        Json::Str(text) => {
            let text = text.trim();
            if let Some(number) = Number::from_text(text) {
                return unix_time(number);
            }
            text.parse::<Timestamp>()
                .ok()
                .or_else(|| written_time(text))
        }
        _ => None,
    }
}

/// A date, with or without a time of the day and an offset.
fn written_time(text: &str) -> Option<Timestamp> {
    let pieces = Pieces::parse(text).ok()?;
    // A local time of a place, for whose offset capi has no table, is not UTC.
    if pieces.offset().is_none() && text.contains('[') {
        return None;
    }
    let civil = pieces
        .date()
        .to_datetime(pieces.time().unwrap_or(Time::midnight()));
    let offset = pieces.to_numeric_offset().unwrap_or(Offset::UTC);
    let time = offset.to_timestamp(civil);
    Some(time.unwrap_or_else(|_| outermost(civil.year() < 0)))
}

/// The time that stands for those a day or so beyond it: a timestamp ends a day
/// before the year 9999 does, so that it has a date in every zone, and that year's
/// last day is what many write for "never".
const fn outermost(is_past: bool) -> Timestamp {
    if is_past {
        Timestamp::MIN
    } else {
        Timestamp::MAX
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
    if milliseconds.abs() > LARGEST_MILLISECONDS {
        return None;
    }
    let since_1970 = SignedDuration::from_millis(milliseconds as i64);
    Some(Timestamp::from_duration(since_1970).unwrap_or_else(|_| outermost(milliseconds < 0.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Arena;

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
    fn years_have_four_digits_and_all_of_their_days() {
        for (text, past) in [
            ("\"9999-12-31T23:59:59.999Z\"", false),
            ("\"9999-12-31T23:59:59-12:00\"", false),
            ("\"9999-12-31 23:59:59\"", false),
            ("\"9999-12-31\"", false),
            ("253402300799999", false),
            ("\"0000-01-01\"", true),
            ("\"-009999-01-01T00:00:00+14:00\"", true),
            ("-253402300799999", true),
        ] {
            let seconds = seconds(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(seconds < 0, past, "{text}");
        }
    }

    #[test]
    fn what_stands_in_brackets_never_makes_a_local_time_one_of_utc() {
        for suffix in [
            "[Europe/Berlin]",
            "[!Europe/Berlin]",
            "[+01:00]",
            "[u-ca=hebrew]",
            "[Europe/Berlin][u-ca=hebrew]",
        ] {
            for local in [
                "2026-01-05T08:00:00",
                "2026-01-05T08:00",
                "2026-01-05 08:00:00.5",
                "2026-01-05",
            ] {
                assert_eq!(seconds(&format!("\"{local}{suffix}\"")), None, "{suffix}");
            }
        }
        for text in [
            "2026-01-05T09:00:00+01:00[Europe/Berlin]",
            "2026-01-05T08:00:00Z[Europe/Berlin]",
            "2026-01-05T09:00:00+01:00[Asia/Tokyo]",
            "2026-01-05T09:00:00+01:00[u-ca=hebrew]",
        ] {
            assert_eq!(
                seconds(&format!("\"{text}\"")),
                Some(1_767_600_000),
                "{text}"
            );
        }
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
            "253402300800000",
            "\"10000-01-01T00:00:00Z\"",
            "\"2026-13-01\"",
            "null",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
