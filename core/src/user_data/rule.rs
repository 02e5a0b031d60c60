//! The table of rules: one row for each identifier, for the code that applies
//! them and for the documentation that is written from them.

use super::step::Step;
use super::{
    Identifier, Refusal, city, country, date_of_birth, email, external_id, first_name, gender,
    last_name, phone, state, zip,
};

/// Which form is sent where Meta's page and the code of Meta's Pixel disagree.
///
/// Which of the two Meta's matcher expects is not known, and every key takes a
/// list: so both are sent unless a destination says otherwise.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub enum Profile {
    /// The page's form first and the Pixel's second where it differs; the
    /// Pixel's alone where the page's rule refuses the value.
    #[default]
    Both,
    /// The form of Meta's page (Customer information parameters) alone.
    Page,
    /// The form of Meta's Pixel (its parameter builder) alone; the page's for
    /// identifiers of which the Pixel's code makes a wrong value.
    Pixel,
}

/// What else the event says that a rule may use.
#[derive(Clone, Copy, Default, Debug)]
pub struct Hints<'a> {
    /// The person's country when it is known: ISO 3166-1 alpha-2, lower case,
    /// as [`normalize`](super::normalize) gives it for
    /// [`Identifier::Country`].
    pub country: Option<&'a str>,
    /// The country of telephone numbers of people whose country is not known,
    /// in the same form.
    pub default_country: Option<&'a str>,
    /// What a date of birth means whose day and month could be either way
    /// round; it is refused without an order.
    pub date_order: Option<DateOrder>,
}

/// Which of day and month stands first before the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// `31.12.1990`
    DayFirst,
    /// `12/31/1990`
    MonthFirst,
}

/// Appends the form of Meta's page.
pub(super) type Page = fn(&str, Hints<'_>, &mut String) -> Result<(), Refusal>;

/// Appends the form of Meta's Pixel.
pub(super) type Pixel = fn(&str, &mut String) -> Result<(), Refusal>;

/// How one identifier is normalized.
pub struct Rule {
    /// Which one.
    pub identifier: Identifier,
    /// What it holds, in a sentence.
    pub about: &'static str,
    /// Where the rule is written; each step has its own confidence, and what is
    /// not on the page its own [`source`](Step::source).
    pub source: &'static str,
    /// The steps to the form of Meta's page, in order.
    pub steps: &'static [Step],
    /// The steps to the form of Meta's Pixel, if it may differ and is sent too.
    pub pixel_steps: &'static [Step],
    /// Whether any text may be a value, so that 32 hexadecimal digits are an
    /// id like any other and not an MD5 of one.
    pub(super) opaque: bool,
    pub(super) page: Page,
    pub(super) pixel: Option<Pixel>,
    /// The texts of which the Pixel can have no other form than the page, where
    /// the page has one: most of all that come. They are not normalized twice.
    pub(super) agreed: fn(&str) -> bool,
}

/// No text: both forms must be made to be compared.
pub(super) const NEVER: fn(&str) -> bool = |_| false;

/// Meta's page of rules.
pub(crate) const PAGE: &str = "Meta, Customer information parameters";

/// In the order of [`Identifier`].
static RULES: [Rule; 11] = [
    email::RULE,
    phone::RULE,
    gender::RULE,
    date_of_birth::RULE,
    last_name::RULE,
    first_name::RULE,
    city::RULE,
    state::RULE,
    zip::RULE,
    country::RULE,
    external_id::RULE,
];

/// The rule of `identifier`.
#[must_use]
pub fn rule(identifier: Identifier) -> &'static Rule {
    &RULES[identifier as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_identifier_has_its_own_rule_that_can_be_read() {
        for identifier in Identifier::ALL {
            let rule = rule(identifier);
            assert_eq!(rule.identifier, identifier);
            assert!(rule.about.ends_with('.') && rule.source.starts_with("Meta, "));
            assert!(!rule.steps.is_empty());
            assert_eq!(rule.pixel.is_some(), !rule.pixel_steps.is_empty());
            for step in rule.pixel_steps {
                assert_eq!(step.confidence, crate::Confidence::Reported);
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn where_the_forms_are_said_to_agree_they_do(text in "[ -~]{0,24}|[A-Za-z' .-]{1,12}@[a-z.-]{1,12}") {
            for rule in &RULES {
                let (mut one, mut other) = (String::new(), String::new());
                let Some(pixel) = rule.pixel else { continue };
                if (rule.agreed)(&text)
                    && (rule.page)(&text, Hints::default(), &mut one).is_ok()
                    && pixel(&text, &mut other).is_ok()
                {
                    proptest::prop_assert_eq!(&one, &other, "{:?}", rule.identifier);
                }
            }
        }
    }
}
