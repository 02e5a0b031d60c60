//! `db`: a date of birth.

mod reading;

use jiff::civil::Date;

use self::reading::{Part, read};
use super::characters::trim;
use super::rule::{NEVER, PAGE, Rule};
use super::step::Step;
use super::{DateOrder, Hints, spreadsheet};
use super::{Identifier, ValueError};

const WRITE: &str = "Write YYYYMMDD.";

pub(super) const RULE: Rule = Rule {
    identifier: Identifier::DateOfBirth,
    about: "A date of birth, sent as YYYYMMDD.",
    source: PAGE,
    steps: &[
        Step::own(
            "db.read",
            "Read YYYYMMDD, year first with any separator, an English month name, or day and month before the year where only one order is possible or the order is configured; a time behind it is ignored.",
        ),
        Step::own(
            "db.unambiguous",
            "Refuse a day and a month that could be either way round.",
        )
        .refuses(),
        Step::documented(
            "db.calendar",
            "Refuse what the calendar does not have, and years not from 1900 to 2100.",
        )
        .refuses(),
        Step::own(
            "db.past",
            "Refuse a day after today, in the Pixel's form too.",
        )
        .refuses(),
        Step::documented("db.write", WRITE),
    ],
    pixel_steps: &[
        Step::reported(
            "db.pixel.read",
            "Read the first three numbers: what is above 31 is the year, what is above 12 the day, the month before the day where both are possible; or one number of eight digits.",
        ),
        Step::reported("db.pixel.write", WRITE),
    ],
    opaque: false,
    page,
    pixel: Some(pixel),
    agreed: NEVER,
};

/// The youngest person's year of birth that is believed, without a clock.
const LAST_YEAR: u64 = 2100;

fn page(text: &str, hints: Hints<'_>, out: &mut String) -> Result<(), ValueError> {
    let whole = spreadsheet::digits(trim(text)).unwrap_or_default();
    let parts = read(whole.as_deref().unwrap_or(text)).ok_or(ValueError::NotADate)?;
    let (year, month, day) = order(parts, hints.date_order)?;
    if !(1900..=LAST_YEAR).contains(&year) {
        return Err(ValueError::ImpossibleDate);
    }
    let exists = i16::try_from(year)
        .ok()
        .zip(i8::try_from(month).ok())
        .zip(i8::try_from(day).ok())
        .is_some_and(|((year, month), day)| Date::new(year, month, day).is_ok());
    if !exists {
        return Err(ValueError::ImpossibleDate);
    }
    write_date(year, month, day, out);
    Ok(())
}

/// Refuses `form`, as YYYYMMDD, where it is after today.
pub(super) fn check(form: &str, hints: Hints<'_>) -> Result<(), ValueError> {
    let Some(today) = hints.today else {
        return Ok(());
    };
    let today =
        i64::from(today.year()) * 10_000 + i64::from(today.month()) * 100 + i64::from(today.day());
    // Written so, days are ordered as numbers are.
    match form.parse::<i64>() {
        Ok(day) if day > today => Err(ValueError::FutureDate),
        _ => Ok(()),
    }
}

/// Year, month and day of three parts.
fn order(parts: [Part; 3], configured: Option<DateOrder>) -> Result<(u64, u64, u64), ValueError> {
    use Part::{Month, Number};
    let is_year = |digits| digits == 4;
    let is_short = |digits| digits <= 2;
    match parts {
        [Number(year, y), Number(month, m), Number(day, d)]
            if is_year(y) && is_short(m) && is_short(d) =>
        {
            Ok((year, month, day))
        }
        [Number(first, a), Number(second, b), Number(year, y)]
            if is_year(y) && is_short(a) && is_short(b) =>
        {
            match (first > 12, second > 12, configured) {
                (true, true, _) => Err(ValueError::ImpossibleDate),
                (true, false, _) | (false, false, Some(DateOrder::DayFirst)) => {
                    Ok((year, second, first))
                }
                (false, true, _) | (false, false, Some(DateOrder::MonthFirst)) => {
                    Ok((year, first, second))
                }
                (false, false, None) if first == second => Ok((year, first, second)),
                (false, false, None) => Err(ValueError::AmbiguousDate),
            }
        }
        [Month(month), Number(day, d), Number(year, y)]
        | [Number(day, d), Month(month), Number(year, y)]
        | [Number(year, y), Month(month), Number(day, d)]
            if is_year(y) && is_short(d) =>
        {
            Ok((year, month, day))
        }
        _ => Err(ValueError::NotADate),
    }
}

