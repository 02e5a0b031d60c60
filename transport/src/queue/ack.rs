//! What becomes of a leased row.

use crate::ApiError;

/// What becomes of one leased row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ack {
    /// The row.
    pub seq: i64,
    /// What becomes of it.
    pub disposition: Disposition,
}

/// What becomes of a leased row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// Meta has it. The row goes, its dedup entry stays for at least 48 hours.
    Delivered,
    /// It is tried again.
    RetryAt {
        /// When, in Unix milliseconds.
        due_ms: i64,
        /// When the request left that carried it, in Unix milliseconds. The first one
        /// is kept, and of those whose outcome is unknown the first.
        attempted_ms: i64,
        /// Whether that request may have arrived. Once set it stays.
        outcome_unknown: bool,
    },
    /// It is given up: kept as a dead letter. Its dedup entry goes, unless the reason
    /// says that Meta has it.
    DeadLettered {
        /// Why.
        reason: DeadLetterReason,
        /// What Meta said, where Meta said it.
        refusal: Option<ApiError>,
    },
    /// It waits with its group, whose number this is.
    SetAside(i64),
    /// Its dead-lettering was a mistake: it is queued again, as one that was tried. A
    /// row whose id came again meanwhile stays dead-lettered.
    Requeued,
}

/// Why a row was given up. The names are stable: they are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeadLetterReason {
    /// It did not pass our own checks and was never queued.
    Invalid,
    /// Meta refused this very event.
    Rejected,
    /// It is older than Meta takes.
    Expired,
    /// It may have arrived long ago: sending it again now would be outside of
    /// the 48 hours in which Meta recognizes a duplicate.
    OutcomeUnknown,
    /// Meta has it, or one of those that were sent with it: it counted fewer
    /// than it was sent.
    PartlyConfirmed,
    /// Its row cannot be read, by this version at least.
    Unreadable,
    /// Another event has its id, and it was never queued.
    DifferingDuplicate,
}

impl DeadLetterReason {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Invalid,
        Self::Rejected,
        Self::Expired,
        Self::OutcomeUnknown,
        Self::PartlyConfirmed,
        Self::Unreadable,
        Self::DifferingDuplicate,
    ];

    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Rejected => "rejected",
            Self::Expired => "expired",
            Self::OutcomeUnknown => "outcome_unknown",
            Self::PartlyConfirmed => "partly_confirmed",
            Self::Unreadable => "unreadable",
            Self::DifferingDuplicate => "differing_duplicate",
        }
    }

    /// Whether the row counts as delivered for those who send it again: only a
    /// person may say otherwise.
    #[must_use]
    pub const fn keeps_dedup_entry(self) -> bool {
        matches!(self, Self::PartlyConfirmed)
    }
}
