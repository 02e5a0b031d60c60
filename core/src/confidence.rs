//! How well a rule is known.

/// Whether Meta's pages state a rule, or others report it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confidence {
    /// A page of Meta's, or of Segment's where it is about what comes in, says so.
    Documented,
    /// No page says so; others were refused, or read it in Meta's own code.
    Reported,
    /// A rule of capi's own.
    Own,
}

impl Confidence {
    /// Its name in tables and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Reported => "reported",
            Self::Own => "own",
        }
    }
}
