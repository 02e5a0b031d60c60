//! What commands of administration talk to: the running server, or the queue
//! itself where none runs.

mod remote;

use std::path::Path;
use std::sync::Arc;

use anyhow::anyhow;
use capi_core::pipeline::Edit;
use capi_server::admin::endpoint::Endpoint;
use capi_server::admin::repair::{Checks, Repaired};
use capi_server::admin::{Admin, GoneError, LaneStatus};
use capi_server::load::Loaded;
use capi_transport::{DeadFilter, DeadLetter, QueueReport, SqliteQueue};

use self::remote::Remote;
use crate::exit::Failure;

/// A running server, or its queue.
pub(crate) enum Operator {
    Remote(Remote),
    Local(Admin),
}

/// Runs `work` with what the configuration names.
pub(crate) fn with<T>(
    config: &Path,
    work: impl AsyncFnOnce(&Operator) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Failure::machine)?;
    runtime.block_on(async {
        let operator = Operator::open(config).await?;
        work(&operator).await
    })
}

impl Operator {
    /// Asks the server that runs with this configuration, and says so; without
    /// one, takes the queue. A running server has the folder, so that nobody is asked
    /// at an address that a crash left behind.
    async fn open(config: &Path) -> Result<Self, Failure> {
        let usable = Loaded::read(config)?.into_usable()?;
        let data_dir = usable.data_dir();
        if SqliteQueue::is_locked(&data_dir)
            && let Some(endpoint) = Endpoint::find(&data_dir).map_err(Failure::machine)?
        {
            let remote = Remote::new(endpoint);
            if remote.is_there().await {
                status!("Asking the running server at {}.", remote.address());
                return Ok(Self::Remote(remote));
            }
        }
        if !SqliteQueue::is_in(&data_dir) {
            return Err(Failure::machine(anyhow!(
                "no queue exists in {}: no server ever ran with this configuration",
                data_dir.display()
            )));
        }
        let queue = usable.open_queue().await.map_err(Failure::machine)?;
        status!(
            "No server runs; working on the queue in {}.",
            data_dir.display()
        );
        let checks = Checks::of(&usable.config).map_err(Failure::usage)?;
        Ok(Self::Local(Admin::new(Arc::new(queue), None, checks)))
    }

    pub(crate) async fn lanes(&self) -> Result<Vec<LaneStatus>, Failure> {
        match self {
            Self::Remote(remote) => remote.lanes().await,
            Self::Local(admin) => Ok(admin.lanes()),
        }
    }

    /// What keeps the server from working as it should; nothing where none runs.
    pub(crate) async fn conditions(&self) -> Result<Vec<String>, Failure> {
        match self {
            Self::Remote(remote) => remote.conditions().await,
            Self::Local(admin) => Ok(admin.conditions().list()),
        }
    }

    pub(crate) async fn resume(&self, destination: &str) -> Result<(), Failure> {
        match self {
            Self::Remote(remote) => remote.resume(destination).await,
            Self::Local(_) => Err(Failure::machine(anyhow!(
                "no server runs; it asks Meta as soon as it is started"
            ))),
        }
    }

    pub(crate) async fn queue(&self) -> Result<QueueReport, Failure> {
        match self {
            Self::Remote(remote) => remote.queue().await,
            Self::Local(admin) => admin.queue().await.map_err(Failure::machine),
        }
    }

    pub(crate) async fn backup(&self, file: &Path) -> Result<(), Failure> {
        // The server has a working directory of its own.
        let file = std::path::absolute(file)?;
        match self {
            Self::Remote(remote) => remote.backup(&file).await,
            Self::Local(admin) => admin.backup(&file).await.map_err(Failure::machine),
        }
    }

    pub(crate) async fn reassign(&self, from: &str, to: &str) -> Result<u64, Failure> {
        match self {
            Self::Remote(remote) => remote.reassign(from, to).await,
            Self::Local(admin) => {
                let done = admin.reassign(from.to_owned(), to.to_owned()).await;
                done.map_err(gone)
            }
        }
    }

    pub(crate) async fn purge_queued(&self, destination: &str) -> Result<u64, Failure> {
        match self {
            Self::Remote(remote) => remote.purge_queued(destination).await,
            Self::Local(admin) => {
                let done = admin.purge_queued(destination.to_owned()).await;
                done.map_err(gone)
            }
        }
    }

    pub(crate) async fn dead(
        &self,
        filter: &DeadFilter,
        after: i64,
        limit: usize,
    ) -> Result<Vec<DeadLetter>, Failure> {
        match self {
            Self::Remote(remote) => remote.dead(filter, after, limit).await,
            Self::Local(admin) => admin
                .dead(filter.clone(), after, limit)
                .await
                .map_err(Failure::machine),
        }
    }

    pub(crate) async fn retry(
        &self,
        filter: &DeadFilter,
        as_new: bool,
    ) -> Result<Repaired, Failure> {
        match self {
            Self::Remote(remote) => remote.retry(filter, as_new).await,
            Self::Local(admin) => {
                let filter = filter.clone();
                let done = match as_new {
                    true => admin.retry_as_new(filter).await,
                    false => admin.retry(filter).await,
                };
                done.map_err(Failure::machine)
            }
        }
    }

    pub(crate) async fn edit(
        &self,
        filter: &DeadFilter,
        set: &[String],
    ) -> Result<Repaired, Failure> {
        match self {
            Self::Remote(remote) => remote.edit(filter, set).await,
            Self::Local(admin) => {
                let edits: Result<Vec<Edit>, _> = set.iter().map(|edit| edit.parse()).collect();
                let edits = edits.map_err(Failure::usage)?;
                admin
                    .edit(filter.clone(), &edits)
                    .await
                    .map_err(Failure::machine)
            }
        }
    }

    pub(crate) async fn purge(&self, filter: &DeadFilter) -> Result<u64, Failure> {
        match self {
            Self::Remote(remote) => remote.purge(filter).await,
            Self::Local(admin) => admin.purge(filter.clone()).await.map_err(Failure::machine),
        }
    }
}

/// A server says the same by the status of its answer.
fn gone(error: GoneError) -> Failure {
    match error {
        GoneError::Queue(error) => Failure::machine(error),
        refused => Failure::usage(refused),
    }
}
