//! What is queued for a destination that the configuration does not have any more: it is
//! given to another one, or thrown away.

use capi_transport::QueueError;

use super::{Admin, Notify};

/// Why the rows of a destination stay where they are.
#[derive(Debug, thiserror::Error)]
pub enum GoneError {
    /// The configuration has the destination: its rows are sent.
    #[error(
        "the configuration has the destination {0:?}, which sends what is queued for it; only what is queued for one that is gone can be given away or thrown away"
    )]
    StillThere(String),
    /// The configuration has not the one that is to have them.
    #[error("the configuration has no destination {name:?} to give them to; it has: {}", known.join(", "))]
    NoneSuch {
        /// The one that was named.
        name: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// The queue failed.
    #[error(transparent)]
    Queue(#[from] QueueError),
}

impl Admin {
    /// Gives what is queued for `from`, which the configuration must not have, to the
    /// destination `to`, which it must have. Says how many rows.
    ///
    /// # Errors
    ///
    /// One of the two is not as said, or the queue cannot be written.
    pub async fn reassign(&self, from: String, to: String) -> Result<u64, GoneError> {
        self.refuse_known(&from)?;
        let Some(dataset_id) = self.checks.dataset_of(&to) else {
            return Err(GoneError::NoneSuch {
                name: to,
                known: self.checks.destinations(),
            });
        };
        let _notify = Notify(self.delivery.as_deref());
        self.rebind_dataset().await?;
        Ok(self.queue.reassign(&from, &to, &dataset_id).await?)
    }

    /// Throws away what is queued for a destination that the configuration must not have.
    /// Says how many rows.
    ///
    /// # Errors
    ///
    /// The configuration has it, or the queue cannot be written.
    pub async fn purge_queued(&self, destination: String) -> Result<u64, GoneError> {
        self.refuse_known(&destination)?;
        Ok(self.queue.purge_queued(&destination).await?)
    }

    fn refuse_known(&self, destination: &str) -> Result<(), GoneError> {
        if self.checks.knows(destination) {
            return Err(GoneError::StillThere(destination.to_owned()));
        }
        Ok(())
    }
}
