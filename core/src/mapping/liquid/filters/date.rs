//! Dates.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::super::instant::{Civil, clipped, parse};
use super::super::scope::{Made, Trouble};
use super::super::strftime::{Shown, format};
use super::super::value::Value;
use super::{Apply, Call};
use crate::event::Json;

pub(super) const FILTERS: &[(&str, Apply)] = &[
    ("date", |call| {
        let format = call.argument(0).filter(|format| !format.is_nil());
        let format = format.map_or(DEFAULT_FORMAT.into(), Value::shown);
        shown(call, &format, call.argument(1))
    }),
    ("date_to_xmlschema", |call| {
        shown(call, "%Y-%m-%dT%H:%M:%S%:z", None)
    }),
    ("date_to_rfc822", |call| {
        shown(call, "%a, %d %b %Y %H:%M:%S %z", None)
    }),
    ("date_to_string", |call| words(call, "%b")),
    ("date_to_long_string", |call| words(call, "%B")),
];

const DEFAULT_FORMAT: &str = "%A, %B %-e, %Y at %-l:%M %P %z";

/// The date in the format; the value itself where it is no date.
fn shown<'a>(call: &Call<'a, '_>, pattern: &str, zone: Option<Value<'a>>) -> Made<'a> {
    let Some(instant) = instant(call.value.plain()) else {
        return Ok(call.value);
    };
    // Local time is UTC.
    let mut date = Shown {
        instant,
        civil: Civil::new(instant),
        offset: 0,
        zone: "UTC",
    };
    let name;
    if let Some(zone) = zone.filter(|zone| !zone.is_nil()) {
        match zone {
            Value::Json(Json::Str(text)) => {
                name = text;
                date.offset = offset_of(name, instant)?;
            }
            minutes => {
                name = "";
                let Some(minutes) = clipped(minutes.to_double() * 60_000.0) else {
                    return Ok(call.value);
                };
                date.offset = minutes / 60_000;
            }
        }
        date.zone = name;
        date.civil = Civil::new(instant - date.offset * 60_000);
    }
    let text = format(&date, pattern, call.scope)?;
    call.scope.text(&text)
}

/// The minutes of a time zone before UTC.
fn offset_of(zone: &str, instant: i64) -> Result<i64, Trouble> {
    let unknown = |_| Trouble::from("`date` got a time zone that does not exist");
    let zone = TimeZone::get(zone).map_err(unknown)?;
    // Beyond the years that the library knows, the rules are those of 1970.
    let instant = Timestamp::from_millisecond(instant).unwrap_or(Timestamp::UNIX_EPOCH);
    Ok(i64::from(-zone.to_offset(instant).seconds()).div_euclid(60))
}

/// The instant that a value is: seconds since 1970 as number or digits, or a
/// date as `Date.parse` reads it. `now` is none, as there is no clock.
fn instant(value: Value<'_>) -> Option<i64> {
    match value {
        Value::Json(Json::Number(number)) => clipped(number.to_f64() * 1000.0),
        Value::Json(Json::Bool(value)) => Some(i64::from(value)),
        Value::Json(Json::Str(text)) if is_digits(text) => clipped(value.to_double() * 1000.0),
        Value::Json(Json::Str(text)) => parse(text),
        Value::Json(Json::List(_)) => parse(&value.script_text()),
        _ => None,
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `10 Mar 2024`, or with `ordinal` `10th Mar 2024`, or with `US` behind that
/// `Mar 10th, 2024`.
fn words<'a>(call: &Call<'a, '_>, month: &str) -> Made<'a> {
    let pattern = match (&*call.text(0), &*call.text(1)) {
        ("ordinal", "US") => format!("{month} %-d%q, %Y"),
        ("ordinal", _) => format!("%-d%q {month} %Y"),
        _ => format!("%d {month} %Y"),
    };
    shown(call, &pattern, None)
}
