//! A condition that lasts, told in the log and to operators: when it begins, now and then
//! with a count, and when it is over. Requests meet it, as many as there are; whether it
//! is over is looked at each second.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use capi_transport::{Condition, Told};
use tokio::time::Instant;

use crate::admin::Conditions;

/// A condition that may last.
pub(crate) struct Lasting {
    key: &'static str,
    /// What is logged when it is over.
    ended: &'static str,
    /// For how long it was not met when it is over.
    quiet: Duration,
    conditions: Conditions,
    since: Instant,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    condition: Condition,
    last_ms: i64,
}

impl Lasting {
    /// A condition that operators find in `conditions` under `key`. It is over, and then
    /// `ended` is logged, when it was not met for so long as `quiet` says.
    #[must_use]
    pub(crate) fn new(
        key: &'static str,
        ended: &'static str,
        quiet: Duration,
        conditions: Conditions,
    ) -> Self {
        Self {
            key,
            ended,
            quiet,
            conditions,
            since: Instant::now(),
            state: Mutex::default(),
        }
    }

    /// It is met. The sentence says what it is, and what to do.
    pub(crate) fn met(&self, sentence: &str) {
        let now_ms = self.now_ms();
        let mut state = self.state();
        state.last_ms = now_ms;
        match state.condition.met(now_ms) {
            None => return,
            Some(Told::Begins) => tracing::warn!("{sentence}"),
            Some(Told::Lasts { times, ms }) => {
                tracing::warn!(times, seconds = ms / 1000, "Still so: {sentence}");
            }
        }
        self.conditions.begin(self.key, sentence);
    }

    /// Looks whether it is over: it is not as long as it `holds`, met or not.
    pub(crate) fn look(&self, holds: bool) {
        let now_ms = self.now_ms();
        let quiet_ms = i64::try_from(self.quiet.as_millis()).unwrap_or(i64::MAX);
        let mut state = self.state();
        if holds || now_ms - state.last_ms < quiet_ms {
            return;
        }
        if let Some(over) = state.condition.over(now_ms) {
            let seconds = over.ms / 1000;
            tracing::info!(times = over.times, seconds, "{}", self.ended);
            self.conditions.end(self.key);
        }
    }

    fn now_ms(&self) -> i64 {
        i64::try_from(self.since.elapsed().as_millis()).unwrap_or(i64::MAX)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_holds_until_it_was_not_met_for_a_while() {
        let conditions = Conditions::default();
        let quiet = Duration::from_secs(5);
        let lasting = Lasting::new("full", "It is over.", quiet, conditions.clone());
        lasting.look(false);
        lasting.met("it is full");
        advance(quiet).await;
        lasting.look(true);
        assert_eq!(conditions.list(), ["it is full"]);
        lasting.met("it is full");
        lasting.look(false);
        assert_eq!(conditions.list(), ["it is full"]);
        advance(quiet).await;
        lasting.look(false);
        assert!(conditions.list().is_empty());
    }
}
