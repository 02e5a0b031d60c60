//! From what a request's events became to the disk: stored, counted, the lanes told.

use std::sync::Arc;
use std::time::Duration;

use capi_transport::{Appended, Delivery, Parcel, Queue, QueueError};
use tokio::time::timeout;

use super::converted::Converted;
use super::counters::IntakeCounters;
use super::error::IntakeError;
use super::lasting::Lasting;
use super::warnings::Warnings;
use crate::admin::Conditions;

/// Where the conversions of requests become safe.
pub(crate) struct Storing {
    queue: Arc<dyn Queue>,
    delivery: Arc<Delivery>,
    counters: Arc<IntakeCounters>,
    warnings: Arc<Warnings>,
    /// Events were refused of late.
    refuses: Lasting,
}

/// The queue's refusals are over when there was none for so long.
const QUIET: Duration = Duration::from_secs(15);

/// How long a request waits to be stored. Clients have given up by then, and a request
/// that waits holds memory.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The reason given for a request that waited longer.
const TOO_SLOW: &str = "they waited too long to be written to the queue";

/// Throws away what the queue has not begun with, once nobody waits for it.
struct Requeued(Parcel);

impl Drop for Requeued {
    fn drop(&mut self) {
        self.0.take_back();
    }
}

impl Storing {
    /// Stores in `queue`, and tells `delivery` of it.
    #[must_use]
    pub(crate) fn new(
        queue: Arc<dyn Queue>,
        delivery: Arc<Delivery>,
        counters: Arc<IntakeCounters>,
        warnings: Arc<Warnings>,
        conditions: Conditions,
    ) -> Self {
        Self {
            queue,
            delivery,
            counters,
            warnings,
            refuses: Lasting::new("queue", "Events are stored again.", QUIET, conditions),
        }
    }

    /// Looks whether events are refused, be there any or not. To be called once a second.
    pub(crate) fn look(&self) {
        let unavailable = self.queue.unavailable();
        if let Some(error) = &unavailable {
            self.refuse(error);
        }
        self.refuses.look(unavailable.is_some());
    }

    fn refuse(&self, error: &QueueError) -> IntakeError {
        self.refuses.met(&format!("Events are refused: {error}."));
        IntakeError::of(error)
    }

    /// Says why nothing can be stored now, if so.
    ///
    /// # Errors
    ///
    /// The queue takes nothing at the moment.
    pub(crate) fn check(&self) -> Result<(), IntakeError> {
        match self.queue.unavailable() {
            Some(error) => Err(self.refuse(&error)),
            None => Ok(()),
        }
    }

    /// Makes conversions safe and lets delivery know, keeps what was rejected, and
    /// counts all of it. Who stops to wait takes back what the queue has not begun with.
    ///
    /// # Errors
    ///
    /// Not all of it is stored. It may be sent again: what is stored is a duplicate then.
    pub(crate) async fn store(self: &Arc<Self>, outcome: Converted) -> Result<(), IntakeError> {
        let Converted {
            conversions,
            origins,
            lanes,
            dead_lettered,
            counts,
            ..
        } = outcome;
        if conversions.is_empty() && dead_lettered.is_empty() {
            self.counters.add(&counts);
            return Ok(());
        }
        self.check()?;
        let parcel = Parcel::new(conversions, dead_lettered);
        let waits = Requeued(parcel.clone());
        let storing = Arc::clone(self);
        // In a task of its own: what is committed must be counted and sent on, whether or
        // not the client still waits.
        let stored = tokio::spawn(async move {
            let stored = storing.queue.store(parcel).await;
            let is_any_new = match &stored {
                Ok(appended) => {
                    let mut counts = counts;
                    let is_any_new = counts.appended(&origins, appended);
                    for (origin, appended) in origins.iter().zip(appended) {
                        if *appended == Appended::DifferingDuplicate {
                            storing.warnings.log_differing(origin);
                        }
                    }
                    storing.counters.add(&counts);
                    is_any_new
                }
                // A part of it may be stored. The client sends all of it again, and that
                // part is a duplicate then: only that counts.
                Err(_) => true,
            };
            if is_any_new {
                storing.delivery.fed(&lanes);
            }
            stored
        });
        let stored = timeout(TIMEOUT, stored).await;
        drop(waits);
        let Ok(stored) = stored else {
            let unavailable = self.check();
            return unavailable.and_then(|()| Err(IntakeError::Unavailable(TOO_SLOW.into())));
        };
        match stored.map_err(QueueError::from).flatten() {
            Ok(_) => Ok(()),
            Err(error) => Err(self.refuse(&error)),
        }
    }
}
