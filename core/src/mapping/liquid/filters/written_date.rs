//! Dates as JavaScript's `Date` reads them, in time zone UTC where they name none.
//!
//! ECMAScript leaves to each engine what it reads beside its own format. This
//! reads what V8 reads, which runs liquidjs: words before the first number are
//! passed over, what is in parentheses is too, `10/3/24` is of October, and a
//! year below 50 is of this century.
//!
//! Source: V8, the comments of `DateParser`.

use jiff::civil::{Date, Time};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use super::super::plain::is_space;

/// The time that `text` says.
pub(super) fn read(text: &str) -> Option<Timestamp> {
    let mut parser = Parser {
        rest: text,
        ..Parser::default()
    };
    parser.parse()?;
    parser.timestamp()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    /// A number and how many digits it has.
    Number(i64, usize),
    Symbol(char),
    Word(Word),
    Space,
    Unknown,
    End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Month(i64),
    /// What is added to an hour of twelve.
    Half(i64),
    /// Hours from UTC.
    Zone(i64),
    /// `Z`, which is a zone too.
    Zulu,
    /// `T`, which is between date and time.
    Separator,
    Other,
}

/// By their first three letters, of which a zone has no more.
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
    ("z", Word::Zulu),
    ("gmt", Word::Zone(0)),
    ("cdt", Word::Zone(-5)),
    ("cst", Word::Zone(-6)),
    ("edt", Word::Zone(-4)),
    ("est", Word::Zone(-5)),
    ("mdt", Word::Zone(-6)),
    ("mst", Word::Zone(-7)),
    ("pdt", Word::Zone(-7)),
    ("pst", Word::Zone(-8)),
    ("t", Word::Separator),
];

/// How many digits of a number count.
const DIGITS: usize = 9;

#[derive(Default)]
struct Parser<'t> {
    rest: &'t str,
    /// Year, month and day in the order in which they are written.
    day: Vec<i64>,
    named_month: Option<i64>,
    is_iso: bool,
    /// Hour, minute, second, millisecond.
    time: Vec<i64>,
    half: Option<i64>,
    sign: Option<i64>,
    zone_hour: Option<i64>,
    zone_minute: Option<i64>,
}

/// What is behind the part that ECMAScript's own format reads.
type Iso = Option<Token>;

