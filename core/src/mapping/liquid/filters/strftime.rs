//! Dates as text, by the directives of `strftime` as liquidjs has them.

use jiff::ZonedDateTime;
use jiff::civil::Weekday;
use liquid_core::Result;

use super::super::plain::length;
use super::within;

/// A time in its zone, and what `%Z` shows of that; its offset where that is nothing.
pub(super) struct Shown<'a> {
    pub(super) time: ZonedDateTime,
    pub(super) zone: &'a str,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `shown` in the format. What is not a directive stays as it is.
pub(super) fn formatted(shown: &Shown<'_>, format: &str) -> Result<String> {
    let mut out = String::new();
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let directive = Directive::read(&rest[at + 1..]);
        let Some(directive) = directive else {
            out.push('%');
            rest = &rest[at + 1..];
            continue;
        };
        let end = at + 1 + directive.length;
        match directive.text(shown) {
            Some(text) => out.push_str(&text),
            None => out.push_str(&rest[at..end]),
        }
        within(out.len())?;
        rest = &rest[end..];
    }
    Ok(out + rest)
}

/// `%-5d`: flags, a width and a letter.
struct Directive<'f> {
    flags: &'f str,
    width: &'f str,
    letter: char,
    length: usize,
}

impl<'f> Directive<'f> {
    fn read(text: &'f str) -> Option<Self> {
        let split = |text: &'f str, is_of_it: fn(char) -> bool| {
            let end = text.find(|c| !is_of_it(c)).unwrap_or(text.len());
            text.split_at(end)
        };
        let (flags, rest) = split(text, |c| "-_0^#:".contains(c));
        let (width, rest) = split(rest, |c| c.is_ascii_digit());
        let behind = rest.strip_prefix(['E', 'O']);
        let is_letter = |c: &char| !matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}');
        let first = |rest: &str| rest.chars().next().filter(is_letter);
        // A letter of its own where nothing is behind it.
        let modified = behind.and_then(|behind| Some((first(behind)?, behind)));
        let (letter, rest) = modified.or_else(|| Some((first(rest)?, rest)))?;
        let length = text.len() - rest.len() + letter.len_utf8();
        Some(Self {
            flags,
            width,
            letter,
            length,
        })
    }

    fn text(&self, shown: &Shown<'_>) -> Option<String> {
        let has = |flag| self.flags.contains(flag);
        let width =
            self.width
                .parse()
                .unwrap_or(if self.width.is_empty() { 0 } else { usize::MAX });
        // Zeros are not a width.
        let fraction = if width == 0 { 9 } else { width };
        // Nobody means so many; it is not a directive then.
        if within(width).is_err() {
            return None;
        }
        let mut text = value(shown, self.letter, has(':'), fraction)?;
        let width = match (has('-'), width) {
            (true, _) => 0,
            (false, 0) => usual_width(self.letter),
            (false, width) => width,
        };
        if has('^') {
            text = text.to_uppercase();
        } else if has('#') {
            text = if text.contains(|c: char| c.is_ascii_lowercase()) {
                text.to_uppercase()
            } else {
                text.to_lowercase()
            };
        }
        let pad = match () {
            () if has('_') => ' ',
            () if has('0') => '0',
            () if "aAbBceklpP".contains(self.letter) => ' ',
            () => '0',
        };
        let missing = width.saturating_sub(length(&text));
        let padding = std::iter::repeat_n(pad, missing);
        Some(match text.strip_prefix('-') {
            Some(digits) if pad == '0' => "-".chars().chain(padding).collect::<String>() + digits,
            _ => padding.collect::<String>() + &text,
        })
    }
}

const fn usual_width(letter: char) -> usize {
    match letter {
        'C' | 'd' | 'e' | 'H' | 'I' | 'k' | 'l' | 'm' | 'M' | 'S' | 'U' | 'W' | 'y' => 2,
        'j' | 'L' => 3,
        'Y' => 4,
        _ => 0,
    }
}

fn value(shown: &Shown<'_>, letter: char, has_colon: bool, fraction: usize) -> Option<String> {
    let time = &shown.time;
    let number = |number: i64| number.to_string();
    let month = || {
        let index = usize::try_from(time.month() - 1).unwrap_or(0);
        MONTHS.get(index).copied().unwrap_or_default()
    };
    let short = |name: &str| name.get(..3).unwrap_or(name).to_owned();
    let hour = i64::from(time.hour());
    let hour_of_twelve = match hour % 12 {
        0 => 12,
        hour => hour,
    };
    let half = if hour < 12 { "AM" } else { "PM" };
    let year = i64::from(time.year());
    let date = || format!("{}/{}/{year}", time.month(), time.day());
    let clock = || {
        let (minute, second) = (time.minute(), time.second());
        format!("{hour_of_twelve}:{minute:02}:{second:02} {half}")
    };
    let offset = || {
        let minutes = i64::from(time.offset().seconds()) / 60;
        let sign = if minutes < 0 { '-' } else { '+' };
        let colon = if has_colon { ":" } else { "" };
        let minutes = minutes.abs();
        format!("{sign}{:02}{colon}{:02}", minutes / 60, minutes % 60)
    };
    Some(match letter {
        'a' => short(day_name(time.weekday())),
        'A' => day_name(time.weekday()).to_owned(),
        'b' | 'h' => short(month()),
        'B' => month().to_owned(),
        'c' => format!("{}, {}", date(), clock()),
        'C' => number(year.div_euclid(100)),
        'd' | 'e' => number(time.day().into()),
        'H' | 'k' => number(hour),
        'I' | 'l' => number(hour_of_twelve),
        'j' => number(time.day_of_year().into()),
        'L' => number(time.millisecond().into()),
        'm' => number(time.month().into()),
        'M' => number(time.minute().into()),
        // JavaScript counts milliseconds; the digits behind them are zeros.
        'N' => format!(
            "{:0<fraction$.fraction$}",
            format!("{:03}", time.millisecond())
        ),
        'p' => half.to_owned(),
        'P' => half.to_lowercase(),
        'q' => ordinal(time.day()).to_owned(),
        's' => number(time.timestamp().as_millisecond().div_euclid(1000)),
        'S' => number(time.second().into()),
        'u' => number(time.weekday().to_monday_one_offset().into()),
        'U' => number(week(time, time.weekday().to_sunday_zero_offset())),
        'w' => number(time.weekday().to_sunday_zero_offset().into()),
        'W' => number(week(time, time.weekday().to_monday_zero_offset())),
        'x' => date(),
        'X' => clock(),
        'y' => number(year.rem_euclid(100)),
        'Y' => number(year),
        'z' => offset(),
        'Z' if shown.zone.is_empty() => offset(),
        'Z' => shown.zone.to_owned(),
        't' => "\t".to_owned(),
        'n' => "\n".to_owned(),
        '%' => "%".to_owned(),
        _ => return None,
    })
}

/// The week of the year, whose day it is so many days after the week began.
fn week(time: &ZonedDateTime, since_begin: i8) -> i64 {
    (i64::from(time.day_of_year()) - 1 - i64::from(since_begin) + 7) / 7
}

const fn day_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
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
