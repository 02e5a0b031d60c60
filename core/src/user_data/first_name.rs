//! `fn`: a first name.

use super::Identifier;
use super::name::{is_plain, page, pixel, pixel_steps, steps};
use super::rule::{PAGE, Rule};
use super::step::{LOWERCASE, Step};

pub(super) const RULE: Rule = Rule {
    identifier: Identifier::FirstName,
    about: "A first name.",
    source: PAGE,
    steps: steps!("fn"),
    pixel_steps: pixel_steps!("fn"),
    opaque: false,
    page,
    pixel: Some(pixel),
    agreed: is_plain,
};