impl Parser<'_> {
    fn parse(&mut self) -> Option<()> {
        let mut token = self.iso()?;
        let mut has_number = !self.day.is_empty();
        while token != Token::End {
            match token {
                Token::Number(number, _) => {
                    has_number = true;
                    self.number(number)?;
                }
                Token::Word(word) => match word {
                    Word::Half(half) if !self.time.is_empty() => self.half = Some(half),
                    Word::Month(month) => {
                        self.named_month = Some(month);
                        self.skip('-');
                    }
                    Word::Zone(hours) if has_number => self.zone(hours),
                    Word::Zulu if has_number => self.zone(0),
                    _ if has_number || matches!(self.peek(), Token::Number(..)) => return None,
                    _ => {}
                },
                Token::Symbol(sign @ ('+' | '-')) if self.is_utc() || !self.time.is_empty() => {
                    has_number = true;
                    self.offset(sign)?;
                }
                Token::Symbol('+' | '-' | ')') if has_number => return None,
                _ => {}
            }
            token = self.next();
        }
        Some(())
    }

    /// Reads ECMAScript's own format as far as it goes.
    fn iso(&mut self) -> Iso {
        let first = self.peek();
        match first {
            Token::Symbol(sign @ ('+' | '-')) => {
                self.next();
                let Token::Number(year, 6) = self.peek() else {
                    return Some(first);
                };
                self.next();
                if sign == '-' && year == 0 {
                    return Some(first);
                }
                self.day.push(if sign == '-' { -year } else { year });
            }
            Token::Number(year, 4) => {
                self.next();
                self.day.push(year);
            }
            _ => return Some(self.next()),
        }
        for most in [12, 31] {
            if !self.skip('-') {
                break;
            }
            match self.peek() {
                Token::Number(number, 2) if (1..=most).contains(&number) => {
                    self.next();
                    self.day.push(number);
                }
                _ => return Some(self.next()),
            }
        }
        if self.peek() != Token::Word(Word::Separator) {
            if self.peek() != Token::End {
                return Some(self.next());
            }
        } else {
            self.next();
            self.iso_time()?;
        }
        if self.sign.is_none() && self.zone_hour.is_none() && self.time.is_empty() {
            self.zone(0);
        }
        self.is_iso = true;
        Some(Token::End)
    }

    fn iso_time(&mut self) -> Option<()> {
        let hour = self.two_digits(24)?;
        let most = if hour == 24 { 0 } else { 59 };
        self.time.push(hour);
        self.expect(':')?;
        let minute = self.two_digits(most)?;
        self.time.push(minute);
        if self.skip(':') {
            let second = self.two_digits(most)?;
            self.time.push(second);
            if self.skip('.') {
                let Token::Number(number, length) = self.next() else {
                    return None;
                };
                if hour == 24 && number > 0 {
                    return None;
                }
                self.time.push(milliseconds(number, length));
            }
        }
        match self.peek() {
            Token::Word(Word::Zulu) => {
                self.next();
                self.zone(0);
            }
            Token::Symbol(sign @ ('+' | '-')) => {
                self.next();
                self.sign = Some(sign_of(sign));
                let (hour, minute) = if let Token::Number(both, 4) = self.peek() {
                    self.next();
                    (both / 100, both % 100)
                } else {
                    let hour = self.two_digits(23)?;
                    self.expect(':')?;
                    (hour, self.two_digits(59)?)
                };
                if hour > 23 || minute > 59 {
                    return None;
                }
                (self.zone_hour, self.zone_minute) = (Some(hour), Some(minute));
            }
            _ => {}
        }
        (self.peek() == Token::End).then_some(())
    }

    fn two_digits(&mut self, most: i64) -> Option<i64> {
        match self.next() {
            Token::Number(number, 2) if number <= most => Some(number),
            _ => None,
        }
    }

    fn number(&mut self, number: i64) -> Option<()> {
        if self.skip(':') {
            if self.skip(':') {
                if !self.time.is_empty() {
                    return None;
                }
                self.time.extend([number, 0]);
            } else {
                self.add_time(number)?;
                self.skip('.');
            }
        } else if self.peek() == Token::Symbol('.') && {
            self.next();
            self.expects_time(number)
        } {
            self.add_time(number)?;
            let Token::Number(fraction, length) = self.peek() else {
                return None;
            };
            self.next();
            self.add_time(milliseconds(fraction, length))?;
            self.time.resize(4, 0);
        } else if self.zone_hour.is_some()
            && self.zone_minute.is_none()
            && (0..60).contains(&number)
        {
            self.zone_minute = Some(number);
        } else if self.expects_time(number) {
            self.add_time(number)?;
            self.time.resize(4, 0);
            match self.peek() {
                Token::End | Token::Space | Token::Word(Word::Zulu) | Token::Symbol('+' | '-') => {}
                _ => return None,
            }
        } else {
            if self.day.len() == 3 {
                return None;
            }
            self.day.push(number);
            self.skip('-');
        }
        Some(())
    }

    fn expects_time(&self, number: i64) -> bool {
        match self.time.len() {
            1 | 2 => number < 60,
            3 => number < 1000,
            _ => false,
        }
    }

    fn add_time(&mut self, number: i64) -> Option<()> {
        if self.time.len() == 4 {
            return None;
        }
        self.time.push(number);
        Some(())
    }

    fn zone(&mut self, hours: i64) {
        self.sign = Some(if hours < 0 { -1 } else { 1 });
        self.zone_hour = Some(hours.abs());
        self.zone_minute = Some(0);
    }

    fn is_utc(&self) -> bool {
        self.zone_hour == Some(0) && self.zone_minute == Some(0)
    }

    /// `+1`, `+01`, `+100`, `+0100`, or `+01:` with the minutes behind it.
    fn offset(&mut self, sign: char) -> Option<()> {
        self.sign = Some(sign_of(sign));
        let (number, length) = match self.peek() {
            Token::Number(number, length) => {
                self.next();
                (number, length)
            }
            _ => (0, 0),
        };
        (self.zone_hour, self.zone_minute) = match length {
            _ if self.peek() == Token::Symbol(':') => (Some(number), None),
            1 | 2 => (Some(number), Some(0)),
            3 | 4 => (Some(number / 100), Some(number % 100)),
            _ => return None,
        };
        Some(())
    }

    fn timestamp(&self) -> Option<Timestamp> {
        let at = |index: usize| self.day.get(index).copied().unwrap_or(1);
        let is_day = |number: i64| (1..=31).contains(&number);
        if self.day.is_empty() {
            return None;
        }
        let (mut year, month, day) = match self.named_month {
            None if self.is_iso || !is_day(at(0)) => (at(0), at(1), at(2)),
            None => (at(2), at(0), at(1)),
            Some(month) if !is_day(at(0)) => (at(0), month, at(1)),
            Some(month) => (at(1), month, at(0)),
        };
        if !self.is_iso {
            year += match year {
                0..50 => 2000,
                50..100 => 1900,
                _ => 0,
            };
        }
        if !is_day(day) || !(1..=12).contains(&month) {
            return None;
        }
        let part = |index: usize| self.time.get(index).copied().unwrap_or(0);
        let (mut hour, minute, second, fraction) = (part(0), part(1), part(2), part(3));
        if let Some(half) = self.half {
            if hour > 12 {
                return None;
            }
            hour = hour % 12 + half;
        }
        let is_midnight = hour == 24 && minute == 0 && second == 0 && fraction == 0;
        if (hour > 23 || minute > 59 || second > 59 || fraction > 999) && !is_midnight {
            return None;
        }
        let offset = match self.sign {
            None => 0,
            Some(sign) => {
                let minutes = self.zone_hour.unwrap_or(0) * 60 + self.zone_minute.unwrap_or(0);
                sign * minutes * 60
            }
        };
        // The 31st of April is the first of May.
        let first = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, 1).ok()?;
        let seconds = (((day - 1) * 24 + hour) * 60 + minute) * 60 + second - offset;
        let since = SignedDuration::from_millis(seconds.checked_mul(1000)?.checked_add(fraction)?);
        let begin = Offset::UTC.to_timestamp(first.to_datetime(Time::midnight()));
        begin.ok()?.checked_add(since).ok()
    }

    fn peek(&mut self) -> Token {
        let rest = self.rest;
        let token = self.next();
        self.rest = rest;
        token
    }

    fn skip(&mut self, symbol: char) -> bool {
        let is_there = self.rest.starts_with(symbol);
        if is_there {
            self.rest = &self.rest[symbol.len_utf8()..];
        }
        is_there
    }

    fn expect(&mut self, symbol: char) -> Option<()> {
        self.skip(symbol).then_some(())
    }

    fn take(&mut self, is_of_it: impl Fn(char) -> bool) -> &str {
        let end = self.rest.find(|c| !is_of_it(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn next(&mut self) -> Token {
        let Some(first) = self.rest.chars().next() else {
            return Token::End;
        };
        if first.is_ascii_digit() {
            let digits = self.take(|c| c.is_ascii_digit());
            let length = digits.len();
            let digits = digits.trim_start_matches('0');
            let number = digits.get(..DIGITS).unwrap_or(digits).parse();
            return Token::Number(number.unwrap_or(0), length);
        }
        if is_space(first) {
            self.take(is_space);
            return Token::Space;
        }
        let is_letter = |c: char| c >= 'A' && !is_space(c);
        if is_letter(first) {
            let word = self.take(is_letter);
            return Token::Word(keyword(word));
        }
        if first == '(' {
            self.parentheses();
            return Token::Unknown;
        }
        self.rest = &self.rest[first.len_utf8()..];
        match first {
            ':' | '-' | '+' | '.' | ')' => Token::Symbol(first),
            _ => Token::Unknown,
        }
    }

    fn parentheses(&mut self) {
        let mut depth = 0_usize;
        let end = self.rest.char_indices().find(|(_, c)| {
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            depth == 0
        });
        self.rest = end.map_or("", |(at, _)| &self.rest[at + 1..]);
    }
}

fn keyword(word: &str) -> Word {
    let is_it = |(known, meaning): &&(&str, Word)| match meaning {
        Word::Month(_) => word
            .get(..known.len())
            .is_some_and(|begin| begin.eq_ignore_ascii_case(known)),
        _ => word.eq_ignore_ascii_case(known),
    };
    WORDS
        .iter()
        .find(is_it)
        .map_or(Word::Other, |(_, word)| *word)
}

const fn sign_of(sign: char) -> i64 {
    if sign == '-' { -1 } else { 1 }
}

/// The first three digits of a fraction of a second.
fn milliseconds(number: i64, length: usize) -> i64 {
    match length {
        1 => number * 100,
        2 => number * 10,
        3 => number,
        _ => {
            let more = u32::try_from(length.min(DIGITS).saturating_sub(3)).unwrap_or(0);
            number / 10_i64.pow(more)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_by_javascript() {
        for (text, time) in [
            ("3/10/24", "2024-03-10T00:00:00Z"),
            ("3/10/70", "1970-03-10T00:00:00Z"),
            ("3-10-24", "2024-03-10T00:00:00Z"),
            ("32/3/10", "2032-03-10T00:00:00Z"),
            ("2024-03", "2024-03-01T00:00:00Z"),
            ("2024/03/10 12:30", "2024-03-10T12:30:00Z"),
            ("2024-03-10 12:30:00 UTC", "2024-03-10T12:30:00Z"),
            ("2024-03-10 12:30:00 +0200", "2024-03-10T10:30:00Z"),
            ("2024-03-10 12:30:00.5 -02:30", "2024-03-10T15:00:00.5Z"),
            ("3/10/2024 5:06 PM", "2024-03-10T17:06:00Z"),
            ("3/10/2024, 12:06:07 AM", "2024-03-10T00:06:07Z"),
            ("March 10, 2024 5:00 PM", "2024-03-10T17:00:00Z"),
            ("10-Mar-2024", "2024-03-10T00:00:00Z"),
            ("10 Mar 24", "2024-03-10T00:00:00Z"),
            ("Mar 10", "2001-03-10T00:00:00Z"),
            ("Sun, 10 Mar 2024 12:30:00 GMT", "2024-03-10T12:30:00Z"),
            ("Sun, 10 Mar 2024 12:30:00 EST", "2024-03-10T17:30:00Z"),
            (
                "Sun Mar 10 2024 12:30:00 GMT+0100 (Central European Standard Time)",
                "2024-03-10T11:30:00Z",
            ),
            (
                "2024-03-10T12:30:00.123456+02:00",
                "2024-03-10T10:30:00.123Z",
            ),
            ("2024-03-10T24:00", "2024-03-11T00:00:00Z"),
            ("2024-02-31", "2024-03-02T00:00:00Z"),
            ("+002024-03-10", "2024-03-10T00:00:00Z"),
        ] {
            assert_eq!(read(text), time.parse().ok(), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "x",
            "12:30",
            "2024-W10",
            "2024-03-10T12",
            "2024-03-10T25:00",
            "2024-03-10T12:30Z[Europe/Berlin]",
            "13/13/2024",
            "3/10/2024 13:00 PM",
            "1710073800.5",
            "10 Mar 2024 12:30 +12345",
            "((",
            "1 2 3 4",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
