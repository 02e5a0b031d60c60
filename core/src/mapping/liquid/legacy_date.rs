//! Dates that are not ISO 8601, as V8 reads them: `Mar 10, 2024 5:00 PM`,
//! `Sun, 10 Mar 2024 12:00:00 GMT`, `2024-03-10 12:00`, `3/10/2024`.
//!
//! Source: V8, `dateparser-inl.h`, "Legacy dates".

use super::instant::{DAY, days, milliseconds};
use super::value::is_space;

#[derive(Default)]
struct Parts {
    numbers: Vec<i64>,
    month: Option<i64>,
    time: Vec<i64>,
    time_is_over: bool,
    /// The hour at which the half of the day begins, where `am` or `pm` says.
    half: Option<i64>,
    zone: Zone,
}

#[derive(Default)]
struct Zone {
    sign: Option<i64>,
    hour: Option<i64>,
    minute: Option<i64>,
}

/// A word by its first three letters, and what it means.
#[derive(Clone, Copy)]
enum Word {
    Month(i64),
    Half(i64),
    /// The hours before or after UTC.
    Zone(i64),
}

const WORDS: &[(&str, Word)] = &[
    ("jan", Word::Month(1)),
    ("feb", Word::Month(2)),
    ("mar", Word::Month(3)),
    ("apr", Word::Month(4)),
    ("may", Word::Month(5)),
    ("jun", Word::Month(6)),
    ("jul", Word::Month(7)),
    ("aug", Word::Month(8)),
    ("sep", Word::Month(9)),
    ("oct", Word::Month(10)),
    ("nov", Word::Month(11)),
    ("dec", Word::Month(12)),
    ("am", Word::Half(0)),
    ("pm", Word::Half(12)),
    ("ut", Word::Zone(0)),
    ("utc", Word::Zone(0)),
    ("z", Word::Zone(0)),
    ("gmt", Word::Zone(0)),
    ("cdt", Word::Zone(-5)),
    ("cst", Word::Zone(-6)),
    ("edt", Word::Zone(-4)),
    ("est", Word::Zone(-5)),
    ("mdt", Word::Zone(-6)),
    ("mst", Word::Zone(-7)),
    ("pdt", Word::Zone(-7)),
    ("pst", Word::Zone(-8)),
];

/// The instant, in milliseconds since 1970.
pub(super) fn parse(text: &str) -> Option<i64> {
    let mut parts = Parts::default();
    let mut rest = text;
    let mut has_number = false;
    while let Some(c) = rest.chars().next() {
        if c.is_ascii_digit() {
            has_number = true;
            rest = parts.number(rest)?;
        } else if is_letter(c) {
            let (word, behind) = run(rest, is_letter);
            rest = behind;
            match word_of(word) {
                Some(Word::Half(hour)) if !parts.time.is_empty() => parts.half = Some(hour),
                Some(Word::Month(month)) => {
                    parts.month = Some(month);
                    rest = rest.strip_prefix('-').unwrap_or(rest);
                }
                Some(Word::Zone(hours)) if has_number => {
                    parts.zone = Zone {
                        sign: Some(hours.signum()),
                        hour: Some(hours.abs()),
                        minute: Some(0),
                    };
                }
                // Other words may stand before the first number only.
                _ if has_number || rest.starts_with(|c: char| c.is_ascii_digit()) => return None,
                _ => {}
            }
        } else if matches!(c, '+' | '-') && (parts.zone.is_utc() || !parts.time.is_empty()) {
            has_number = true;
            rest = parts.zone.read(rest)?;
        } else if matches!(c, '+' | '-' | ')') && has_number {
            return None;
        } else if c == '(' {
            rest = without_brackets(rest);
        } else {
            rest = &rest[c.len_utf8()..];
        }
    }
    Some(parts.day()? * DAY + parts.time_of_day()? - parts.zone.milliseconds()?)
}

/// V8 takes all that comes behind `A` for letters.
const fn is_letter(c: char) -> bool {
    c >= 'A'
}

/// The characters at the beginning of `text` that are `wanted`, and the rest.
fn run(text: &str, wanted: fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !wanted(c)).unwrap_or(text.len()))
}

fn word_of(word: &str) -> Option<Word> {
    let word = word.to_ascii_lowercase();
    let found = WORDS.iter().find(|(known, meaning)| match meaning {
        Word::Month(_) => word.starts_with(known),
        _ => word == *known,
    });
    found.map(|(_, meaning)| *meaning)
}

/// A number; one that no date could hold is a large one. None is 0.
fn number_of(digits: &str) -> i64 {
    const LARGE: i64 = 1_000_000_000;
    match digits.parse::<i64>() {
        Ok(number) => number.min(LARGE),
        Err(_) if digits.is_empty() => 0,
        Err(_) => LARGE,
    }
}

