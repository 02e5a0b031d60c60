//! The processors that large requests may use at once.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread::available_parallelism;

use tokio::sync::Semaphore;

/// Turns for work that takes a processor for long. There is one fewer than there are
/// processors, so that small requests always have one, and it is done beside the threads
/// that read and write connections.
pub(crate) struct Turns(Arc<Semaphore>);

impl Turns {
    /// As many as this machine can give.
    #[must_use]
    pub(crate) fn new() -> Self {
        let processors = available_parallelism().map_or(1, usize::from);
        Self(Arc::new(Semaphore::new(
            processors.saturating_sub(1).max(1),
        )))
    }

    /// Does `work` when its turn has come. Who stops to wait loses the turn; work that
    /// has begun is done.
    ///
    /// # Panics
    ///
    /// Where `work` does.
    pub(crate) async fn take<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> T {
        // It is never closed; without a turn the work is done all the same.
        let turn = Arc::clone(&self.0).acquire_owned().await.ok();
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        match done.await {
            Ok(done) => done,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                // Only a runtime that ends takes the work away, and this with it.
                Err(_) => std::future::pending().await,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use tokio::task::yield_now;

    use super::*;

    #[tokio::test]
    async fn who_does_not_wait_for_its_turn_is_passed_over() {
        let turns = Arc::new(Turns(Arc::new(Semaphore::new(1))));
        let (go, gone) = mpsc::channel::<()>();
        let take = |work: Box<dyn FnOnce() -> &'static str + Send>| {
            let turns = Arc::clone(&turns);
            tokio::spawn(async move { turns.take(work).await })
        };
        let first = take(Box::new(move || {
            gone.recv().ok();
            "first"
        }));
        while turns.0.available_permits() > 0 {
            yield_now().await;
        }
        let (late, never) = mpsc::channel();
        let second = take(Box::new(move || {
            late.send(()).unwrap();
            "second"
        }));
        let third = take(Box::new(|| "third"));
        yield_now().await;
        second.abort();
        go.send(()).unwrap();
        assert_eq!(first.await.unwrap(), "first");
        assert_eq!(third.await.unwrap(), "third");
        assert!(never.recv().is_err(), "the second one was not worked on");
    }
}
