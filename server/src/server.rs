//! The server composed: configuration, queue, delivery, listener, stop.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use capi_core::config::Config;
use capi_transport::{Delivery, DeliveryOptions, GraphTarget, Queue, install_tls};
use hyper_util::server::graceful::GracefulShutdown;
use secrecy::{ExposeSecret, SecretString};
use tokio::net::TcpListener;

use crate::admin::endpoint::{Endpoint, Published, new_token};
use crate::admin::repair::Checks;
use crate::admin::{self, Admin};
use crate::connections::{Accepted, Listener, connection};
use crate::counters::Counters;
use crate::engine::Engine;
use crate::health::{self, Readiness};
use crate::ingest::{self, Ingest, TrustedProxies, WriteKeys};
use crate::load::{LoadError, Loaded, open_queue, secret};

/// A server that has its queue open and delivers; [`Server::serve`] makes it
/// take events.
pub struct Server {
    config: Config,
    data_dir: PathBuf,
    router: Router,
    admin: Arc<Admin>,
    admin_token: SecretString,
    delivery: Arc<Delivery>,
    readiness: Readiness,
    counters: Arc<Counters>,
}

/// Why a server does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The configuration does not work.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The configuration lacks what a server needs.
    #[error("{}: {what}", path.display())]
    Lacks {
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
    #[error(
        "administration cannot be opened ({what}): {source}; see `admin_listen` and `data_dir` in [server]"
    )]
    Admin {
        /// The address, or the file.
        what: String,
        /// Why.
        source: std::io::Error,
    },
}

impl ServerError {
    /// The exit code: 2 for what the configuration must change, 3 for what the
    /// machine refuses.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Load(_) | Self::Lacks { .. } | Self::Delivery(_) => 2,
            Self::Queue(_) | Self::Listen { .. } | Self::Admin { .. } => 3,
        }
    }
}

impl Server {
    /// Reads the configuration, opens the queue and begins to deliver what is
    /// in it. Warnings of the configuration are logged.
    ///
    /// # Errors
    ///
    /// The configuration does not work, a secret cannot be read, the data
    /// folder is another server's or cannot be used.
    pub async fn open(path: &Path) -> Result<Self, ServerError> {
        let loaded = Loaded::read(path)?;
        for warning in loaded.warnings() {
            tracing::warn!("{warning}");
        }
        let config = loaded.into_config()?;
        if config.sources.is_empty() {
            return Err(ServerError::Lacks {
                path: path.to_owned(),
                what: "there is no [[source]], so nobody may send; write one with `name` and `write_key`".into(),
            });
        }
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut keys = Vec::with_capacity(config.sources.len());
        for source in &config.sources {
            let key = secret(
                &source.write_key,
                "write_key",
                &format!("the source {:?}", source.name),
                folder,
            )?;
            if let Some((other, _)) = keys.iter().find(|(_, known): &&(String, SecretString)| {
                known.expose_secret() == key.expose_secret()
            }) {
                return Err(ServerError::Lacks {
                    path: path.to_owned(),
                    what: format!(
                        "the sources {other:?} and {:?} have one write key, so their events could not be told apart; give each its own",
                        source.name
                    ),
                });
            }
            keys.push((source.name.clone(), key));
        }
        let destinations = destinations(&config, path, folder)?;

        let queue = Arc::new(open_queue(&config, folder).await?);
        install_tls();
        let shared: Arc<dyn Queue> = Arc::clone(&queue) as Arc<dyn Queue>;
        let delivery = Delivery::start(
            Arc::clone(&shared),
            destinations,
            DeliveryOptions::default(),
        )?;
        let delivery = Arc::new(delivery);
        let checks = Checks::of(&config).map_err(LoadError::from)?;
        let admin = Admin::new(queue, Some(Arc::clone(&delivery)), checks);
        let admin_token = match &config.server.admin_token {
            Some(token) => secret(token, "admin_token", "[server]", folder)?,
            None => new_token(),
        };

        let counters = Arc::new(Counters::default());
        let readiness = Readiness::default();
        let notified = Arc::clone(&delivery);
        let ingest = Ingest {
            engine: Engine::new(
                config
                    .destinations
                    .iter()
                    .map(|config| (config.destination.clone(), config.test_event_code.clone())),
                config.server.max_event_bytes,
            ),
            queue: shared,
            appended: Box::new(move || notified.notify()),
            write_keys: WriteKeys::new(keys),
            trusted_proxies: TrustedProxies::new(
                config.server.trusted_proxies.iter().map(String::as_str),
            ),
            max_event_bytes: config.server.max_event_bytes,
            max_batch_bytes: config.server.max_batch_bytes,
            counters: Arc::clone(&counters),
        };
        let router = health::router(readiness.clone()).merge(ingest::router(Arc::new(ingest)));
        Ok(Self {
            data_dir: folder.join(&config.server.data_dir),
            admin: Arc::new(admin),
            admin_token,
            config,
            router,
            delivery,
            readiness,
            counters,
        })
    }

