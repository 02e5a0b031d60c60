//! The threads that convert large requests, one fewer than processors.

use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, available_parallelism};

use tokio::sync::{Semaphore, oneshot};

/// How much the threads stand back where others want the processor, as `nice` has it:
/// those that read, write, answer and send go first.
#[cfg(unix)]
const NICE: i32 = 10;

type Work = Box<dyn FnOnce() + Send>;

/// Turns for work that takes a processor for long. There is one fewer than there are
/// processors, so that small requests always have one, and each has a thread of its own:
/// what one thread gave back it uses again.
pub(crate) struct WorkerPool {
    turns: Arc<Semaphore>,
    work: Sender<Work>,
}

impl WorkerPool {
    /// As many as this machine can give.
    ///
    /// # Errors
    ///
    /// It gives no thread.
    pub(crate) fn new() -> io::Result<Self> {
        let processors = available_parallelism().map_or(1, usize::from);
        Self::of(processors.saturating_sub(1).max(1))
    }

    fn of(turns: usize) -> io::Result<Self> {
        let (work, waiting) = channel();
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..turns {
            let waiting = Arc::clone(&waiting);
            Builder::new()
                .name("capi-large".to_owned())
                .spawn(move || run(&waiting))?;
        }
        Ok(Self {
            turns: Arc::new(Semaphore::new(turns)),
            work,
        })
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
        let turn = Arc::clone(&self.turns).acquire_owned().await.ok();
        let (done, outcome) = oneshot::channel::<Result<T, Box<dyn Any + Send>>>();
        let work = move || {
            let outcome = catch_unwind(AssertUnwindSafe(work));
            drop(turn);
            drop(done.send(outcome));
        };
        // The threads end with what they are sent by.
        drop(self.work.send(Box::new(work)));
        match outcome.await {
            Ok(Ok(done)) => done,
            Ok(Err(panic)) => resume_unwind(panic),
            Err(_) => std::future::pending().await,
        }
    }
}

/// Works until nobody can send work any more.
fn run(waiting: &Mutex<Receiver<Work>>) {
    #[cfg(unix)]
    if let Err(error) = rustix::process::nice(NICE) {
        tracing::debug!(%error, "The threads for large requests do not stand back.");
    }
    loop {
        let work = waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .recv();
        match work {
            Ok(work) => work(),
            Err(_) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::task::yield_now;

    use super::*;

    #[tokio::test]
    async fn who_does_not_wait_for_its_turn_is_passed_over() {
        let turns = Arc::new(WorkerPool::of(1).unwrap());
        let (go, gone) = channel::<()>();
        let take = |work: Box<dyn FnOnce() -> &'static str + Send>| {
            let turns = Arc::clone(&turns);
            tokio::spawn(async move { turns.take(work).await })
        };
        let first = take(Box::new(move || {
            gone.recv().ok();
            "first"
        }));
        while turns.turns.available_permits() > 0 {
            yield_now().await;
        }
        let (late, never) = channel();
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

    #[tokio::test]
    async fn work_that_panics_costs_its_request_and_no_turn() {
        let turns = Arc::new(WorkerPool::of(1).unwrap());
        let taking = Arc::clone(&turns);
        let broken = tokio::spawn(async move { taking.take(|| -> u8 { panic!("a fault") }).await });
        assert!(broken.await.unwrap_err().is_panic());
        assert_eq!(turns.take(|| 7).await, 7);
    }
}
