//! One request's events through core's pipeline: what is to be queued, what is
//! rejected and why, and what is kept of that. All of it is CPU work without a wait.

use std::sync::{Arc, Mutex, PoisonError};

use capi_core::destination::Destination;
use capi_core::event::{Arena, Arrival, Event, Json, time};
use capi_core::pipeline::{Admitted, Pipeline, convert, nearly_taken, pipeline, route};
use capi_core::rejection::{Code, Diagnostic, Rejection};
use capi_transport::{Conversion, LaneKey, RejectedConversion};
use jiff::Timestamp;

use super::budget::Reservation;
use super::clocks;
use super::converted::{Converted, RejectionEntry};
use super::error::IntakeError;
use super::test_codes::TestCodes;
use super::warnings::Warnings;

/// A pooled arena that grew beyond this is not kept: one huge request must not
/// hold its memory for ever.
const LARGEST_POOLED: usize = 4 << 20;

/// Arenas kept for reuse.
const POOL: usize = 16;

/// Takes events to conversions.
pub(crate) struct Engine {
    /// What of each destination the pipeline need not know, in their order.
    lanes: Vec<Lanes>,
    destinations: Vec<Destination>,
    test_codes: TestCodes,
    max_event_bytes: usize,
    arenas: Mutex<Vec<Arena>>,
    warnings: Arc<Warnings>,
}

/// The lanes of a destination.
pub(crate) struct Lanes {
    /// That of events without a test code of their own.
    pub(crate) usual: LaneKey,
    /// How many test codes of events' own may be in use simultaneously.
    pub(crate) max_test_codes: usize,
}

/// What a request says of all its events.
#[derive(Clone, Default)]
pub(crate) struct Envelope<'b> {
    /// The type of those that say none.
    pub(crate) kind: Option<&'static str>,
    /// `context` of the batch, as JSON text.
    pub(crate) context: Option<&'b [u8]>,
    /// `integrations` of the batch, as JSON text.
    pub(crate) integrations: Option<&'b [u8]>,
    /// `sentAt` of the batch, as JSON text.
    pub(crate) sent_at: Option<&'b [u8]>,
    /// The client's address.
    pub(crate) client_ip: Option<String>,
    /// The source that the write key names.
    pub(crate) source: Option<Arc<str>>,
}

impl Engine {
    /// An engine for `destinations`, each with its lanes.
    #[must_use]
    pub(crate) fn new(
        destinations: impl IntoIterator<Item = (Destination, Lanes)>,
        test_codes: TestCodes,
        warnings: Arc<Warnings>,
        max_event_bytes: usize,
    ) -> Self {
        let (destinations, lanes) = destinations.into_iter().unzip();
        Self {
            lanes,
            destinations,
            test_codes,
            max_event_bytes,
            arenas: Mutex::default(),
            warnings,
        }
    }

    /// Takes the events of one request, each as JSON text, to what is to be
    /// queued. An event that cannot be used spoils no other. What becomes of them is
    /// held too.
    ///
    /// # Errors
    ///
    /// No room is left for what becomes of them: all of it is given up.
    pub(crate) fn process(
        &self,
        items: &[&[u8]],
        envelope: &Envelope<'_>,
        now: Timestamp,
        hold: &mut Reservation,
    ) -> Result<Converted, IntakeError> {
        let shared = Arena::new();
        let arrival = arrival(envelope, now, &shared);
        let mut arena = self.arena();
        let mut request = Request {
            engine: self,
            source: envelope.source.as_ref(),
            now,
            pipeline: pipeline(),
            outcome: Converted::default(),
        };
        for (index, item) in items.iter().enumerate() {
            request.event(index, item, &arrival, &arena);
            // Each event for itself: a few kilobytes that stay in the cache,
            // however many events the request has.
            arena.reset();
            let made = request.outcome.take_made();
            if let Err(refusal) = hold.add(made) {
                self.give_back(arena);
                return Err(refusal);
            }
        }
        self.give_back(arena);
        Ok(request.outcome)
    }

    fn arena(&self) -> Arena {
        self.arenas
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop()
            .unwrap_or_default()
    }

    fn give_back(&self, arena: Arena) {
        let mut pool = self.arenas.lock().unwrap_or_else(PoisonError::into_inner);
        if arena.capacity() <= LARGEST_POOLED && pool.len() < POOL {
            pool.push(arena);
        }
    }

    fn lanes(&self, destination: &str) -> Option<&Lanes> {
        let mut lanes = self.lanes.iter();
        lanes.find(|lanes| *lanes.usual.destination == *destination)
    }

    /// The lane of an event, which may bring a test code of its own.
    fn lane(&self, destination: &str, test_event_code: Option<&str>) -> LaneKey {
        match (test_event_code, self.lanes(destination)) {
            (None, Some(lanes)) => lanes.usual.clone(),
            (code, _) => LaneKey::new(destination, code),
        }
    }

    /// Rejects a conversion whose test code is one too many.
    fn check_test_code(
        &self,
        destination: &str,
        admitted: Admitted,
    ) -> Result<(LaneKey, Admitted), Rejection> {
        let lane = self.lane(destination, admitted.event.test_event_code());
        match self.lanes(destination) {
            Some(Lanes {
                usual,
                max_test_codes,
            }) if lane != *usual && !self.test_codes.admit(&lane, *max_test_codes) => {
                Err(admitted.reject_test_code(*max_test_codes))
            }
            _ => Ok((lane, admitted)),
        }
    }
}