    /// The address that the configuration says to listen on.
    #[must_use]
    pub fn listen(&self) -> &str {
        &self.config.server.listen
    }

    /// What came in so far.
    #[must_use]
    pub fn counters(&self) -> Arc<Counters> {
        Arc::clone(&self.counters)
    }

    /// Delivery, for its figures; it outlives the server.
    #[must_use]
    pub fn delivery(&self) -> Arc<Delivery> {
        Arc::clone(&self.delivery)
    }

    /// Takes events until `stop`, then lets requests under way end, delivers
    /// what it can in the configured time, and leaves the rest on disk.
    ///
    /// # Errors
    ///
    /// The admin listener cannot be opened. What fails while running is logged
    /// and tried again.
    pub async fn serve(
        self,
        listener: TcpListener,
        stop: impl Future<Output = ()>,
    ) -> Result<(), ServerError> {
        if let Ok(address) = listener.local_addr() {
            tracing::info!(%address, "Taking events.");
        }
        let published = self.open_admin().await?;
        self.readiness.set(true);
        let connections = GracefulShutdown::new();
        let mut listener = Listener::new(listener);
        let mut stop = std::pin::pin!(stop);
        loop {
            let Accepted {
                stream,
                peer,
                place,
            } = tokio::select! {
                accepted = listener.next() => accepted,
                () = &mut stop => break,
            };
            // Answers are small and complete: waiting for more to send only delays them.
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "A connection keeps its delay.");
            }
            let watched = connections.watch(connection(stream, peer, self.router.clone()));
            tokio::spawn(async move {
                if let Err(error) = watched.await {
                    tracing::debug!(%error, "A connection ended early.");
                }
                drop(place);
            });
        }
        drop(listener);
        drop(published);
        self.readiness.set(false);
        let patience = Duration::from_secs(self.config.server.shutdown_seconds);
        tracing::info!(
            seconds = patience.as_secs(),
            "Stopping: finishing what is under way."
        );
        let deadline = tokio::time::Instant::now() + patience;
        if tokio::time::timeout_at(deadline, connections.shutdown())
            .await
            .is_err()
        {
            tracing::warn!("Some requests did not end in time and were not answered.");
        }
        let stopped = self
            .delivery
            .stop(deadline.saturating_duration_since(tokio::time::Instant::now()))
            .await;
        let counts = self.counters.snapshot();
        tracing::info!(
            received = counts.received,
            unmatched = counts.unmatched,
            repeats = counts.repeats,
            queued = ?counts.queued,
            rejected = ?counts.rejected,
            "What came in since the start."
        );
        tracing::info!(
            left = stopped.left,
            "Stopped. What is queued stays on disk."
        );
        Ok(())
    }
}

impl Server {
    /// Opens the admin listener and tells commands where it is.
    async fn open_admin(&self) -> Result<Published, ServerError> {
        let address = &self.config.server.admin_listen;
        let failed = |source| ServerError::Admin {
            what: address.clone(),
            source,
        };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let endpoint = Endpoint {
            address: listener.local_addr().map_err(failed)?,
            token: self.admin_token.expose_secret().to_owned(),
        };
        let published = endpoint
            .publish(&self.data_dir)
            .map_err(|source| ServerError::Admin {
                what: self.data_dir.display().to_string(),
                source,
            })?;
        tracing::info!(address = %endpoint.address, "Taking commands of administration.");
        let router = admin::http::router(Arc::clone(&self.admin), self.admin_token.clone());
        tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "Administration ended.");
            }
        });
        Ok(published)
    }
}

fn destinations(
    config: &Config,
    path: &Path,
    folder: &Path,
) -> Result<Vec<GraphTarget>, ServerError> {
    let mut destinations = Vec::with_capacity(config.destinations.len());
    for of in &config.destinations {
        let owner = format!("the destination {:?}", of.destination.name);
        let Some(token) = &of.access_token else {
            return Err(ServerError::Lacks {
                path: path.to_owned(),
                what: format!(
                    "{owner} needs `access_token` to send; write a text, {{ env = \"NAME\" }} or {{ file = \"PATH\" }}"
                ),
            });
        };
        let token = secret(token, "access_token", &owner, folder)?;
        destinations.push(GraphTarget {
            name: of.destination.name.clone(),
            dataset_id: of.destination.dataset_id.clone(),
            access_token: token,
            api_version: of.api_version.clone(),
            graph_url: of.graph_url.clone(),
            linger: Duration::from_millis(of.linger_ms),
            timeout: Duration::from_millis(of.timeout_ms),
            max_in_flight: of.max_in_flight,
            batch_size: GraphTarget::MAX_BATCH_SIZE,
        });
    }
    Ok(destinations)
}

/// Resolves when the process is told to stop: an interrupt, or a termination.
pub async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    if interrupt.await.is_err() {
        std::future::pending::<()>().await;
    }
}
