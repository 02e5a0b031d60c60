//! The numbering plans of all countries, as Google's libphonenumber reads them.
//!
//! `plans.tsv` has what is needed of its metadata; `conformance/plans/generate` writes it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use regex::{Regex, RegexBuilder};

/// The number that `digits` are in the plan of `country` (a lower-case alpha-2 code), or,
/// where that is not given, of the country whose code they begin with; as digits with
/// the country code. `None` where no plan has such a number.
pub(super) fn complete(digits: &str, country: Option<&str>) -> Option<String> {
    let plans = &*PLANS;
    let (own, number) = match country {
        Some(country) => {
            let own = plans.rows.get(*plans.by_country.get(country)?)?;
            (own, own.without_code(digits)?)
        }
        None => {
            let (code, number) = super::code::split(digits)?;
            let own = plans.rows.iter().find(|plan| plan.code == code)?;
            (own, Cow::Borrowed(number))
        }
    };
    let behind_prefix = own.without_prefix(&number)?;
    let number = match own.length(&behind_prefix) {
        Length::Right | Length::TooLong => behind_prefix,
        Length::TooShort | Length::Local | Length::Between => number,
    };
    plans
        .is_valid(own.code, &number)
        .then(|| [own.code, &*number].concat())
}

static PLANS: LazyLock<Plans> = LazyLock::new(Plans::read);

struct Plans {
    rows: Vec<Plan>,
    by_country: HashMap<&'static str, usize>,
}

impl Plans {
    fn read() -> Self {
        let rows: Vec<Plan> = include_str!("plans.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(Plan::read)
            .collect();
        let by_country = rows.iter().enumerate().map(|(at, row)| (row.country, at));
        Self {
            by_country: by_country.collect(),
            rows,
        }
    }

    /// Whether a country with `code` has `number`. Where several share the code, the
    /// first does whose numbers begin so, or of which it is one.
    fn is_valid(&self, code: &str, number: &str) -> bool {
        let mut of_code = self.rows.iter().filter(|row| row.code == code).peekable();
        let Some(first) = of_code.next() else {
            return false;
        };
        if of_code.peek().is_none() {
            return first.has(number);
        }
        std::iter::once(first)
            .chain(of_code)
            .find_map(|plan| match plan.begins(number) {
                Some(true) => Some(plan.has(number)),
                Some(false) => None,
                None => plan.has(number).then_some(true),
            })
            .unwrap_or(false)
    }
}

/// A row of `plans.tsv`. Its patterns are compiled when a number first needs them.
struct Plan {
    country: &'static str,
    code: &'static str,
    prefix: &'static str,
    rule: &'static str,
    lengths: Vec<usize>,
    local_lengths: Vec<usize>,
    leading: &'static str,
    all: &'static str,
    kinds: &'static str,
    patterns: OnceLock<Option<Patterns>>,
}

struct Patterns {
    prefix: Option<Regex>,
    leading: Option<Regex>,
    all: Regex,
    kinds: Regex,
}

enum Length {
    Right,
    TooShort,
    /// That of a number which is dialled within its area.
    Local,
    /// Longer than some numbers and shorter than others.
    Between,
    TooLong,
}

impl Plan {
    fn read(line: &'static str) -> Option<Self> {
        let mut columns = line.split('\t');
        let mut column = || columns.next();
        Some(Self {
            country: column()?,
            code: column()?,
            prefix: column()?,
            rule: column()?,
            lengths: lengths(column()?),
            local_lengths: lengths(column()?),
            leading: column()?,
            all: column()?,
            kinds: column()?,
            patterns: OnceLock::new(),
        })
    }

    /// The compiled patterns; `None` where one is not a pattern.
    fn patterns(&self) -> Option<&Patterns> {
        let compile = || {
            let beginning = |pattern: &str| match pattern {
                "" => Some(None),
                pattern => compile(&format!("^(?:{pattern})")).map(Some),
            };
            Some(Patterns {
                prefix: beginning(self.prefix)?,
                leading: beginning(self.leading)?,
                all: compile(&format!("^(?:{})$", self.all))?,
                kinds: compile(&format!("^(?:{})$", self.kinds))?,
            })
        };
        self.patterns.get_or_init(compile).as_ref()
    }

