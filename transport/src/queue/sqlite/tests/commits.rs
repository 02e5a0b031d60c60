//! What one commit does to another: who waits for whom, and what a fault costs.

use std::sync::mpsc as std_mpsc;
use std::time::Duration;

use super::*;
use crate::SystemClock;

/// Holds the writer up until it is dropped.
struct Held(Option<std_mpsc::Sender<()>>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0 = None;
    }
}

/// Returns once the writer is held up in a transaction.
async fn hold(queue: &Arc<SqliteQueue>) -> Held {
    let (sender, receiver) = std_mpsc::channel::<()>();
    let (begun, has_begun) = oneshot::channel();
    let mut begun = Some(begun);
    let asked = Arc::clone(queue);
    tokio::spawn(async move {
        let held = asked.ask(0, move |_| {
            begun.take().map(|begun| begun.send(()));
            receiver.recv().ok();
            Ok(())
        });
        held.await.ok();
    });
    has_begun.await.unwrap();
    Held(Some(sender))
}

/// Lets calls that were begun reach the writer.
async fn let_them_wait() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}

fn many(rows: usize, prefix: &str) -> Vec<Conversion> {
    let ids = (0..rows).map(|id| format!("{prefix}{id}"));
    ids.map(|id| conversion(Some(&id), 7)).collect()
}

async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begin = SystemClock.monotonic_ms();
    while !is_so() {
        assert!(SystemClock.monotonic_ms() < begin + 60_000, "never: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_parcel_is_answered_as_a_whole_however_many_commits_it_takes() {
    let world = World::new();
    let queue = world.open();
    let mut conversions = many(3_000, "id");
    conversions.push(conversion(Some("id7"), 7));
    let answers = queue.append(conversions).await.unwrap();
    assert_eq!(answers.len(), 3_001);
    assert!(answers[..3_000].iter().all(|one| *one == Appended::Queued));
    assert_eq!(answers[3_000], Appended::Duplicate);
    assert_eq!(queue.stats().queued, 3_000);
    assert_eq!(queue.append(Vec::new()).await.unwrap(), []);
}

#[tokio::test]
async fn a_parcel_that_is_taken_back_leaves_memory_at_once_and_is_not_stored() {
    let world = World::new();
    let queue = Arc::new(world.open());
    let held = hold(&queue).await;
    let parcel = Parcel::new(many(1_000, "id"), Vec::new());
    let (asked, handed) = (Arc::clone(&queue), parcel.clone());
    let stored = tokio::spawn(async move { asked.store(handed).await });
    let_them_wait().await;
    assert!(!parcel.is_empty());
    parcel.take_back();
    assert!(parcel.is_empty(), "while the writer stands still");
    drop(held);
    let error = stored.await.unwrap().unwrap_err();
    assert!(matches!(error, QueueError::Requeued), "{error}");
    assert_eq!(queue.stats().queued, 0);
}

/// A command that fails, or panics, is alone in that: what came with it is stored.
#[tokio::test]
async fn a_fault_of_one_command_is_nobody_elses() {
    let world = World::new();
    let queue = Arc::new(world.open());
    let held = hold(&queue).await;
    let before = queue.append(many(10, "before"));
    let broken = queue.ask(0, |_| -> Result<(), _> { panic!("a fault of ours") });
    let wrong = queue.ask(0, |work| Ok(work.connection.execute_batch("NO SQL")?));
    let after = queue.append(many(10, "after"));
    let release = async {
        let_them_wait().await;
        drop(held);
    };
    let (before, broken, wrong, after, ()) = tokio::join!(before, broken, wrong, after, release);
    assert_eq!(before.unwrap().len(), 10);
    assert_eq!(after.unwrap().len(), 10);
    let error = broken.unwrap_err();
    assert!(
        matches!(&error, QueueError::Panicked(said) if said.contains("a fault of ours")),
        "{error}"
    );
    assert!(matches!(wrong, Err(QueueError::Storage(_))));
    assert_eq!(queue.stats().queued, 20);
    assert_eq!(append(&queue, "later").await, Appended::Queued);
    assert!(queue.unavailable().is_none());
}

/// A call whose answer breaks the thread itself.
struct Deadly;

impl Call for Deadly {
    fn run(&mut self, _: &mut Work<'_>) -> Result<(), QueueError> {
        Ok(())
    }

    fn answer(self: Box<Self>, _: Result<(), QueueError>) {
        panic!("the thread's end");
    }

    fn weight(&self) -> usize {
        0
    }
}

#[tokio::test]
async fn a_writer_that_is_gone_is_told_and_nobody_waits_for_it() {
    let world = World::new();
    let queue = world.open();
    let answer = queue.send::<()>(|_| Asking::Other(Box::new(Deadly))).await;
    assert!(matches!(answer, Err(QueueError::Panicked(_))));
    let error = queue.broken().await;
    assert!(matches!(error, QueueError::Panicked(_)), "{error}");
    assert!(matches!(queue.unavailable(), Some(QueueError::Panicked(_))));
    let error = queue.append(many(1, "id")).await.unwrap_err();
    assert!(matches!(error, QueueError::Panicked(_)), "{error}");
}

#[tokio::test]
async fn a_locked_file_is_told_until_a_write_succeeds_which_needs_no_traffic() {
    let world = World::new();
    let queue = world.open();
    append(&queue, "a").await;
    assert!(queue.unavailable().is_none());
    let other = Connection::open(queue.file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = queue.append(many(1, "id")).await.unwrap_err();
    assert!(matches!(error, QueueError::Busy), "{error}");
    assert!(matches!(queue.unavailable(), Some(QueueError::Busy)));
    other.execute_batch("ROLLBACK").unwrap();
    until("available again", || queue.unavailable().is_none()).await;
    assert_eq!(append(&queue, "id0").await, Appended::Queued);
}

/// Whoever releases a lane finds none of the rows that were acknowledged before.
#[tokio::test]
async fn a_release_does_not_overtake_what_was_settled_before() {
    let world = World::new();
    let queue = Arc::new(world.open());
    queue.append(many(3_000, "id")).await.unwrap();
    let rows = world.lease(&queue, LeaseKind::Fresh, 3_000).await.rows;
    let held = hold(&queue).await;
    let acknowledged = rows
        .chunks(500)
        .map(|rows| acknowledge(&queue, rows, Disposition::Delivered));
    let acknowledged = futures_of(acknowledged);
    let lane = World::lane();
    let released = async {
        queue.release(&lane).await.unwrap();
        queue.waiting(&World::lane()).standard
    };
    let go = async {
        let_them_wait().await;
        drop(held);
    };
    let ((), waiting, ()) = tokio::join!(acknowledged, released, go);
    assert_eq!(waiting, 0);
}

/// Runs them side by side, begun in their order.
async fn futures_of(futures: impl Iterator<Item = impl Future<Output = ()>>) {
    let mut futures: Vec<_> = futures.map(|future| Some(Box::pin(future))).collect();
    std::future::poll_fn(|context| {
        let mut is_over = true;
        for slot in &mut futures {
            if let Some(future) = slot {
                match future.as_mut().poll(context) {
                    std::task::Poll::Ready(()) => *slot = None,
                    std::task::Poll::Pending => is_over = false,
                }
            }
        }
        if is_over {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
}
