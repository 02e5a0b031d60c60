//! One transaction, and what is said about it.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use rusqlite::TransactionBehavior;
use tracing::{info, warn};

use super::super::super::QueueError;
use super::super::effects::Effects;
use super::super::work::Work;
use super::Writer;
use crate::condition::{Ended, Told};

impl Writer {
    /// One transaction. An error rolls it back and leaves the connection as it was: once
    /// the disk has room again, the next commit succeeds. So does a panic, which is a
    /// fault of one command and must not end the thread.
    pub(super) fn transact(
        &mut self,
        run: impl FnOnce(&mut Work<'_>) -> Result<(), QueueError>,
    ) -> Result<(), QueueError> {
        let transacting = AssertUnwindSafe(|| self.in_transaction(run));
        let outcome = catch_unwind(transacting).unwrap_or_else(|panic| Err(panicked(&*panic)));
        self.report(outcome.as_ref().err());
        self.health.committed(match &outcome {
            Ok(()) => Ok(()),
            Err(error) => Err(error.clone()),
        });
        outcome
    }

    fn in_transaction(
        &mut self,
        run: impl FnOnce(&mut Work<'_>) -> Result<(), QueueError>,
    ) -> Result<(), QueueError> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let begin = Instant::now();
        let mut work = Work {
            connection: &transaction,
            lanes: &self.lanes,
            seen: &mut self.seen,
            next: &mut self.next,
            now_ms: self.options.clock.now_ms(),
            had_letters: self.lanes.has_dead(),
            effects: Effects::default(),
        };
        run(&mut work)?;
        let mut effects = work.effects;
        // Here it costs no look at the log of its own.
        let size = self.size.again(&transaction)?;
        let written = Instant::now();
        transaction.commit()?;
        self.took = (written - begin, written.elapsed());
        self.size = size;
        self.has_new_letters |= effects.dead_lettered > 0;
        if let Some(destinations) = effects.destinations.take() {
            self.destinations = Some(destinations);
        }
        self.lanes.committed(effects);
        Ok(())
    }

    /// Logs that commits fail, and that they do no more.
    fn report(&mut self, error: Option<&QueueError>) {
        let now_ms = self.options.clock.monotonic_ms();
        match error {
            Some(error) => match self.failing.met(now_ms) {
                Some(Told::Begins) => warn!(
                    %error,
                    "A commit to the queue failed; nothing of it was acknowledged."
                ),
                Some(Told::Lasts { times, ms }) => warn!(
                    %error,
                    times,
                    seconds = ms / 1000,
                    "Commits to the queue go on failing."
                ),
                None => {}
            },
            None => {
                if let Some(Ended { times, ms }) = self.failing.over(now_ms) {
                    info!(
                        times,
                        seconds = ms / 1000,
                        "Commits to the queue succeed again."
                    );
                }
            }
        }
    }
}

fn panicked(panic: &(dyn Any + Send)) -> QueueError {
    let said = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    QueueError::Panicked(said.unwrap_or("it did not say why").into())
}