    /// The national number in `digits`, as they are dialled in the country: without its
    /// code where that is before it.
    fn without_code<'d>(&self, digits: &'d str) -> Option<Cow<'d, str>> {
        let Some(number) = digits.strip_prefix(self.code) else {
            return Some(Cow::Borrowed(digits));
        };
        let all = &self.patterns()?.all;
        let number = self.without_prefix(number)?;
        let has_code = (!all.is_match(digits) && all.is_match(&number))
            || matches!(self.length(digits), Length::TooLong);
        Some(if has_code {
            number
        } else {
            Cow::Borrowed(digits)
        })
    }

    /// `number` without what is dialled before it within the country, and with what its
    /// area adds; as it is where it would be no number without.
    fn without_prefix<'n>(&self, number: &'n str) -> Option<Cow<'n, str>> {
        let patterns = self.patterns()?;
        let Some(found) = patterns
            .prefix
            .as_ref()
            .and_then(|prefix| prefix.captures(number))
        else {
            return Some(Cow::Borrowed(number));
        };
        let end = found.get(0)?.end();
        let has_last_group = found.len() > 1 && found.get(found.len() - 1).is_some();
        let stripped = if self.rule.is_empty() || !has_last_group {
            Cow::Borrowed(&number[end..])
        } else {
            let mut transformed = String::new();
            found.expand(self.rule, &mut transformed);
            transformed.push_str(&number[end..]);
            Cow::Owned(transformed)
        };
        let loses_it = patterns.all.is_match(number) && !patterns.all.is_match(&stripped);
        Some(if loses_it {
            Cow::Borrowed(number)
        } else {
            stripped
        })
    }

    fn length(&self, number: &str) -> Length {
        let length = number.len();
        let (least, most) = (self.lengths.first(), self.lengths.last());
        match () {
            () if self.local_lengths.contains(&length) => Length::Local,
            () if self.lengths.contains(&length) => Length::Right,
            () if least.is_some_and(|least| length < *least) => Length::TooShort,
            () if most.is_some_and(|most| length > *most) => Length::TooLong,
            () => Length::Between,
        }
    }

    /// Whether `number` begins as this country's do, where that tells them from others
    /// with the same code.
    fn begins(&self, number: &str) -> Option<bool> {
        Some(self.patterns()?.leading.as_ref()?.is_match(number))
    }

    /// Whether `number` is one of some kind.
    fn has(&self, number: &str) -> bool {
        self.patterns().is_some_and(|patterns| {
            patterns.all.is_match(number) && patterns.kinds.is_match(number)
        })
    }
}

fn lengths(column: &str) -> Vec<usize> {
    column
        .split(',')
        .filter_map(|length| length.parse().ok())
        .collect()
}

/// `pattern` over ASCII digits.
fn compile(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern).unicode(false).build().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_a_known_country_is_completed() {
        for (text, country, expected) in [
            ("030901820", "de", Some("4930901820")),
            ("01701234567", "de", Some("491701234567")),
            ("4930901820", "de", Some("4930901820")),
            ("02079460958", "gb", Some("442079460958")),
            ("0612345678", "fr", Some("33612345678")),
            // Italy keeps its zero.
            ("0669812345", "it", Some("390669812345")),
            ("11912345678", "br", Some("5511912345678")),
            ("89161234567", "ru", Some("79161234567")),
            ("6502530000", "us", Some("16502530000")),
            ("12", "de", None),
            ("030901820", "zz", None),
        ] {
            assert_eq!(complete(text, Some(country)).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn an_international_number_loses_its_trunk_zero() {
        for (text, expected) in [
            ("4402079460958", Some("442079460958")),
            ("49030901820", Some("4930901820")),
            ("390669812345", Some("390669812345")),
            ("999123456789", None),
        ] {
            assert_eq!(complete(text, None).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn every_row_can_be_read() {
        let rows = include_str!("plans.tsv").lines();
        let rows = rows.filter(|line| !line.starts_with('#')).count();
        assert_eq!(PLANS.rows.len(), rows);
        for plan in &PLANS.rows {
            assert!(plan.patterns().is_some(), "{}", plan.country);
            assert!(!plan.lengths.is_empty(), "{}", plan.country);
        }
    }
}
