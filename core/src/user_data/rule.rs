//! What a rule is: how one identifier is normalized, for the code that applies
//! it and for the documentation that is written from it.

use super::step::Step;
use super::{Hints, Identifier, ValueError};

/// Appends the form of Meta's page.
pub(super) type Page = fn(&str, Hints<'_>, &mut String) -> Result<(), ValueError>;

/// Appends the form of Meta's Pixel.
pub(super) type Pixel = fn(&str, &mut String) -> Result<(), ValueError>;

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
