//! What Meta's subcodes of code 100 say of an event: for people, since the
//! decision is the same for all of them.

/// A subcode of code 100.
#[derive(Clone, Copy, Debug)]
pub struct Subcode {
    /// The subcode.
    pub subcode: i64,
    /// What is wrong with the event.
    pub meaning: &'static str,
    /// What to do, as a sentence.
    pub remedy: &'static str,
    /// How sure that is.
    pub evidence: Evidence,
}

/// How well a meaning is known: none of the subcodes is documented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Seen in answers of the endpoint, with Meta's own text.
    Seen,
    /// Told by several others.
    Reported,
    /// Told by one.
    Rumoured,
}

impl Evidence {
    /// Its name in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::Reported => "reported",
            Self::Rumoured => "rumoured",
        }
    }
}

const fn row(
    subcode: i64,
    meaning: &'static str,
    remedy: &'static str,
    evidence: Evidence,
) -> Subcode {
    Subcode {
        subcode,
        meaning,
        remedy,
        evidence,
    }
}

/// All that is known, by subcode.
pub static SUBCODES: &[Subcode] = {
    use Evidence::{Reported, Rumoured, Seen};
    &[
        row(
            2_804_001,
            "a malformed click id (fbc)",
            "Send fbc as the _fbc cookie has it.",
            Rumoured,
        ),
        row(
            2_804_003,
            "the event is more than seven days old",
            "It is too late for this event; find out what held it back.",
            Seen,
        ),
        row(
            2_804_004,
            "the event happens in the future",
            "Check the clock of the client, and that times are not in milliseconds.",
            Reported,
        ),
        row(
            2_804_008,
            "contents is not a list of objects with an id",
            "Map contents to objects that have an id.",
            Reported,
        ),
        row(
            2_804_009,
            "a purchase without a value",
            "Map value.",
            Reported,
        ),
        row(
            2_804_010,
            "a purchase without a currency",
            "Map currency.",
            Reported,
        ),
        row(
            2_804_011,
            "a currency that Meta does not take",
            "Send a value in a currency that ad accounts can have.",
            Reported,
        ),
        row(
            2_804_016,
            "a value of user_data is not hashed",
            "It should not happen: please report it.",
            Seen,
        ),
        row(
            2_804_019,
            "a parameter is missing, unknown or of the wrong type",
            "Meta's message names the parameter.",
            Seen,
        ),
        row(
            2_804_023,
            "a value without a currency",
            "Map currency.",
            Rumoured,
        ),
        row(
            2_804_030,
            "a Limited Data Use selection is required",
            "Map data_processing_options.",
            Rumoured,
        ),
        row(
            2_804_036,
            "an invalid lead_id",
            "Send the id as the lead webhook gives it, 15 to 17 digits.",
            Reported,
        ),
        row(
            2_804_043,
            "invalid device information (extinfo)",
            "An app event needs the version of its system.",
            Reported,
        ),
        row(
            2_804_050,
            "too little customer information to find anybody",
            "Map an e-mail address, a phone number or an External ID.",
            Seen,
        ),
        row(
            2_804_063,
            "a messaging event without its channel",
            "Map messaging_channel.",
            Reported,
        ),
        row(
            2_804_064,
            "a messaging event with what its channel forbids",
            "Leave URL, fbc, IP address and user agent out.",
            Reported,
        ),
        row(
            2_804_065,
            "the page and the dataset do not belong together",
            "Link the page to the dataset in Events Manager.",
            Reported,
        ),
        row(
            2_804_066,
            "an event name that messaging does not have",
            "Use one of the names that Meta lists for business messaging.",
            Reported,
        ),
        row(2_804_069, "page_id is missing", "Map page_id.", Reported),
        row(
            2_804_071,
            "ctwa_clid or page_scoped_user_id is missing",
            "Map the identifier of the channel.",
            Reported,
        ),
        row(
            2_804_072,
            "page_id is not the page of the ctwa_clid",
            "Send the page that the ad belongs to.",
            Reported,
        ),
        row(
            2_804_073,
            "page_id and page_scoped_user_id do not belong together",
            "Send the page that the user wrote to.",
            Reported,
        ),
        row(2_804_075, "ig_sid is missing", "Map ig_sid.", Reported),
        row(
            2_804_079,
            "ig_account_id is missing",
            "Map ig_account_id.",
            Reported,
        ),
        row(
            2_804_081,
            "an OrderCreated event without a currency",
            "Map currency.",
            Reported,
        ),
        row(
            2_804_087,
            "an invalid ctwa_clid",
            "Send it as the webhook's referral gives it.",
            Reported,
        ),
        row(
            2_804_116,
            "page_id or whatsapp_business_account_id is missing",
            "Map one of them.",
            Reported,
        ),
        row(
            2_804_118,
            "the dataset and the WhatsApp Business account do not belong together",
            "Link them in Events Manager.",
            Reported,
        ),
        row(
            2_804_131,
            "no page is linked to the dataset",
            "Link one in Events Manager.",
            Reported,
        ),
        row(
            2_804_132,
            "no WhatsApp Business account is linked to the dataset",
            "Link one in Events Manager.",
            Reported,
        ),
        row(
            2_804_133,
            "no Instagram account is linked to the dataset",
            "Link one in Events Manager.",
            Reported,
        ),
    ]
};