/// What is known of every event of a request.
///
/// # Errors
///
/// What the batch says of all of them cannot be held. It is the reason to reject
/// each: without the context an event would lose its person without a word, and
/// without the integrations it would go where it must not.
fn arrival<'a>(
    envelope: &'a Envelope<'_>,
    now: Timestamp,
    arena: &'a Arena,
) -> Result<Arrival<'a>, Diagnostic> {
    let part = |field: &'static str, text: Option<&'a [u8]>| {
        let parsed = text.map(|text| Json::parse(arena, text)).transpose();
        let parsed = parsed.map_err(|error| {
            let message = format!("`{field}` of the batch cannot be read: {error}");
            Diagnostic::new(Code::MalformedEvent, field, message)
        })?;
        Ok(parsed.filter(|part| !part.is_null()))
    };
    Ok(Arrival {
        kind: envelope.kind,
        received_at: now,
        context: part("context", envelope.context)?,
        integrations: part("integrations", envelope.integrations)?,
        // A time that is none must not switch the correction off for events
        // that have their own.
        sent_at: envelope
            .sent_at
            .and_then(|text| Json::parse(arena, text).ok())
            .filter(|sent| time(*sent).is_some()),
        client_ip: envelope.client_ip.as_deref(),
    })
}

/// One request under way.
struct Request<'e> {
    engine: &'e Engine,
    source: Option<&'e Arc<str>>,
    now: Timestamp,
    pipeline: Pipeline,
    outcome: Converted,
}

impl Request<'_> {
    /// Takes one event through everything.
    fn event<'a>(
        &mut self,
        index: usize,
        item: &'a [u8],
        arrival: &Result<Arrival<'a>, Diagnostic>,
        arena: &'a Arena,
    ) {
        self.outcome.counts.received += 1;
        match self.receive(item, arrival, arena) {
            Ok(event) => self.fan_out(index, event, arena),
            Err(reason) => {
                self.outcome.counts.reject(reason.code);
                self.outcome.report(|| RejectionEntry {
                    index,
                    destination: None,
                    action: None,
                    reason,
                });
            }
        }
    }

    fn receive<'a>(
        &self,
        item: &'a [u8],
        arrival: &Result<Arrival<'a>, Diagnostic>,
        arena: &'a Arena,
    ) -> Result<Event<'a>, Diagnostic> {
        let limit = self.engine.max_event_bytes;
        if item.len() > limit {
            return Err(Diagnostic::new(
                Code::EventTooLarge,
                "",
                format!("the event has more than {limit} bytes; send less of it"),
            ));
        }
        let root = Json::parse(arena, item)
            .map_err(|error| Diagnostic::new(Code::MalformedEvent, "", error.to_string()))?;
        let arrival = arrival.as_ref().map_err(Diagnostic::clone)?;
        Event::receive(root, arrival, arena, &mut || {
            uuid::Uuid::now_v7().to_string()
        })
    }

    fn fan_out(&mut self, index: usize, event: Event<'_>, arena: &Arena) {
        let Self {
            engine,
            source,
            now,
            pipeline,
            outcome,
        } = self;
        let name = source.map(|name| &**name);
        let mut matched = false;
        let mut is_ahead = false;
        for routed in route(&engine.destinations, event, name, *now, arena) {
            matched = true;
            let destination = routed.destination;
            let subscription = routed.subscription;
            let action = subscription.action.slug;
            let converted = convert(pipeline, routed)
                .and_then(|admitted| engine.check_test_code(&destination.name, admitted));
            match converted {
                Ok((lane, admitted)) => {
                    for warning in &admitted.warnings {
                        outcome.counts.warn(warning.code);
                    }
                    let warnings = &engine.warnings;
                    warnings.report(&destination.name, subscription, &admitted.warnings);
                    is_ahead |= clocks::is_ahead(&admitted.warnings);
                    let dataset = &*destination.dataset_id;
                    let conversion = Conversion::new(lane, dataset, action, admitted.event);
                    outcome.send(subscription, conversion.from_source(source.cloned()));
                }
                Err(rejection) => {
                    is_ahead |= clocks::is_ahead(&rejection.reasons)
                        || clocks::is_ahead(&rejection.warnings);
                    if let Some(first) = rejection.reasons.first() {
                        outcome.counts.reject(first.code);
                    }
                    let warnings = &engine.warnings;
                    warnings.log_rejected(&destination.name, subscription, &rejection.reasons);
                    for reason in &rejection.reasons {
                        outcome.report(|| RejectionEntry {
                            index,
                            destination: Some(destination.name.clone()),
                            action: Some(action),
                            reason: reason.clone(),
                        });
                    }
                    let lane = engine.lane(&destination.name, rejection.event.test_event_code());
                    let dataset = &*destination.dataset_id;
                    let rejected = RejectedConversion::new(lane, dataset, action, rejection);
                    outcome.dead_letter(rejected.from_source(source.cloned()));
                }
            }
        }
        if !matched {
            outcome.counts.unmatched += 1;
            if let Some((destination, asked)) = nearly_taken(&engine.destinations, event, name) {
                outcome.counts.nearly += 1;
                let called = event.get("event").and_then(Json::as_str);
                let warnings = &engine.warnings;
                warnings.log_nearly(&destination.name, asked, called.unwrap_or_default());
            }
        }
        outcome.ahead += u64::from(is_ahead);
    }
}
