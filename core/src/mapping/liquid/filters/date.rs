//! Dates.

use jiff::fmt::{rfc2822, strtime};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ZonedDateTime};
use liquid_core::{Error, Result, Value, ValueView};

use super::super::plain::{Plain, number};
use super::{Call, Table, within};
use crate::event;
use crate::json::Json;

pub(super) const FILTERS: Table = &[
    ("date", |call| {
        // Local time is UTC. An argument behind the format shifts it.
        let zone = match call.argument(1).map(Plain::of) {
            None => TimeZone::UTC,
            Some(Plain::Number(minutes)) => offset(minutes)?,
            Some(_) => return Err(Error::with_msg(ZONE)),
        };
        let format = call.argument(0).map_or(DEFAULT.into(), |_| call.text(0));
        shown(call, &format, zone)
    }),
    ("date_to_xmlschema", |call| {
        shown(call, "%Y-%m-%dT%H:%M:%S%:z", TimeZone::UTC)
    }),
    ("date_to_rfc822", |call| {
        shown(call, "%a, %d %b %Y %H:%M:%S %z", TimeZone::UTC)
    }),
    ("date_to_string", |call| words(call, "%b")),
    ("date_to_long_string", |call| words(call, "%B")),
];

const DEFAULT: &str = "%A, %B %-e, %Y at %-l:%M %P %z";

/// What to do about the name of a time zone: it would need their data.
pub(super) const ZONE: &str =
    "`date` takes a time zone as minutes, -60 for +01:00, and knows no names";

/// Those directives that need no translation. The others of jiff liquidjs does
/// not know.
const DIRECTIVES: &str = "AaBbCdeHhIjklMmnPpSstUuWwYyz%";

/// How dates are written beside ISO 8601 and RFC 2822.
const WRITTEN: &[&str] = &[
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M:%S %z",
    "%Y/%m/%d",
    "%m/%d/%Y",
    "%B %d, %Y",
    "%b %d, %Y",
    "%d %B %Y",
    "%d %b %Y",
];

/// The date in the format; the value itself where it is no date.
fn shown(call: &Call<'_>, format: &str, zone: TimeZone) -> Result<Value> {
    Ok(match instant(call.value) {
        Some(instant) => Value::scalar(formatted(&instant.to_zoned_datetime(zone), format)?),
        None => call.value.to_value(),
    })
}

/// The time zone that is so many minutes behind UTC, as JavaScript counts.
#[expect(
    clippy::cast_possible_truncation,
    reason = "it saturates, and too much is refused"
)]
fn offset(minutes: f64) -> Result<TimeZone> {
    let offset = Offset::from_seconds((minutes * -60.0) as i32);
    let offset =
        offset.map_err(|_| Error::with_msg("`date` got a time zone a day or more from UTC"))?;
    Ok(TimeZone::fixed(offset))
}

/// The instant that a value is, in whole milliseconds as in JavaScript: seconds
/// since 1970 as number or digits, or a written date. `now` is none, as there
/// is no clock.
#[expect(
    clippy::cast_possible_truncation,
    reason = "it saturates, and the range is checked"
)]
fn instant(value: &dyn ValueView) -> Option<Timestamp> {
    let milliseconds = match Plain::of(value) {
        Plain::Number(seconds) => (seconds * 1000.0) as i64,
        Plain::Text(text) if text.is_empty() => return None,
        Plain::Text(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            (number(value) * 1000.0) as i64
        }
        Plain::Text(text) => event::time(Json::Str(&text))
            .or_else(|| rfc2822::parse(&text).ok().map(|date| date.timestamp()))
            .or_else(|| WRITTEN.iter().find_map(|format| written(format, &text)))?
            .as_millisecond(),
        _ => return None,
    };
    Timestamp::from_millisecond(milliseconds).ok()
}

fn written(format: &str, text: &str) -> Option<Timestamp> {
    let parsed = strtime::parse(format, text).ok()?;
    parsed.to_timestamp().ok().or_else(|| {
        let midnight = parsed
            .to_date()
            .ok()?
            .to_zoned_datetime(TimeZone::UTC)
            .ok()?;
        Some(midnight.timestamp())
    })
}

/// By the directives of `strftime`, as liquidjs has them; what is none stays.
fn formatted(date: &ZonedDateTime, format: &str) -> Result<String> {
    let mut out = String::new();
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let flags = |c: char| "-_0^#:".contains(c) || c.is_ascii_digit();
        let from = rest[at + 1..].trim_start_matches(flags);
        let letter = from.chars().next().unwrap_or(' ');
        let behind = from.strip_prefix(letter).unwrap_or_default();
        let directive = &rest[at..rest.len() - behind.len()];
        let utc = date.offset() == Offset::UTC;
        let width = directive.trim_matches(|c: char| !c.is_ascii_digit());
        let jiff = match letter {
            'c' => "%-m/%-d/%Y, %-I:%M:%S %p".into(),
            'x' => "%-m/%-d/%Y".into(),
            'X' => "%-I:%M:%S %p".into(),
            'Z' if utc => "UTC".into(),
            'Z' => "%z".into(),
            'L' if width.is_empty() => "%3f".into(),
            // JavaScript counts milliseconds; the digits behind them are zeros.
            'L' | 'N' => format!("%{width}N"),
            'q' => ordinal(date.day()).into(),
            letter if DIRECTIVES.contains(letter) => directive.to_owned(),
            _ => directive.replace('%', "%%"),
        };
        out.push_str(&strtime::format(&jiff, date).unwrap_or_else(|_| directive.into()));
        within(out.len())?;
        rest = behind;
    }
    Ok(out + rest)
}

const fn ordinal(day: i8) -> &'static str {
    match (day, day % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    }
}

/// `10 Mar 2024`, or with `ordinal` `10th Mar 2024`, or with `US` behind that
/// `Mar 10th, 2024`.
fn words(call: &Call<'_>, month: &str) -> Result<Value> {
    let format = match (&*call.text(0), &*call.text(1)) {
        ("ordinal", "US") => format!("{month} %-d%q, %Y"),
        ("ordinal", _) => format!("%-d%q {month} %Y"),
        _ => format!("%d {month} %Y"),
    };
    shown(call, &format, TimeZone::UTC)
}
