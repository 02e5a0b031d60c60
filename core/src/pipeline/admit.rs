//! The last step: what would really be sent is judged by Meta's rules, and
//! what passes becomes a [`ServerEvent`]. What does not, or was found wrong by
//! a step before, becomes a [`RejectedEvent`], which is hashed as well.
//!
//! It stands behind hashing and scrubbing so that what could not be used, or was cut
//! out, does not make an event look better than what is sent of it.

mod app;
mod append;
mod channel;
mod click;
mod gaps;
mod money;
mod page;
mod place;
mod strictness;

use super::encode::encode;
use super::refine::Refine;
use super::stages::Scrubbed;
use crate::rejection::{Code, Reason, Rejection};
use crate::user_data::Identifier;
use crate::{ActionSource, RejectedEvent, ServerEvent};

/// How far ahead of now an event may lie: clocks differ.
const SECONDS_AHEAD: i64 = 60;

const SECONDS_A_DAY: i64 = 86_400;

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

/// A conversion that may be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// What is sent.
    pub event: ServerEvent,
    /// What was left out, and what Meta may not like.
    pub warnings: Vec<Reason>,
}

/// Judges a conversion by Meta's rules.
#[derive(Clone, Copy, Debug)]
pub struct Admit;

impl<'a> Refine<Scrubbed<'a>> for Admit {
    type Out = Result<Admitted, Rejection>;

    fn refine(&self, mut scrubbed: Scrubbed<'a>) -> Result<Admitted, Rejection> {
        let draft = scrubbed.draft;
        // What lacks one of them has a reason to say so.
        if let (Some(event_name), Some(event_time), Some(action_source), true) = (
            draft.event_name,
            draft.event_time,
            draft.action_source,
            scrubbed.findings.reasons.is_empty(),
        ) {
            let mut reasons = Vec::new();
            age(event_time, action_source, &scrubbed, &mut reasons);
            // What may not be sent identifies nobody.
            if action_source == ActionSource::BusinessMessaging {
                channel::check(event_name, &mut scrubbed, &mut reasons);
            }
            click::check(event_time, &mut scrubbed);
            identity(&scrubbed, &mut reasons);
            money::check(event_name, action_source, &scrubbed, &mut reasons);
            page::check(action_source, &mut scrubbed, &mut reasons);
            append::check(event_name, &scrubbed, &mut reasons);
            app::check(action_source, &scrubbed, &mut reasons);
            place::check(&mut scrubbed);
            strictness::settle(&mut reasons, &mut scrubbed);
            if reasons.is_empty() {
                gaps::close(&mut scrubbed);
                let draft = scrubbed.draft;
                let event = ServerEvent {
                    event_name: event_name.into(),
                    event_id: draft.event_id.map(Into::into),
                    event_time,
                    action_source,
                    test_event_code: draft.test_event_code.map(Into::into),
                    json: encode(&scrubbed),
                };
                return Ok(Admitted {
                    event,
                    warnings: scrubbed.findings.warnings.told(),
                });
            }
            for reason in reasons {
                scrubbed.findings.reject(reason);
            }
        }
        Err(Rejection {
            event: Box::new(RejectedEvent {
                event_name: draft.event_name.map(Into::into),
                event_id: draft.event_id.map(Into::into),
                event_time: draft.event_time,
                action_source: draft.action_source,
                test_event_code: draft.test_event_code.map(Into::into),
                json: encode(&scrubbed),
            }),
            reasons: scrubbed.findings.reasons.told(),
            warnings: scrubbed.findings.warnings.told(),
        })
    }
}

fn age(
    event_time: i64,
    action_source: ActionSource,
    scrubbed: &Scrubbed<'_>,
    reasons: &mut Vec<Reason>,
) {
    let now = scrubbed.setting.now.as_second();
    let days = action_source.days_allowed();
    if event_time < now - days * SECONDS_A_DAY {
        reasons.push(Reason::new(
            Code::EventTooOld,
            "event_time",
            format!("the event is more than {days} days old and Meta would refuse it; it cannot be sent any more"),
        ));
    } else if event_time > now + SECONDS_AHEAD {
        reasons.push(Reason::new(
            Code::EventInFuture,
            "event_time",
            "the event lies in the future; set the client's clock, or let the client send sentAt so that it can be corrected",
        ));
    }
}

fn identity(scrubbed: &Scrubbed<'_>, reasons: &mut Vec<Reason>) {
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
        reasons.push(Reason::new(
            Code::InsufficientUserData,
            "user_data",
            message,
        ));
    }
}
