//! What becomes of an event or a value that a rule is applied to.

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The event is rejected.
    Rejects,
    /// The event is rejected where the field is required, or limits what Meta may do with
    /// a person's data; else the value is left out with a warning.
    RejectsWhereRequired,
    /// A website event is rejected, or warned of where the destination's
    /// `website_requirements` says so.
    RejectsWebsite,
    /// A website event is warned of, or rejected or sent without a word where the
    /// destination's `crawlers` says so.
    RejectsCrawlers,
    /// The event is warned of, or rejected where `strict` says so.
    RejectsWhenStrict,
    /// The value is left out with a warning.
    LeavesOut,
    /// The value is left out with a warning, and the next source of its field is tried.
    LeavesCandidateOut,
    /// The piece of the value is left out with a warning; the event's id stays whole.
    LeavesPieceOut,
    /// There is a warning, and the value is left out where `strict` says so.
    LeavesOutWhenStrict,
    /// There is a warning; nothing is left out.
    Warns,
    /// The message id is in the value's place, with a warning.
    TakesMessageId,
    /// The value is written in another form.
    Changes,
    /// The value gets no such form; without any form it is left out with a warning.
    LeavesFormOut,
}

impl Effect {
    /// Its name in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rejects => "rejects",
            Self::RejectsWhereRequired => "rejects_where_required",
            Self::RejectsWebsite => "rejects_website",
            Self::RejectsCrawlers => "rejects_crawlers",
            Self::RejectsWhenStrict => "rejects_when_strict",
            Self::LeavesOut => "leaves_out",
            Self::LeavesCandidateOut => "leaves_candidate_out",
            Self::LeavesPieceOut => "leaves_piece_out",
            Self::LeavesOutWhenStrict => "leaves_out_when_strict",
            Self::Warns => "warns",
            Self::TakesMessageId => "takes_message_id",
            Self::Changes => "changes",
            Self::LeavesFormOut => "leaves_form_out",
        }
    }

    /// What it does, as the rest of a sentence that begins with "it".
    #[must_use]
    pub const fn described(self) -> &'static str {
        match self {
            Self::Rejects => "rejects the event",
            Self::RejectsWhereRequired => {
                "rejects the event where the field is required, or limits what Meta may do with a person's data; else leaves the value out with a warning"
            }
            Self::RejectsWebsite => {
                "rejects a website event; warns with website_requirements = \"warn\", and of other events"
            }
            Self::RejectsCrawlers => {
                "warns; rejects a website event with crawlers = \"drop\", and sends it without a word with \"send\""
            }
            Self::RejectsWhenStrict => "warns; rejects the event with strict = \"reported\"",
            Self::LeavesOut => "leaves the value out with a warning",
            Self::LeavesCandidateOut => {
                "leaves the value out with a warning; the next source of the field is tried"
            }
            Self::LeavesPieceOut => {
                "leaves the piece out with a warning; of an event_id it only warns"
            }
            Self::LeavesOutWhenStrict => "warns; leaves the value out with strict = \"reported\"",
            Self::Warns => "warns",
            Self::TakesMessageId => "puts the message id in its place with a warning",
            Self::Changes => "changes the value's form",
            Self::LeavesFormOut => {
                "gives the value no such form; without any form it is left out with a warning"
            }
        }
    }
}
