//! What conversions are sent without, and why others are rejected, told to the operator:
//! each kind once an hour, not once for an event. A client's library need not tell
//! what the answer says.
//!
//! Clients make kinds: a field's name is part of one, and may be the client's own. So
//! kinds are kept up to a number, and lines have a rate: nobody can fill the log, and a
//! kind for which there was no line now gets its line later.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use capi_core::destination::Subscription;
use capi_core::rejection::{Code, Diagnostic};
use tokio::time::Instant;

use super::origin::Origin;

/// How long until a kind is logged again.
const TOLD_AGAIN: Duration = Duration::from_secs(60 * 60);

/// Half of how many kinds are remembered.
const HALF: usize = 500;

/// How many lines may come in a burst.
const BURST: u32 = 30;

/// Then there is one each.
const PACE: Duration = Duration::from_secs(2);

/// The warnings and rejections that were told.
#[derive(Default)]
pub(crate) struct Warnings {
    kinds: Mutex<Kinds>,
    hasher: RandomState,
}

/// Kinds in two halves: those of the younger were met since it was begun. When it is
/// full the older one goes, which were met longest ago.
#[derive(Default)]
struct Kinds {
    young: HashMap<u64, WarningKind>,
    old: HashMap<u64, WarningKind>,
    /// When all lines that were told are paid for, one for each [`PACE`].
    paid: Option<Instant>,
    /// How many lines there was no room for since the last one.
    left_out: u64,
}

struct WarningKind {
    reported: Instant,
    /// How often it was met since.
    since: u64,
}

/// A line that is to be logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Line {
    /// How often the same came since it was told last.
    since: u64,
    /// How many other lines there was no room for.
    left_out: u64,
}

impl Kinds {
    /// Meets a kind. Says what is to be logged, if anything.
    fn met(&mut self, key: u64, now: Instant) -> Option<Line> {
        let mut kind = self.young.remove(&key).or_else(|| self.old.remove(&key));
        if let Some(kind) = &mut kind {
            kind.since += 1;
        }
        let is_known =
            |kind: &WarningKind| now.saturating_duration_since(kind.reported) < TOLD_AGAIN;
        let mut line = None;
        if !kind.as_ref().is_some_and(is_known) {
            if self.pays(now) {
                line = Some(Line {
                    since: kind.map_or(0, |kind| kind.since - 1),
                    left_out: std::mem::take(&mut self.left_out),
                });
                kind = Some(WarningKind {
                    reported: now,
                    since: 0,
                });
            } else {
                self.left_out += 1;
            }
        }
        // One that was never logged is not remembered, so that it is logged as soon as possible.
        if let Some(kind) = kind {
            if self.young.len() >= HALF {
                self.old = std::mem::take(&mut self.young);
            }
            self.young.insert(key, kind);
        }
        line
    }

    /// Takes a line of those that may be logged by now.
    fn pays(&mut self, now: Instant) -> bool {
        let paid = self.paid.map_or(now, |paid| paid.max(now));
        let may = paid.saturating_duration_since(now) <= PACE * (BURST - 1);
        if may {
            self.paid = Some(paid + PACE);
        }
        may
    }
}

impl Warnings {
    /// Logs those of a conversion that were not told lately.
    pub(crate) fn report(
        &self,
        destination: &str,
        subscription: &Subscription,
        warnings: &[Diagnostic],
    ) {
        for warning in warnings {
            if let Some(Line { since, left_out }) =
                self.met(destination, subscription, warning, false)
            {
                tracing::warn!(
                    destination,
                    action = subscription.action.slug,
                    code = warning.code.as_str(),
                    field = &*warning.field,
                    since,
                    left_out,
                    "A conversion is sent with a warning: {}. The next ones like it are not logged \
                     for an hour.",
                    warning.message
                );
            }
        }
    }

    /// Logs the reasons of a rejection that were not told lately.
    pub(crate) fn log_rejected(
        &self,
        destination: &str,
        subscription: &Subscription,
        reasons: &[Diagnostic],
    ) {
        for reason in reasons {
            if let Some(Line { since, left_out }) =
                self.met(destination, subscription, reason, true)
            {
                tracing::warn!(
                    destination,
                    action = subscription.action.slug,
                    code = reason.code.as_str(),
                    field = &*reason.field,
                    since,
                    left_out,
                    "A conversion is rejected: {}. `capi dead list` shows it. The next ones like it \
                     are not logged for an hour.",
                    reason.message
                );
            }
        }
    }

