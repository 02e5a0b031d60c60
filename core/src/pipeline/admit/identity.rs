//! Whether what an event says of the customer fits few enough people.

use crate::pipeline::stages::Scrubbed;
use crate::rejection::{Code, Diagnostic};
use crate::user_data::Identifier;

/// Combinations of keys, and subsets of them, that fit too many people.
///
/// Source: Meta, Best practices, invalid combinations of customer information
/// parameters (Graph v13.0 and later).
const TOO_BROAD: &[&[&str]] = &[
    &["ct", "country", "st", "zp", "ge", "client_user_agent"],
    &["db", "client_user_agent"],
    &["fn", "ge"],
    &["ln", "ge"],
];

/// Keys that Segment has and Meta's page has not; a partner's name is nobody's.
const OF_PARTNER: &[&str] = &["partner_id", "partner_name"];

/// Meta refuses an event that says nothing of the customer, or too little.
pub(super) fn check(scrubbed: &Scrubbed<'_>, reasons: &mut Vec<Diagnostic>) {
    let hashed_keys = Identifier::ALL
        .into_iter()
        .filter(|identifier| !scrubbed.identifiers[*identifier as usize].is_empty())
        .map(Identifier::key);
    let keys = || {
        hashed_keys
            .clone()
            .chain(scrubbed.draft.user_keys.iter().map(|(key, _)| *key))
            .filter(|key| !OF_PARTNER.contains(key))
    };
    if TOO_BROAD
        .iter()
        .any(|set| keys().all(|key| set.contains(&key)))
    {
        let message = if keys().next().is_none() {
            "nothing identifies the customer; map at least one identifier such as email, phone, external id, fbp or the client's address"
        } else {
            "what identifies the customer fits too many people; add an identifier such as email, phone, external id, fbp or the client's address"
        };
        reasons.push(Diagnostic::new(
            Code::InsufficientUserData,
            "user_data",
            message,
        ));
    }
}
