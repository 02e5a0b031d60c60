//! The table of rules: one row for each identifier.

use super::rule::Rule;
use super::{
    Identifier, city, country, date_of_birth, email, external_id, first_name, gender, last_name,
    phone, state, zip,
};

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
///
/// ```
/// use capi_core::user_data::{Identifier, rule};
///
/// let rule = rule(Identifier::Country);
/// assert_eq!(rule.source, "Meta, Customer information parameters");
/// assert!(rule.steps.iter().all(|step| step.code.starts_with("country.")));
/// ```
#[must_use]
pub fn rule(identifier: Identifier) -> &'static Rule {
    &RULES[identifier as usize]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::user_data::Hints;

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
