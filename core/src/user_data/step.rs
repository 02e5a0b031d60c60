//! One step of a normalization, and the wordings that rules share.

use crate::Confidence;

/// What one step does to a value, with a code by which it can be asked for.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// The stable code: the key, a dot, a name; `em.pixel.trim` is a step of the
    /// Pixel's form.
    pub code: &'static str,
    /// What is done, in a sentence.
    pub text: &'static str,
    /// How well it is known that Meta does the same.
    pub confidence: Confidence,
    /// Whether it may leave a value without this form.
    pub refuses: bool,
}

impl Step {
    /// A step that Meta's page asks for.
    pub(crate) const fn documented(code: &'static str, text: &'static str) -> Self {
        Self::new(code, text, Confidence::Documented)
    }

    /// A step that was read in the code of Meta's parameter builder.
    pub(super) const fn reported(code: &'static str, text: &'static str) -> Self {
        Self::new(code, text, Confidence::Reported)
    }

    /// A step of capi's own, for what people write and Meta's page is silent on.
    pub(crate) const fn own(code: &'static str, text: &'static str) -> Self {
        Self::new(code, text, Confidence::Own)
    }

    const fn new(code: &'static str, text: &'static str, confidence: Confidence) -> Self {
        Self {
            code,
            text,
            confidence,
            refuses: false,
        }
    }

    /// Says that it may leave a value without this form.
    pub(super) const fn refuses(mut self) -> Self {
        self.refuses = true;
        self
    }

    /// Where the step comes from, `page` being what documents the rule.
    #[must_use]
    pub const fn source(&self, page: &'static str) -> &'static str {
        source(self.confidence, page)
    }
}

/// Where a rule of identifiers comes from, `page` being what documents it.
pub(crate) const fn source(confidence: Confidence, page: &'static str) -> &'static str {
    match confidence {
        Confidence::Documented => page,
        Confidence::Reported => PARAMETER_BUILDER,
        Confidence::Own => "capi; Meta's page says nothing of it",
    }
}

/// Where the Pixel's forms were read.
const PARAMETER_BUILDER: &str = "Meta's parameter builder, the Pixel's code; no page says so";

pub(super) const TRIM: &str = "Remove leading and trailing spaces.";
pub(super) const LOWERCASE: &str = "Lower-case.";
pub(super) const LEADING_ZEROS: &str = "Remove leading zeros.";
pub(super) const AT_LEAST_TWO: &str = "Refuse fewer than 2 characters.";