/// The Pixel's own reading. It knows no calendar: it takes a 31st of February
/// and any eight digits. Its latest year is the next one; ours is a constant.
fn pixel(text: &str, out: &mut String) -> Result<(), ValueError> {
    let mut groups = text
        .split(|character: char| !character.is_ascii_digit())
        .filter(|group| !group.is_empty());
    let first = groups.next().ok_or(ValueError::NoPixelForm)?;
    let (Some(second), Some(third)) = (groups.next(), groups.next()) else {
        let is_alone = text.bytes().filter(u8::is_ascii_digit).count() == first.len();
        if is_alone && first.len() == 8 {
            out.push_str(first);
            return Ok(());
        }
        return Err(ValueError::NoPixelForm);
    };
    // A number beyond 64 bits is as much no date as the largest of them.
    let number = |group: &str| group.parse().unwrap_or(u64::MAX);
    let (a, b, c) = (number(first), number(second), number(third));
    let (year, month, day) = if a > 31 {
        if b > 12 { (a, c, b) } else { (a, b, c) }
    } else if b > 31 {
        if c > 12 { (b, a, c) } else { (b, c, a) }
    } else if a > 12 {
        (c, b, a)
    } else {
        (c, a, b)
    };
    if (1800..=LAST_YEAR).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day) {
        write_date(year, month, day, out);
        Ok(())
    } else {
        Err(ValueError::NoPixelForm)
    }
}

/// Appends a date of a year of four digits as YYYYMMDD.
fn write_date(year: u64, month: u64, day: u64, out: &mut String) {
    let mut digits = [b'0'; 8];
    let mut rest = year * 10_000 + month * 100 + day;
    for place in digits.iter_mut().rev() {
        *place += u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
    }
    out.extend(digits.map(char::from));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page_of(text: &str) -> Result<String, ValueError> {
        let mut out = String::new();
        page(text, Hints::default(), &mut out).map(|()| out)
    }

    fn pixel_of(text: &str) -> Option<String> {
        let mut out = String::new();
        pixel(text, &mut out).ok().map(|()| out)
    }

    #[test]
    fn one_day_is_read_from_all_its_spellings() {
        for text in [
            "19970216",
            "2/16/1997",
            "16–2–1997",
            "16.02.1997",
            "1997-02-16",
            "1997/2/16",
            "1997. 2. 16.",
            "1997年2月16日",
            "1997년 2월 16일",
            "1997-02-16T00:00:00.000Z",
            "1997-02-16 23:59",
            "19970216T000000Z",
            "1997-02-16Z",
            "16 Feb 1997",
            "February 16th, 1997",
            "16-FEB-1997",
            "1997 Feb 16",
            "Sunday, 16 February 1997",
            "Sun Feb 16 1997 00:00:00 GMT+0100 (CET)",
            "１９９７-０２-１６",
            "١٩٩٧/٠٢/١٦",
            " 1997-02-16\n",
        ] {
            assert_eq!(page_of(text).as_deref(), Ok("19970216"), "{text}");
        }
    }

    #[test]
    fn what_is_not_one_day_is_refused() {
        for (text, refusal) in [
            ("05-03-1995", ValueError::AmbiguousDate),
            ("31.31.1990", ValueError::ImpossibleDate),
            ("1990-02-31", ValueError::ImpossibleDate),
            ("1900-02-29", ValueError::ImpossibleDate),
            ("00000000", ValueError::ImpossibleDate),
            ("1899-12-31", ValueError::ImpossibleDate),
            ("9999-12-31", ValueError::ImpossibleDate),
            ("1990-12", ValueError::NotADate),
            ("1990", ValueError::NotADate),
            ("16/2/97", ValueError::NotADate),
            ("1990-0203", ValueError::NotADate),
            ("03/02/1990/5", ValueError::NotADate),
            ("unknown", ValueError::NotADate),
            ("16 Brumaire 1997", ValueError::NotADate),
            ("631152000", ValueError::NotADate),
        ] {
            assert_eq!(page_of(text), Err(refusal), "{text}");
        }
    }

    #[test]
    fn the_twelfth_of_december_is_not_ambiguous() {
        assert_eq!(page_of("12/12/1990").as_deref(), Ok("19901212"));
    }

    #[test]
    fn a_configured_order_decides_what_could_be_either() {
        for (text, order, expected) in [
            ("05-03-1995", DateOrder::DayFirst, "19950305"),
            ("05-03-1995", DateOrder::MonthFirst, "19950503"),
            ("5.3.1995", DateOrder::DayFirst, "19950305"),
            // What is plain stays so.
            ("2/16/1997", DateOrder::DayFirst, "19970216"),
            ("16.2.1997", DateOrder::MonthFirst, "19970216"),
            ("1995-03-05", DateOrder::DayFirst, "19950305"),
        ] {
            let hints = Hints {
                date_order: Some(order),
                ..Hints::default()
            };
            let mut out = String::new();
            assert_eq!(page(text, hints, &mut out), Ok(()), "{text}");
            assert_eq!(out, expected, "{text}");
        }
    }

    #[test]
    fn the_pixel_takes_the_month_first_and_knows_no_calendar() {
        for (text, expected) in [
            ("05-03-1995", Some("19950503")),
            ("31.12.1990", Some("19901231")),
            ("1990-31-12", Some("19901231")),
            ("12 1990 31", Some("19901231")),
            ("1990-02-31", Some("19900231")),
            ("00000000", Some("00000000")),
            ("03/02/1990/5", Some("19900302")),
            ("1899-12-31", Some("18991231")),
            ("16 Feb 1997", None),
            ("1990-12", None),
            ("19900203T000000Z", None),
            ("99999999999999999999999/1/1", None),
        ] {
            assert_eq!(pixel_of(text).as_deref(), expected, "{text}");
        }
    }
}
