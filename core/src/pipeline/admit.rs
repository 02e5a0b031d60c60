//! The last step: what would really be sent is judged by Meta's rules, and
//! what passes becomes a [`ServerEvent`]. What does not, or was found wrong by
//! a step before, becomes a [`RejectedEvent`], which is hashed as well.
//!
//! It is behind hashing and scrubbing so that what could not be used, or was cut
//! out, does not make an event look better than what is sent of it.

mod age;
mod app;
mod append;
mod channel;
mod click;
mod crawler;
mod gaps;
mod identity;
mod limited_data_use;
mod money;
mod name;
mod page;
mod strictness;

use super::encode::encode;
use super::stage::PipelineStage;
use super::stages::Scrubbed;
use crate::rejection::{Code, Diagnostic, Rejection};
use crate::server_event::ServerEventParts;
use crate::{ActionSource, Fingerprint, RejectedEvent, ServerEvent};

/// A conversion that may be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// What is sent.
    pub event: ServerEvent,
    /// What was left out, and what Meta may not like.
    pub warnings: Vec<Diagnostic>,
}

impl Admitted {
    /// The rejection of an event whose own test code is one more than the `most` that its
    /// destination may have in use, as the server knows: [`Code::TooManyTestCodes`].
    ///
    /// ```
    /// # mod shop { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/shop.rs")); }
    /// // `shop` has a destination that takes completed orders, and such an order.
    /// # use capi_core::event::Arena;
    /// use capi_core::pipeline::{convert, pipeline, route};
    ///
    /// # let now: jiff::Timestamp = "2026-11-28T12:00:05Z".parse()?;
    /// # let arena = Arena::new();
    /// # let destinations = [shop::destination()?];
    /// let event = shop::order(&arena, "25.5")?;
    /// let mut routed = route(&destinations, event, None, now, &arena);
    /// let routed = routed.next().ok_or("not taken")?;
    /// let admitted = convert(&mut pipeline(), routed)?;
    /// let json = admitted.event.json().to_vec();
    /// let rejection = admitted.reject_test_code(20);
    /// assert_eq!(rejection.to_string(), "the conversion is rejected: too_many_test_codes");
    /// // Nothing of the event is lost.
    /// assert_eq!(rejection.event.event_id(), Some("order-17"));
    /// assert_eq!(rejection.event.json(), json);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn reject_test_code(self, most: usize) -> Rejection {
        let ServerEventParts {
            event_name,
            event_id,
            event_time,
            action_source,
            test_event_code,
            json,
            ..
        } = self.event.into_parts();
        Rejection {
            reasons: vec![Diagnostic::new(
                Code::TooManyTestCodes,
                "test_event_code",
                format!(
                    "the destination may have {most} test codes of events in use, and has them; send the event again when one had no events for a while, or raise max_test_codes"
                ),
            )],
            warnings: self.warnings,
            event: Box::new(RejectedEvent {
                event_name: Some(event_name),
                event_id,
                event_time: Some(event_time),
                action_source: Some(action_source),
                test_event_code,
                json,
            }),
        }
    }
}

/// Judges a conversion by Meta's rules.
#[derive(Clone, Copy, Debug)]
pub struct Admit;

impl<'a> PipelineStage<Scrubbed<'a>> for Admit {
    type Out = Result<Admitted, Rejection>;

    fn apply(&self, mut scrubbed: Scrubbed<'a>) -> Result<Admitted, Rejection> {
        let draft = scrubbed.draft;
        // What lacks one of them has a reason to say so.
        if let (Some(event_name), Some(event_time), Some(action_source), true) = (
            draft.event_name,
            draft.event_time,
            draft.action_source,
            scrubbed.findings.reasons.is_empty(),
        ) {
            let mut reasons = Vec::new();
            age::check(event_time, action_source, &scrubbed, &mut reasons);
            // What may not be sent identifies nobody.
            if action_source == ActionSource::BusinessMessaging {
                channel::check(event_name, &mut scrubbed, &mut reasons);
            }
            click::check(event_time, &mut scrubbed);
            identity::check(&scrubbed, &mut reasons);
            money::check(event_name, action_source, &scrubbed, &mut reasons);
            page::check(action_source, &mut scrubbed, &mut reasons);
            crawler::check(action_source, &mut scrubbed, &mut reasons);
            name::check(event_name, &mut scrubbed);
            append::check(event_name, &mut scrubbed, &mut reasons);
            app::check(action_source, &scrubbed, &mut reasons);
            limited_data_use::check(&mut scrubbed);
            strictness::settle(&mut reasons, &mut scrubbed);
            if reasons.is_empty() {
                gaps::close(&mut scrubbed);
                let draft = scrubbed.draft;
                let message_id = scrubbed.context.message_id();
                let event = ServerEvent {
                    event_name: event_name.into(),
                    event_id: draft.event_id.map(Into::into),
                    event_time,
                    action_source,
                    test_event_code: draft.test_event_code.map(Into::into),
                    message_id: message_id
                        .filter(|id| draft.event_id != Some(*id))
                        .map(Into::into),
                    fingerprint: Fingerprint::of(draft.custom_data, &scrubbed.identifiers),
                    json: encode(&scrubbed),
                };
                return Ok(Admitted {
                    event,
                    warnings: scrubbed.findings.warnings.report(),
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
            reasons: scrubbed.findings.reasons.report(),
            warnings: scrubbed.findings.warnings.report(),
        })
    }
}
