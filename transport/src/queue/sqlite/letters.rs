//! The dead letters, as people ask for them: looked at, sent again, thrown away.

use super::super::{Conversion, DeadFilter, DeadLetter, QueueError, Replaced, Retried};
use super::dead::{self, RetryQuery, SeqRange};
use super::{SqliteQueue, look};

impl SqliteQueue {
    /// The dead letters of a filter with numbers beyond `after`, oldest first, at
    /// most `limit`.
    ///
    /// # Errors
    ///
    /// When they cannot be read.
    pub async fn dead(
        &self,
        filter: DeadFilter,
        after: i64,
        limit: usize,
    ) -> Result<Vec<DeadLetter>, QueueError> {
        look(&self.reports, move |reports| {
            dead::list(reports, &filter, after, limit)
        })
        .await
    }

    /// Queues the dead letters of a filter again, as new rows of their lanes, where
    /// the destination is one of `destinations`; not those that our own checks
    /// rejected, which [`Self::replace_dead`] queues once they are repaired.
    ///
    /// # Errors
    ///
    /// When not all could be: those before the error are queued.
    pub async fn retry_dead(
        &self,
        filter: DeadFilter,
        destinations: Vec<String>,
    ) -> Result<Retried, QueueError> {
        let wanted = RetryQuery {
            filter,
            destinations,
        };
        let mut done = Retried::default();
        let mut window = self.dead_window().await?;
        loop {
            let pass = self
                .ask(dead::CHUNK_SIZE, {
                    let wanted = wanted.clone();
                    move |work| dead::retry(work, &wanted, window)
                })
                .await?;
            done.queued += pass.done.queued;
            done.duplicates += pass.done.duplicates;
            done.without_destination
                .extend(pass.done.without_destination);
            match pass.last {
                Some(last) => window.after = last,
                None => return Ok(done),
            }
        }
    }

    /// Throws the dead letters of a filter away, and says how many.
    ///
    /// # Errors
    ///
    /// When not all could be: those before the error are gone.
    pub async fn purge_dead(&self, filter: DeadFilter) -> Result<u64, QueueError> {
        let mut gone = 0;
        let mut window = self.dead_window().await?;
        loop {
            let pass = self
                .ask(dead::CHUNK_SIZE, {
                    let filter = filter.clone();
                    move |work| dead::purge(work, &filter, window)
                })
                .await?;
            gone += pass.done;
            match pass.last {
                Some(last) => window.after = last,
                None => return Ok(gone),
            }
        }
    }

    /// Queues repaired conversions, each in the place of the letter with its
    /// number, which goes. The answer has one item for each, in order.
    ///
    /// # Errors
    ///
    /// When nothing of it was kept.
    pub async fn replace_dead(
        &self,
        repaired: Vec<(i64, Conversion)>,
    ) -> Result<Vec<Replaced>, QueueError> {
        if repaired.is_empty() {
            return Ok(Vec::new());
        }
        self.ask(repaired.len(), move |work| dead::replace(work, &repaired))
            .await
    }

    /// All letters that there are now.
    async fn dead_window(&self) -> Result<SeqRange, QueueError> {
        Ok(SeqRange {
            after: 0,
            last: self.last_dead().await?,
        })
    }

    /// The number of the newest dead letter; 0 where there is none.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub async fn last_dead(&self) -> Result<i64, QueueError> {
        look(&self.reports, |reports| {
            let newest = "SELECT coalesce(max(seq), 0) FROM dead";
            Ok(reports.query_row(newest, [], |row| row.get(0))?)
        })
        .await
    }
}
