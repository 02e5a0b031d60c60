//! The unit of work behind routing: one event, one subscription.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::Spec;
use crate::destination::{Destination, Subscription};
use crate::event::{Arena, Event, Json};
use crate::rejection::{Code, Reason};

/// An event that a subscription takes, with all that the steps may ask of it.
///
/// It is `Copy` and borrows everything: an event that fans out to ten
/// subscriptions is not cloned once.
#[derive(Clone, Copy)]
pub struct Routed<'a> {
    /// The event.
    pub event: Event<'a>,
    /// The destination that gets it.
    pub destination: &'a Destination,
    /// The subscription of that destination whose trigger matched.
    pub subscription: &'a Subscription,
    /// What time it is.
    pub now: Timestamp,
    /// Where the steps allocate.
    pub arena: &'a Arena,
}

/// What the steps behind mapping may ask of a conversion, whatever it was made
/// from: an event, or a dead letter that somebody repaired.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'a> {
    pub(crate) destination: &'a Destination,
    pub(crate) action: &'static Spec,
    /// The event whose page or properties may give the click id that the draft
    /// does not have.
    pub(crate) click_id_from: Option<Event<'a>>,
    pub(crate) now: Timestamp,
    pub(crate) arena: &'a Arena,
}

/// What was found of a conversion so far.
#[derive(Default)]
pub(crate) struct Findings {
    /// Why it cannot be sent.
    pub(crate) reasons: Vec<Reason>,
    /// What was left out, and why.
    pub(crate) warnings: Vec<Reason>,
}

/// How many findings of one code a conversion tells of.
const MOST_OF_A_CODE: usize = 20;

impl Findings {
    /// Keeps the first findings of each code: a hostile list may have a hundred
    /// thousand wrong items, and what is rejected is kept.
    pub(crate) fn limit(&mut self) {
        for found in [&mut self.reasons, &mut self.warnings] {
            if found.len() <= MOST_OF_A_CODE {
                continue;
            }
            let mut counts: HashMap<Code, usize> = HashMap::new();
            found.retain(|reason| {
                let count = counts.entry(reason.code).or_default();
                *count += 1;
                *count <= MOST_OF_A_CODE
            });
            for (code, count) in counts {
                let more = count.saturating_sub(MOST_OF_A_CODE);
                let last = found.iter_mut().rfind(|reason| reason.code == code);
                if let (1.., Some(last)) = (more, last) {
                    last.message =
                        format!("{}; and {more} more that are not listed", last.message).into();
                }
            }
        }
    }
}

/// A conversion whose mapping was resolved: a draft of Meta's event in the
/// action's own field keys, not yet checked.
pub struct Mapped<'a> {
    pub(crate) setting: Setting<'a>,
    /// An object of the action's fields.
    pub(crate) draft: Json<'a>,
    pub(crate) findings: Findings,
}

/// Whether a message may name a key. The key is the mapping's, not the
/// customer's; a free-form one may still be anything, so that only a short plain
/// one is named.
pub(super) fn is_plain_key(key: &str) -> bool {
    key.len() <= 40
        && key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        && !key.bytes().all(|byte| byte.is_ascii_digit())
}
