//! Whether the queue can take anything: what its writer tells everybody.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::super::QueueError;

/// What waits for longer than this waits too long. A commit on a disk that is well takes a
/// tenth of it at most; clients give up after a few seconds, and come again.
const TOO_LONG: Duration = Duration::from_secs(2);

/// What the writer says of itself.
#[derive(Clone, Debug)]
pub(super) struct Health {
    file: PathBuf,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// Why the last commit failed.
    failed: Option<QueueError>,
    /// Why nothing is appended though commits succeed.
    refuses: Option<QueueError>,
    /// Since when a commit is under way.
    commit: Option<Instant>,
    /// Since when the call waits that waits longest, the commit aside.
    oldest: Option<Instant>,
}

impl Health {
    pub(super) fn new(file: PathBuf) -> Self {
        Self {
            file,
            state: Arc::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A commit begins, or one is over; and since when others wait.
    pub(super) fn at_work(&self, is_at_work: bool, oldest: Option<Instant>) {
        let mut state = self.lock();
        state.commit = is_at_work.then(Instant::now);
        state.oldest = oldest;
    }

    /// A commit came to an end.
    pub(super) fn committed(&self, outcome: Result<(), QueueError>) {
        self.lock().failed = outcome.err();
    }

    /// Appends are refused, or no more.
    pub(super) fn refuse(&self, why: Option<QueueError>) {
        self.lock().refuses = why;
    }

    /// Whether the last commit failed.
    pub(super) fn is_failing(&self) -> bool {
        self.lock().failed.is_some()
    }

    /// Why nothing can be appended.
    pub(super) fn unavailable(&self) -> Option<QueueError> {
        let state = self.lock();
        if let Some(error) = state.refuses.as_ref().or(state.failed.as_ref()) {
            return Some(error.clone());
        }
        let since = [state.commit, state.oldest].into_iter().flatten().min()?;
        let waited = since.elapsed();
        (waited > TOO_LONG).then(|| QueueError::Behind {
            waited_ms: u64::try_from(waited.as_millis()).unwrap_or(u64::MAX),
            file: self.file.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_behind_while_a_commit_or_a_call_takes_too_long() {
        let health = Health::new("queue.sqlite".into());
        assert!(health.unavailable().is_none());
        health.at_work(true, None);
        assert!(health.unavailable().is_none());
        let long_ago = Instant::now().checked_sub(TOO_LONG * 2);
        health.at_work(false, long_ago);
        let error = health.unavailable();
        assert!(
            matches!(
                error,
                Some(QueueError::Behind {
                    waited_ms: 4_000..,
                    ..
                })
            ),
            "{error:?}"
        );
        health.lock().commit = long_ago;
        health.lock().oldest = None;
        assert!(health.unavailable().is_some());
        health.at_work(false, None);
        assert!(health.unavailable().is_none());
    }

    #[test]
    fn it_fails_until_a_commit_succeeds_and_refuses_until_it_is_told_otherwise() {
        let health = Health::new("queue.sqlite".into());
        health.committed(Err(QueueError::Busy));
        assert!(matches!(health.unavailable(), Some(QueueError::Busy)));
        health.refuse(Some(QueueError::Full));
        health.committed(Ok(()));
        assert!(matches!(health.unavailable(), Some(QueueError::Full)));
        health.refuse(None);
        assert!(health.unavailable().is_none());
    }
}
