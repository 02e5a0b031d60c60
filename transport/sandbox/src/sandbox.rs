//! The handle: options, shared state, and the one lock around it.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::faults::{ActiveFaults, FaultRule};
use crate::ledger::{Ledger, Stats};

/// What exists at this endpoint, and how strictly it judges.
///
/// The default accepts any dataset and any token that is not empty, and holds
/// events to the documents.
#[derive(Clone, Default)]
pub struct Options {
    /// The only datasets that exist; others get Meta's 100/33. `None`: all do.
    pub datasets: Option<Vec<String>>,
    /// The only live token; others get Meta's 190. `None`: any that is not empty.
    pub token: Option<String>,
    /// Answers as observed live where the documents are stricter: a website
    /// event without `client_user_agent`, an event without `action_source`, an
    /// unknown key in `user_data`, a `null` for an optional key, and Limited
    /// Data Use without a country all pass.
    pub lenient: bool,
}

/// The fake endpoint. Clones share one state, so one clone can serve while
/// another is asked what came in.
#[derive(Clone)]
pub struct Sandbox {
    shared: Arc<Shared>,
}

struct Shared {
    options: Options,
    state: Mutex<State>,
}

/// Counts, accepted events and faults. They share a lock so that a request's
/// number, the rule that meets it and its place in the ledger agree.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) ledger: Ledger,
    pub(crate) faults: ActiveFaults,
}

/// Without the token, which may be one that also works at Meta.
impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("datasets", &self.datasets)
            .field("lenient", &self.lenient)
            .finish_non_exhaustive()
    }
}

/// Without the events, which are people's.
impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("options", self.options())
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}

impl Sandbox {
    /// A sandbox that has seen nothing and has no fault rules.
    pub fn new(options: Options) -> Self {
        Self {
            shared: Arc::new(Shared {
                options,
                state: Mutex::default(),
            }),
        }
    }

    /// The counts so far.
    pub fn stats(&self) -> Stats {
        self.state().ledger.stats()
    }

    /// Replaces the fault rules. Their counts and times start now.
    pub fn set_faults(&self, rules: Vec<FaultRule>) {
        self.state().faults = ActiveFaults::new(rules);
    }

    /// The accepted events as NDJSON, one
    /// `{"dataset":…,"request":n,"event":{…}}` a line, in the order they were
    /// accepted. `request` is the 1-based number of the request that brought
    /// the event; the event's text is as received, without line breaks.
    pub fn events_ndjson(&self) -> String {
        let mut lines = String::new();
        self.state().ledger.write_lines(0..usize::MAX, &mut lines);
        lines
    }

    pub(crate) fn options(&self) -> &Options {
        &self.shared.options
    }

    /// A poisoned lock is taken over: every update under it is complete or not
    /// begun, and a test server that stops answering would hide the cause.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.shared
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