/// Behind the bracket that closes the first one.
fn without_brackets(text: &str) -> &str {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[at + c.len_utf8()..];
        }
    }
    ""
}

impl Parts {
    /// Takes the number that `text` begins with; what is behind it.
    fn number<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        let (digits, rest) = run(text, |c| c.is_ascii_digit());
        let number = number_of(digits);
        if let Some(rest) = rest.strip_prefix(':') {
            if let Some(rest) = rest.strip_prefix(':') {
                if !self.time.is_empty() {
                    return None;
                }
                self.time.extend([number, 0]);
                return Some(rest);
            }
            self.add_time(number)?;
            return Some(rest.strip_prefix('.').unwrap_or(rest));
        }
        if let Some(rest) = rest.strip_prefix('.')
            && self.expects_time(number)
        {
            self.add_time(number)?;
            let (fraction, rest) = run(rest, |c| c.is_ascii_digit());
            self.time.push(milliseconds(fraction)?);
            self.time_is_over = true;
            return Some(rest);
        }
        // A point behind a number of the date is passed over.
        let rest = rest.strip_prefix('.').unwrap_or(rest);
        if self.zone.hour.is_some() && self.zone.minute.is_none() && number < 60 {
            self.zone.minute = Some(number);
        } else if self.expects_time(number) {
            self.add_time(number)?;
            self.time_is_over = true;
            let may_end = rest.is_empty() || rest.starts_with(['Z', 'z', '+', '-']);
            if !may_end && !rest.starts_with(is_space) {
                return None;
            }
        } else {
            if self.numbers.len() == 3 {
                return None;
            }
            self.numbers.push(number);
            return Some(rest.strip_prefix('-').unwrap_or(rest));
        }
        Some(rest)
    }

    fn add_time(&mut self, number: i64) -> Option<()> {
        let is_open = !self.time_is_over && self.time.len() < 4;
        is_open.then(|| self.time.push(number))
    }

    fn expects_time(&self, number: i64) -> bool {
        !self.time_is_over
            && match self.time.len() {
                1 | 2 => number < 60,
                3 => number < 1000,
                _ => false,
            }
    }

    /// The days from 1970. What is missing is 1.
    fn day(&self) -> Option<i64> {
        if self.numbers.is_empty() {
            return None;
        }
        let at = |index: usize| self.numbers.get(index).copied().unwrap_or(1);
        let is_day = |number: i64| (1..=31).contains(&number);
        let (year, month, day) = match self.month {
            Some(month) if is_day(at(0)) => (at(1), month, at(0)),
            Some(month) => (at(0), month, at(1)),
            None if is_day(at(0)) => (at(2), at(0), at(1)),
            None => (at(0), at(1), at(2)),
        };
        let year = match year {
            0..=49 => year + 2000,
            50..=99 => year + 1900,
            year => year,
        };
        let is_date = year < 400_000 && (1..=12).contains(&month) && is_day(day);
        is_date.then(|| days(year, month, day))
    }

    fn time_of_day(&self) -> Option<i64> {
        let at = |index: usize| self.time.get(index).copied().unwrap_or(0);
        let (mut hour, minute, second, millisecond) = (at(0), at(1), at(2), at(3));
        if let Some(half) = self.half {
            if hour > 12 {
                return None;
            }
            hour = hour % 12 + half;
        }
        let is_midnight = hour == 24 && minute == 0 && second == 0 && millisecond == 0;
        let is_time = hour < 24 && minute < 60 && second < 60 && millisecond < 1000;
        (is_time || is_midnight).then(|| ((hour * 60 + minute) * 60 + second) * 1000 + millisecond)
    }
}

impl Zone {
    const fn is_utc(&self) -> bool {
        matches!((self.hour, self.minute), (Some(0), Some(0)))
    }

    /// Takes the offset that `text` begins with: `+2`, `+02`, `+0200`, `+02:`.
    fn read<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        self.sign = Some(if text.starts_with('-') { -1 } else { 1 });
        let (digits, rest) = run(&text[1..], |c| c.is_ascii_digit());
        let number = number_of(digits);
        (self.hour, self.minute) = match digits.len() {
            _ if rest.starts_with(':') => (Some(number), None),
            1 | 2 => (Some(number), Some(0)),
            3 | 4 => (Some(number / 100), Some(number % 100)),
            _ => return None,
        };
        Some(rest)
    }

    fn milliseconds(&self) -> Option<i64> {
        let minutes = self.hour.unwrap_or(0) * 60 + self.minute.unwrap_or(0);
        let is_held = minutes * 60 <= i64::from(i32::MAX);
        is_held.then(|| self.sign.unwrap_or(1) * minutes * 60_000)
    }
}
