//! `ln`: a last name.

use super::Identifier;
use super::name::{is_plain, page, pixel, pixel_steps, steps};
use super::rule::{PAGE, Rule};
use super::step::{LOWERCASE, Step};

pub(super) const RULE: Rule = Rule {
    identifier: Identifier::LastName,
    about: "A last name.",
    source: PAGE,
    steps: steps!("ln"),
    pixel_steps: pixel_steps!("ln"),
    opaque: false,
    page,
    pixel: Some(pixel),
    agreed: is_plain,
};
