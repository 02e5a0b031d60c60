//! What each request goes through, whichever door it comes by.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{MissedTickBehavior, interval};

use super::budget::{Budget, Reservation};
use super::clocks::Clocks;
use super::converted::{Converted, RejectionEntry};
use super::engine::{Engine, Envelope};
use super::error::IntakeError;
use super::expansion::ExpansionLimits;
use super::lasting::Lasting;
use super::storing::Storing;
use super::worker_pool::WorkerPool;
use crate::admin::Conditions;

/// A request whose events come to more than this, in bytes, waits for its turn, so that
/// small ones need not.
const LARGE: usize = 64 << 10;

/// How often it is looked at what lasts.
const LOOK: Duration = Duration::from_secs(1);

/// What is held for each event of a batch while it is taken apart, in bytes.
const PLACE: usize = 2 * size_of::<&[u8]>();

/// Takes events in: the one entry for every door.
pub(crate) struct Intake {
    /// From events to conversions.
    pub(crate) engine: Engine,
    /// Where conversions become safe.
    pub(crate) storing: Arc<Storing>,
    /// The memory that requests may hold.
    pub(crate) budget: Arc<Budget>,
    /// When large requests are worked on.
    pub(crate) turns: WorkerPool,
    /// How large a request's events may be.
    pub(crate) limits: ExpansionLimits,
    /// Whether a clock is wrong.
    pub(crate) clocks: Clocks,
}

/// The events of a request, each as JSON text, and what it says of all of them.
pub(crate) struct Decoded<'b> {
    /// The events.
    pub(crate) items: Vec<&'b [u8]>,
    /// What it says of all of them.
    pub(crate) envelope: Envelope<'b>,
}

/// What the answer says about a request whose events were accepted.
#[derive(Debug, Default)]
pub(crate) struct Receipt {
    /// What is rejected: the first reasons.
    pub(crate) rejected: Vec<RejectionEntry>,
    /// How many reasons there are beside those.
    pub(crate) unlisted: usize,
}

impl Intake {
    /// Lets a request of `source` in, where it is known, whose body has `bytes` bytes,
    /// as far as it is known: before any of the body is read.
    ///
    /// # Errors
    ///
    /// The queue takes nothing at the moment, or has no room.
    pub(crate) fn admit(
        &self,
        source: Option<&Arc<str>>,
        bytes: usize,
    ) -> Result<Reservation, IntakeError> {
        self.storing.check()?;
        self.budget.reserve(source, bytes)
    }

    /// Takes the events that `decode` finds in `body`, for which `hold` was reserved, to
    /// the queue: on disk when it returns. Who stops to wait leaves nothing behind but
    /// what is being committed.
    ///
    /// # Errors
    ///
    /// `decode` finds none, or they cannot be taken now, or not in one request.
    pub(crate) async fn take<D, E>(
        self: &Arc<Self>,
        body: Vec<u8>,
        mut hold: Reservation,
        decode: D,
    ) -> Result<Receipt, E>
    where
        D: for<'b> Fn(&'b [u8]) -> Result<Decoded<'b>, E> + Send + 'static,
        E: From<IntakeError> + Send + 'static,
    {
        let now = Timestamp::now();
        let mut small = None;
        if body.len() <= LARGE {
            let decoded = decode(&body)?;
            if self.limits.check(&decoded.items, &decoded.envelope)? <= LARGE {
                small = Some(self.map(&decoded, &mut hold, now)?);
            }
        }
        let mut outcome = match small {
            // What is queued is a copy, and storing it may take a while.
            Some(outcome) => {
                drop(body);
                outcome
            }
            None => {
                let intake = Arc::clone(self);
                let work = move || {
                    let decoded = decode(&body)?;
                    intake.limits.check(&decoded.items, &decoded.envelope)?;
                    let outcome = intake.map(&decoded, &mut hold, now)?;
                    Ok::<_, E>((outcome, hold))
                };
                let (outcome, held) = self.turns.take(work).await?;
                hold = held;
                outcome
            }
        };
        let receipt = Receipt {
            rejected: std::mem::take(&mut outcome.rejected),
            unlisted: outcome.unlisted,
        };
        self.storing.store(outcome).await?;
        drop(hold);
        Ok(receipt)
    }

    fn map(
        &self,
        decoded: &Decoded<'_>,
        hold: &mut Reservation,
        now: Timestamp,
    ) -> Result<Converted, IntakeError> {
        let Decoded { items, envelope } = decoded;
        if let Some(source) = &envelope.source {
            hold.belongs_to(source);
        }
        hold.add(items.len().saturating_mul(PLACE))?;
        let outcome = self.engine.process(items, envelope, now, hold)?;
        self.clocks.add(outcome.counts.received, outcome.ahead);
        Ok(outcome)
    }

    /// Looks each second what keeps events from being taken, or spoils them, and lets the
    /// log and `conditions` say so.
    pub(crate) async fn watch(self: Arc<Self>, conditions: Conditions) {
        let wrong_clock = Lasting::new(
            "clock",
            "Events are not in the future any more.",
            LOOK,
            conditions,
        );
        let mut seconds = interval(LOOK);
        seconds.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            seconds.tick().await;
            self.storing.look();
            self.budget.look();
            let ahead = self.clocks.tick();
            if let Some((ahead, events)) = ahead {
                wrong_clock.met(&format!(
                    "Of the last minute's {events} events {ahead} lie in the future: the clock \
                     of this server or of its clients is wrong. Set it, or let clients send \
                     `sentAt`."
                ));
            }
            wrong_clock.look(ahead.is_some());
        }
    }
}
