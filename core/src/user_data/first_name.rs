//! `fn`: a first name.

use super::Identifier;
use super::name::{PIXEL_STEPS, STEPS, is_plain, page, pixel};
use super::rule::{PAGE, Rule};

pub(super) const RULE: Rule = Rule {
    identifier: Identifier::FirstName,
    about: "A first name.",
    source: PAGE,
    steps: STEPS,
    pixel_steps: PIXEL_STEPS,
    opaque: false,
    page,
    pixel: Some(pixel),
    agreed: is_plain,
};