    /// Logs that a conversion of a subscription was taken for a duplicate and differs from
    /// what it would say again, unless it was logged lately.
    pub(crate) fn log_differing(&self, origin: &Origin) {
        let Origin {
            destination,
            action,
            event_name,
        } = origin;
        let key = self
            .hasher
            .hash_one(("differing", destination, action, event_name));
        if let Some(Line { since, left_out }) = self.met_key(key) {
            tracing::warn!(
                destination = &**destination,
                action,
                code = Code::DifferingDuplicate.as_str(),
                since,
                left_out,
                "A conversion has the event id of another one and is not sent, though it has \
                 another value, currency, order id or person: the subscription's event_id is one \
                 that several events share. `capi dead list --reason differing_duplicate` shows \
                 it; `capi dead retry --reason differing_duplicate --as-new` sends all such under \
                 the ids of their messages. The next ones like it are not logged for an hour."
            );
        }
    }

    /// Logs that no trigger takes an event that is called nearly as one asks for, unless
    /// it was told lately: `asked` is the trigger's name, of which there are few, and
    /// `called` has its letters and digits.
    pub(crate) fn log_nearly(&self, destination: &str, asked: &str, called: &str) {
        let key = self.hasher.hash_one(("nearly", destination, asked));
        if let Some(Line { since, left_out }) = self.met_key(key) {
            tracing::warn!(
                destination,
                event = asked,
                since,
                left_out,
                "No trigger takes an event that is called {called:?}, and one asks for {asked:?}: \
                 they differ in case, in what stands between the words, or in their order. Call \
                 the event so, or write its name into a trigger. The next ones like it are not \
                 logged for an hour."
            );
        }
    }

    fn met(
        &self,
        destination: &str,
        subscription: &Subscription,
        reason: &Diagnostic,
        rejects: bool,
    ) -> Option<Line> {
        // The field without its place in a list.
        let list = reason.field.split('[').next();
        let property = reason.field.rsplit(']').next();
        let key = self.hasher.hash_one((
            destination,
            subscription.action.slug,
            &subscription.event_name,
            reason.code.as_str(),
            rejects,
            list,
            property,
        ));
        self.met_key(key)
    }

    fn met_key(&self, key: u64) -> Option<Line> {
        let mut kinds = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
        kinds.met(key, Instant::now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Option<Line> = Some(Line {
        since: 0,
        left_out: 0,
    });

    #[test]
    fn a_kind_is_told_once_an_hour_with_how_often_it_came() {
        let mut kinds = Kinds::default();
        let start = Instant::now();
        assert_eq!(kinds.met(7, start), FIRST);
        for second in 1..=100 {
            assert_eq!(kinds.met(7, start + Duration::from_secs(second)), None);
        }
        let line = kinds.met(7, start + TOLD_AGAIN).unwrap();
        assert_eq!(line.since, 100);
        assert_eq!(kinds.met(7, start + TOLD_AGAIN), None);
    }

    #[test]
    fn a_flood_of_kinds_neither_fills_the_log_nor_silences_it() {
        let mut kinds = Kinds::default();
        let start = Instant::now();
        let reported = (1000..11_000).filter(|key| kinds.met(*key, start).is_some());
        assert_eq!(reported.count(), BURST as usize);
        assert!(kinds.young.len() + kinds.old.len() <= 2 * HALF);
        // Another that came meanwhile was not told, and is as soon as there is a line.
        assert_eq!(kinds.met(7, start), None);
        let later = kinds.met(7, start + PACE).unwrap();
        assert_eq!(later.left_out, 10_000 - u64::from(BURST) + 1);
        assert_eq!(kinds.met(7, start + PACE), None);
    }

    #[test]
    fn what_was_met_longest_ago_is_forgotten_first() {
        let mut kinds = Kinds::default();
        let mut now = Instant::now();
        kinds.met(7, now);
        for key in 1000..5000 {
            now += PACE;
            assert!(kinds.met(key, now).is_some());
            // Met all the while, and so never forgotten before its hour is over.
            let line = kinds.met(7, now);
            assert!(line.is_none_or(|line| line.since > 1000));
        }
        assert!(kinds.young.len() + kinds.old.len() <= 2 * HALF);
        assert_eq!(kinds.met(1000, now + PACE), FIRST);
    }
}
