//! A server: opened by [`Server::open`], serving until it is asked to stop.

mod open;
mod serve;
mod versions;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use capi_core::config::Config;
use capi_transport::{Delivery, SqliteQueue};
use tokio::net::TcpListener;

use crate::admin::{Admin, AdminListener, OpenError};
use crate::exit;
use crate::health::Readiness;
use crate::intake::{Intake, IntakeCounters};
use crate::load::LoadError;

/// A server that has its queue and its listeners open and delivers;
/// [`Server::serve`] makes it take events.
pub struct Server {
    config: Config,
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    admin: Arc<Admin>,
    admin_listener: AdminListener,
    queue: Arc<SqliteQueue>,
    delivery: Arc<Delivery>,
    readiness: Readiness,
    intake: Arc<Intake>,
    counters: Arc<IntakeCounters>,
}

/// Why a server does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The configuration does not work.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The configuration lacks what a server needs.
    #[error("{}: {what}", path.display())]
    MissingSecret {
        /// The file.
        path: PathBuf,
        /// What is missing and what to write.
        what: String,
    },
    /// The queue cannot be opened.
    #[error(transparent)]
    Queue(#[from] capi_transport::QueueError),
    /// Delivery cannot start.
    #[error(transparent)]
    Delivery(#[from] capi_transport::StartError),
    /// The address cannot be listened on.
    #[error(
        "cannot listen on {address}: {source}; choose another address with --listen or `listen` in [server]"
    )]
    Listen {
        /// The address.
        address: String,
        /// Why.
        source: std::io::Error,
    },
    /// Administration cannot be opened.
    #[error(transparent)]
    Admin(#[from] OpenError),
    /// The machine gives no thread.
    #[error("cannot start threads: {0}; raise the limit of processes")]
    Threads(#[source] std::io::Error),
}

impl ServerError {
    /// The exit code: 2 for what the configuration must change, 3 for what the
    /// machine refuses.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Load(_) | Self::MissingSecret { .. } | Self::Delivery(_) => exit::USAGE,
            Self::Queue(_) | Self::Listen { .. } | Self::Admin(_) | Self::Threads(_) => {
                exit::MACHINE
            }
        }
    }
}

impl Server {
    /// Where it takes events.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Delivery, for its figures; it outlives the server.
    #[must_use]
    pub fn delivery(&self) -> Arc<Delivery> {
        Arc::clone(&self.delivery)
    }
}
