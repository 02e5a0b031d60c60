//! How well a rule is known.

/// Whether Meta's pages state a rule, or others report it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confidence {
    /// Meta or Segment says so.
    Documented,
    /// Others say so.
    Reported,
    /// Nobody else says so.
    Own,
}

impl Confidence {
    /// All of them, the best known first.
    pub const ALL: [Self; 3] = [Self::Documented, Self::Reported, Self::Own];

    /// Its name in tables and in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Reported => "reported",
            Self::Own => "own",
        }
    }

    /// What it means, in a sentence.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Documented => {
                "A page of Meta's, or of Segment's where it is about what comes in, says so."
            }
            Self::Reported => {
                "No page says so; others were refused, or it was read in Meta's own code."
            }
            Self::Own => "A rule of capi's own.",
        }
    }
}
