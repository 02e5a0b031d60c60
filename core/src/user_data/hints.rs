//! What a rule may know beside the value.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

/// What else the event says that a rule may use.
#[derive(Clone, Copy, Default, Debug)]
pub struct Hints<'a> {
    /// The person's country when it is known: ISO 3166-1 alpha-2, lower case,
    /// as [`normalize`](super::normalize) gives it for
    /// [`Identifier::Country`](super::Identifier::Country).
    pub country: Option<&'a str>,
    /// The country of telephone numbers of people whose country is not known,
    /// in the same form.
    pub default_country: Option<&'a str>,
    /// What a date of birth means whose day and month could be either way
    /// round; it is refused without an order.
    pub date_order: Option<DateOrder>,
    /// What day it is: nobody is born later. Where it is not known, any birth is believed.
    pub today: Option<Date>,
}

impl Hints<'_> {
    /// The same at a time, whose day in UTC is today.
    #[must_use]
    pub fn at(mut self, now: Timestamp) -> Self {
        self.today = Some(Offset::UTC.to_datetime(now).date());
        self
    }
}

/// Which of day and month is first before the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// `31.12.1990`
    DayFirst,
    /// `12/31/1990`
    MonthFirst,
}

impl DateOrder {
    /// Both of them, with their names in configurations.
    pub const NAMES: [(&'static str, Self); 2] = [
        ("day-first", Self::DayFirst),
        ("month-first", Self::MonthFirst),
    ];
}
