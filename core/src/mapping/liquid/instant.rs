//! Instants as JavaScript has them: milliseconds since 1970, up to the year
//! 275760, which is more than other libraries hold and what becomes of
//! milliseconds that are taken for seconds.

use super::legacy_date;

/// JavaScript's limit, in milliseconds to both sides of 1970.
const LIMIT: f64 = 8.64e15;

/// A day in milliseconds.
pub(super) const DAY: i64 = 86_400_000;

/// The day and the time of day of an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Civil {
    pub(super) year: i64,
    /// From 1.
    pub(super) month: i64,
    /// From 1.
    pub(super) day: i64,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
    pub(super) millisecond: i64,
    /// From 1.
    pub(super) day_of_year: i64,
    /// From 0, a Sunday.
    pub(super) weekday: i64,
}

/// The milliseconds, where they are a date.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
pub(super) fn clipped(milliseconds: f64) -> Option<i64> {
    (milliseconds.abs() <= LIMIT).then_some(milliseconds as i64)
}

/// The instant that a text says, as `Date.parse` reads it where the local time
/// is UTC.
pub(super) fn parse(text: &str) -> Option<i64> {
    let parsed = match iso(text) {
        Iso::Date(milliseconds) => Some(milliseconds),
        Iso::Faulty => None,
        Iso::Other => legacy_date::parse(text),
    };
    parsed.filter(|milliseconds| milliseconds.unsigned_abs() <= 8_640_000_000_000_000)
}

enum Iso {
    Date(i64),
    /// Begins like a date with a time and goes on otherwise.
    Faulty,
    Other,
}

/// ECMAScript, Date Time String Format.
fn iso(text: &str) -> Iso {
    let Some((year, rest)) = year(text) else {
        return Iso::Other;
    };
    let (month, rest) = part(rest, '-', 2).unwrap_or((1, rest));
    let (day, rest) = part(rest, '-', 2).unwrap_or((1, rest));
    // Days up to the 31st of any month are read; they run into the next one.
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return Iso::Other;
    }
    let midnight = days(year, month, day) * DAY;
    if rest.is_empty() {
        return Iso::Date(midnight);
    }
    match rest.strip_prefix(['T', 't']) {
        Some(rest) => time(rest).map_or(Iso::Faulty, |time| Iso::Date(midnight + time)),
        None => Iso::Other,
    }
}

/// Four digits, or a sign and six.
fn year(text: &str) -> Option<(i64, &str)> {
    let (sign, rest, count) = match text.strip_prefix(['+', '-']) {
        Some(rest) if text.starts_with('-') => (-1, rest, 6),
        Some(rest) => (1, rest, 6),
        None => (1, text, 4),
    };
    let (year, rest) = digits(rest, count)?;
    (sign > 0 || year > 0).then_some((sign * year, rest))
}

/// Exactly `count` digits.
fn digits(text: &str, count: usize) -> Option<(i64, &str)> {
    let (digits, rest) = text.split_at_checked(count)?;
    let is_digit = |c: char| c.is_ascii_digit();
    let is_all = digits.chars().all(is_digit) && !rest.starts_with(is_digit);
    is_all
        .then(|| digits.parse().ok())
        .flatten()
        .zip(Some(rest))
}

/// `count` digits behind `mark`.
fn part(text: &str, mark: char, count: usize) -> Option<(i64, &str)> {
    digits(text.strip_prefix(mark)?, count)
}

/// `12:30`, `12:30:00`, `12:30:00.5`, with `Z`, `+02:00` or `+0200` behind.
fn time(text: &str) -> Option<i64> {
    let (hour, rest) = digits(text, 2)?;
    let (minute, rest) = part(rest, ':', 2)?;
    let (mut second, mut millisecond, mut rest) = (0, 0, rest);
    if let Some((seconds, behind)) = part(rest, ':', 2) {
        (second, rest) = (seconds, behind);
        if let Some(fraction) = rest.strip_prefix('.') {
            let length = fraction.bytes().take_while(u8::is_ascii_digit).count();
            millisecond = milliseconds(&fraction[..length])?;
            rest = &fraction[length..];
        }
    }
    let is_midnight = hour == 24 && (minute, second, millisecond) == (0, 0, 0);
    if !(hour < 24 || is_midnight) || minute > 59 || second > 59 {
        return None;
    }
    let offset = offset(rest)?;
    Some(((hour * 60 + minute - offset) * 60 + second) * 1000 + millisecond)
}

/// The first three digits of a fraction of a second.
pub(super) fn milliseconds(fraction: &str) -> Option<i64> {
    let digits = fraction.bytes().chain(std::iter::repeat(b'0')).take(3);
    (!fraction.is_empty()).then(|| {
        digits.fold(0, |sum, digit| {
            sum * 10 + i64::from(digit.wrapping_sub(b'0'))
        })
    })
}

/// The minutes before UTC.
fn offset(text: &str) -> Option<i64> {
    if matches!(text, "" | "Z" | "z") {
        return Some(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let rest = text.strip_prefix(['+', '-'])?;
    let (hours, minutes, rest) = match digits(rest, 4) {
        Some((both, rest)) => (both / 100, both % 100, rest),
        None => {
            let (hours, rest) = digits(rest, 2)?;
            let (minutes, rest) = part(rest, ':', 2)?;
            (hours, minutes, rest)
        }
    };
    (hours < 24 && minutes < 60 && rest.is_empty()).then_some(sign * (hours * 60 + minutes))
}

/// The days from 1970 to a day. The year is counted from March, so that the
/// day that leap years have comes last.
pub(super) const fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

impl Civil {
    pub(super) const fn new(milliseconds: i64) -> Self {
        let day = milliseconds.div_euclid(DAY);
        let time = milliseconds.rem_euclid(DAY);
        let shifted = day + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let from_march = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * from_march + 2) / 153;
        let month = (month_from_march + 2) % 12 + 1;
        let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
        Self {
            year,
            month,
            day: from_march - (153 * month_from_march + 2) / 5 + 1,
            hour: time / 3_600_000,
            minute: time / 60_000 % 60,
            second: time / 1000 % 60,
            millisecond: time % 1000,
            day_of_year: day - days(year, 1, 1) + 1,
            weekday: (day + 4).rem_euclid(7),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        let mut day = jiff::civil::date(-9998, 1, 1);
        let last = jiff::civil::date(9998, 12, 31);
        let week = jiff::Span::new().days(97);
        while day < last {
            let (year, month) = (i64::from(day.year()), i64::from(day.month()));
            let count = days(year, month, i64::from(day.day()));
            let civil = Civil::new(count * DAY + 1);
            assert_eq!(
                (civil.year, civil.month, civil.day, civil.millisecond),
                (year, month, i64::from(day.day()), 1)
            );
            assert_eq!(civil.day_of_year, i64::from(day.day_of_year()), "{day}");
            let weekday = i64::from(day.weekday().to_sunday_zero_offset());
            assert_eq!(civil.weekday, weekday, "{day}");
            day = day.checked_add(week).unwrap();
        }
    }

    #[test]
    fn dates_end_where_those_of_javascript_do() {
        assert_eq!(parse("+275760-09-13"), Some(8_640_000_000_000_000));
        for text in ["+275760-09-14", "-271821-04-19", "2024-13-01"] {
            assert_eq!(parse(text), None, "{text}");
        }
        let civil = Civil::new(8_640_000_000_000_000);
        assert_eq!((civil.year, civil.month, civil.day), (275_760, 9, 13));
        let civil = Civil::new(-8_640_000_000_000_000);
        assert_eq!((civil.year, civil.month, civil.day), (-271_821, 4, 20));
    }
}
