//! What people ask of a queue, and what is asked for them.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::super::{QueueError, QueueReport};
use super::{SqliteQueue, backup, look, reassign, rebind_dataset, report};

impl SqliteQueue {
    /// Says which dataset each destination has: pairs of name and id. Where one had
    /// another before, what waits for it and its dead letters take this one. To be
    /// called once, with all destinations, before delivery starts: what waits for others
    /// is gone through now and then, and what is too old for Meta becomes a dead letter.
    ///
    /// # Errors
    ///
    /// When nothing of it was kept.
    pub async fn rebind_dataset(&self, datasets: Vec<(String, String)>) -> Result<(), QueueError> {
        self.ask(0, move |work| rebind_dataset::run(work, &datasets))
            .await
    }

    /// Gives what waits for the destination `from` to the destination `to`, whose dataset
    /// has the id `dataset_id`, and says how many rows. What was sent to that dataset
    /// already, or waits for it, goes and is not counted. To be called while nothing is
    /// sent to `from`: it is for a destination that is gone.
    ///
    /// # Errors
    ///
    /// When not all could be: what was given before the error stays so.
    pub async fn reassign(
        &self,
        from: &str,
        to: &str,
        dataset_id: &str,
    ) -> Result<u64, QueueError> {
        let mut rows = 0;
        loop {
            let (from, to, dataset_id) = (from.to_owned(), to.to_owned(), dataset_id.to_owned());
            let step = self.ask(reassign::CHUNK_SIZE, move |work| {
                reassign::reassign(work, &from, &to, &dataset_id)
            });
            match step.await? {
                Some(moved) => rows += moved,
                None => return Ok(rows),
            }
        }
    }

    /// Throws away all that waits for a destination, with what is on its way: a row that
    /// is being sent is not sent again, and leaves no dedup entry. Says how many rows. To be
    /// called while nothing is sent to it: it is for a destination that is gone.
    ///
    /// # Errors
    ///
    /// When not all could be: what went before the error is gone.
    pub async fn purge_queued(&self, destination: &str) -> Result<u64, QueueError> {
        let mut rows = 0;
        loop {
            let destination = destination.to_owned();
            let step = self.ask(reassign::CHUNK_SIZE, move |work| {
                reassign::purge(work, &destination)
            });
            match step.await? {
                0 => return Ok(rows),
                gone => rows += gone,
            }
        }
    }

    /// What the queue holds.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub async fn report(&self) -> Result<QueueReport, QueueError> {
        let (file, lanes) = (self.file.clone(), self.lanes.clone());
        look(&self.reports, move |reports| {
            report::report(reports, &lanes, &file)
        })
        .await
    }

    /// Copies the queue into the new file `to`, while it goes on. Dropping the queue ends
    /// it, as [`Self::end_backups`] does.
    ///
    /// # Errors
    ///
    /// When there is such a file, it cannot be written, or the copy was ended. None is
    /// left behind then.
    pub async fn backup(&self, to: PathBuf) -> Result<(), QueueError> {
        let (file, is_closing) = (self.file.clone(), Arc::clone(&self.is_closing));
        tokio::task::spawn_blocking(move || backup::backup(&file, &to, &is_closing)).await?
    }

    /// Ends copies that are being made, and those that are asked for from now on: a
    /// server that stops does not wait for them.
    pub fn end_backups(&self) {
        self.is_closing.store(true, Ordering::Relaxed);
    }
}
