//! What an event of business messaging needs, and what it must not have.
//!
//! Source: Meta, Conversions API for business messaging.

use crate::field::messaging::{CHANNELS, EVENT_NAMES, MESSAGING_CHANNEL, NOT_IN_CHANNEL};
use crate::json::Json;
use crate::pipeline::stages::Scrubbed;
use crate::rejection::{Code, Diagnostic};

/// Checks the name and the channel's ids, and leaves out what a conversation does not
/// have: one of these keys would make Meta refuse the event.
pub(super) fn check(event_name: &str, scrubbed: &mut Scrubbed<'_>, reasons: &mut Vec<Diagnostic>) {
    if !EVENT_NAMES.contains(&event_name) {
        reasons.push(Diagnostic::new(
            Code::InvalidChoice,
            "event_name",
            format!(
                "an event of business messaging must be one of: {}",
                EVENT_NAMES.join(", ")
            ),
        ));
    }
    let channel = scrubbed.draft.event_key("messaging_channel");
    match channel.and_then(Json::as_str) {
        None => reasons.push(Diagnostic::new(
            Code::MissingField,
            "messaging_channel",
            format!(
                "an event of business messaging needs its channel, one of: {}; map it",
                MESSAGING_CHANNEL.choices.join(", ")
            ),
        )),
        Some(name) => {
            let channel = CHANNELS.iter().find(|channel| channel.name == name);
            for ids in channel.map_or(&[][..], |channel| channel.ids) {
                let is_there = |id: &&str| scrubbed.draft.user_key(id).is_some();
                if let Some(first) = ids.first()
                    && !ids.iter().any(is_there)
                {
                    reasons.push(Diagnostic::new(
                        Code::MissingField,
                        format!("user_data.{first}"),
                        format!("an event of {name} needs {}; map it", ids.join(" or ")),
                    ));
                }
            }
        }
    }
    for key in NOT_IN_CHANNEL {
        if scrubbed.draft.user_key(key).is_some() {
            scrubbed.drop_user_key(key);
            left_out(scrubbed, format!("user_data.{key}"));
        }
    }
    if scrubbed.draft.event_source_url.take().is_some() {
        left_out(scrubbed, "event_source_url".to_owned());
    }
    if scrubbed.draft.event_key("referrer_url").is_some() {
        scrubbed.drop_event_key("referrer_url");
        left_out(scrubbed, "referrer_url".to_owned());
    }
}

fn left_out(scrubbed: &mut Scrubbed<'_>, field: String) {
    scrubbed.findings.warn(Diagnostic::new(
        Code::NotInChannel,
        field,
        "an event of business messaging may not have it and it is left out; do not map it, or set action_source to where the event took place",
    ));
}
