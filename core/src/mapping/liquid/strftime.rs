//! Dates as text, by the directives of `strftime`.

use super::instant::Civil;
use super::scope::{Scope, Trouble};

/// A date to be written.
pub(super) struct Shown<'z> {
    /// Milliseconds since 1970.
    pub(super) instant: i64,
    /// The local time.
    pub(super) civil: Civil,
    /// The minutes of the local time before UTC.
    pub(super) offset: i64,
    /// The name of the time zone; without one its offset is shown.
    pub(super) zone: &'z str,
}

const WEEKDAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

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

/// A directive `%-5d`: its flags, its width and its letter.
struct Directive<'f> {
    flags: &'f str,
    width: Option<usize>,
    letter: char,
}

/// The date in the format. What is no directive stands for itself.
pub(super) fn format(date: &Shown<'_>, format: &str, scope: &Scope<'_>) -> Result<String, Trouble> {
    let mut out = String::new();
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let (directive, behind) = directive(&rest[at..]);
        let source = &rest[at..rest.len() - behind.len()];
        rest = behind;
        let width = directive.width.unwrap_or(0);
        scope.spend(width)?;
        match directive.text(date) {
            Some(text) => out.push_str(&directive.padded(text)),
            None => out.push_str(source),
        }
    }
    Ok(out + rest)
}

fn directive(text: &str) -> (Directive<'_>, &str) {
    let behind =
        |text: &str, wanted: fn(char) -> bool| text.find(|c| !wanted(c)).unwrap_or(text.len());
    let rest = &text[1..];
    let (flags, rest) = rest.split_at(behind(rest, |c| "-_0^#:".contains(c)));
    let (width, rest) = rest.split_at(behind(rest, |c| c.is_ascii_digit()));
    let rest = rest.strip_prefix(['E', 'O']).unwrap_or(rest);
    let mut chars = rest.chars();
    let letter = chars.next().unwrap_or('\0');
    let width = (!width.is_empty()).then(|| width.parse().unwrap_or(usize::MAX));
    let directive = Directive {
        flags,
        width: width.filter(|width| *width > 0),
        letter,
    };
    (directive, chars.as_str())
}

impl Directive<'_> {
    fn has(&self, flag: char) -> bool {
        self.flags.contains(flag)
    }

    fn text(&self, date: &Shown<'_>) -> Option<String> {
        let civil = &date.civil;
        let name = |names: &[&str], index: i64| -> String {
            let index = usize::try_from(index).unwrap_or(0);
            names.get(index).copied().unwrap_or_default().into()
        };
        let short = |name: String| name.chars().take(3).collect::<String>();
        let twelve = (civil.hour + 11) % 12 + 1;
        let half = if civil.hour < 12 { "am" } else { "pm" };
        Some(match self.letter {
            'a' => short(name(&WEEKDAYS, civil.weekday)),
            'A' => name(&WEEKDAYS, civil.weekday),
            'b' | 'h' => short(name(&MONTHS, civil.month - 1)),
            'B' => name(&MONTHS, civil.month - 1),
            'c' => format!("{}, {}", numeric_date(civil), numeric_time(civil)),
            'C' => civil.year.div_euclid(100).to_string(),
            'd' | 'e' => civil.day.to_string(),
            'H' | 'k' => civil.hour.to_string(),
            'I' | 'l' => twelve.to_string(),
            'j' => civil.day_of_year.to_string(),
            'L' => civil.millisecond.to_string(),
            'm' => civil.month.to_string(),
            'M' => civil.minute.to_string(),
            'N' => {
                let width = self.width.unwrap_or(9);
                let digits = format!("{:03}", civil.millisecond);
                digits
                    .chars()
                    .chain(std::iter::repeat('0'))
                    .take(width)
                    .collect()
            }
            'p' => half.to_uppercase(),
            'P' => half.into(),
            'q' => ordinal(civil.day).into(),
            's' => date.instant.div_euclid(1000).to_string(),
            'S' => civil.second.to_string(),
            'u' => (if civil.weekday == 0 { 7 } else { civil.weekday }).to_string(),
            'U' => week(civil, 0).to_string(),
            'w' => civil.weekday.to_string(),
            'W' => week(civil, 1).to_string(),
            'x' => numeric_date(civil),
            'X' => numeric_time(civil),
            'y' => civil.year.rem_euclid(100).to_string(),
            'Y' => civil.year.to_string(),
            'z' => self.offset(date),
            'Z' if date.zone.is_empty() => self.offset(date),
            'Z' => date.zone.into(),
            't' => "\t".into(),
            'n' => "\n".into(),
            '%' => "%".into(),
            _ => return None,
        })
    }

    fn offset(&self, date: &Shown<'_>) -> String {
        let sign = if date.offset > 0 { '-' } else { '+' };
        let minutes = date.offset.abs();
        let colon = if self.has(':') { ":" } else { "" };
        format!("{sign}{:02}{colon}{:02}", minutes / 60, minutes % 60)
    }

    fn padded(&self, mut text: String) -> String {
        if self.has('^') {
            text = text.to_uppercase();
        } else if self.has('#') {
            let has_lower = text.chars().any(|c| c.is_ascii_lowercase());
            text = if has_lower {
                text.to_uppercase()
            } else {
                text.to_lowercase()
            };
        }
        let width = match self.letter {
            _ if self.has('-') => 0,
            letter => self.width.unwrap_or(match letter {
                'C' | 'd' | 'e' | 'H' | 'I' | 'k' | 'l' | 'm' | 'M' | 'S' | 'U' | 'W' | 'y' => 2,
                'j' | 'L' => 3,
                'Y' => 4,
                _ => 0,
            }),
        };
        let by_space = self.has('_') || !self.has('0') && "aAbBceklpP".contains(self.letter);
        let missing = width.saturating_sub(text.chars().count());
        match text.strip_prefix('-') {
            Some(digits) if !by_space => format!("-{}{digits}", "0".repeat(missing)),
            _ => (if by_space { " " } else { "0" }).repeat(missing) + &text,
        }
    }
}

fn numeric_date(civil: &Civil) -> String {
    format!("{}/{}/{}", civil.month, civil.day, civil.year)
}

fn numeric_time(civil: &Civil) -> String {
    let hour = (civil.hour + 11) % 12 + 1;
    let half = if civil.hour < 12 { "AM" } else { "PM" };
    format!("{hour}:{:02}:{:02} {half}", civil.minute, civil.second)
}

const fn ordinal(day: i64) -> &'static str {
    match (day, day % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    }
}

/// The week of the year; days before the first `first_day` are in week 0.
const fn week(civil: &Civil, first_day: i64) -> i64 {
    let since = (civil.weekday - first_day + 7) % 7;
    (civil.day_of_year - 1 - since + 7).div_euclid(7)
}
