//! What a server is made of, put together from its configuration.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use capi_transport::{Delivery, DeliveryOptions, GraphTarget, LaneKey, Queue, install_tls};
use secrecy::{ExposeSecret, SecretString};
use tokio::net::TcpListener;

use super::{Server, ServerError};
use crate::admin::endpoint::new_token;
use crate::admin::repair::Checks;
use crate::admin::{Admin, AdminListener};
use crate::health::{self, Readiness};
use crate::ingest::{self, Ingest, TrustedProxies, WriteKeys};
use crate::intake::{
    Budget, Clocks, Engine, ExpansionLimits, Intake, IntakeCounters, Lanes, Storing, TestCodes,
    Warnings, WorkerPool,
};
use crate::load::{LoadError, Loaded, NO_SOURCE, Usable, no_access_token};

impl Server {
    /// Reads the configuration, opens the queue and both listeners, at `listen` or
    /// where the configuration says, and begins to deliver what is in the queue.
    /// Warnings of the configuration are logged.
    ///
    /// Delivery begins last. A start that fails is mostly tried again immediately, and
    /// what it had sent and left unanswered would be sent again each time.
    ///
    /// # Errors
    ///
    /// The configuration does not work, a secret cannot be read, the data
    /// folder is another server's or cannot be used, an address is not free.
    pub async fn open(path: &Path, listen: Option<SocketAddr>) -> Result<Self, ServerError> {
        let loaded = Loaded::read(path)?;
        for warning in loaded.warnings() {
            tracing::warn!("{warning}");
        }
        let usable = loaded.into_usable()?;
        let write_keys = write_keys(&usable)?;
        let destinations = destinations(&usable)?;
        let admin_token = match &usable.config.server.admin_token {
            Some(token) => usable.secret(token, "admin_token", "[server]")?,
            None => new_token(),
        };
        let checks = Checks::of(&usable.config).map_err(LoadError::from)?;

        // The folder first: the admin file in it is the server's that has it.
        let queue = Arc::new(usable.open_queue().await?);
        warn_of_open_folder(&usable.data_dir());
        let (listener, address) = listener(&usable, listen).await?;
        let admin_listener = AdminListener::open(
            &usable.config.server.admin_listen,
            &usable.data_dir(),
            admin_token,
        )
        .await?;
        checks.rebind_dataset(&queue).await?;
        install_tls();
        let shared: Arc<dyn Queue> = Arc::clone(&queue) as Arc<dyn Queue>;
        let delivery = Delivery::start(
            Arc::clone(&shared),
            destinations,
            DeliveryOptions::default(),
        )?;
        let delivery = Arc::new(delivery);
        let admin = Admin::new(Arc::clone(&queue), Some(Arc::clone(&delivery)), checks);

        let config = usable.config;
        let counters = Arc::new(IntakeCounters::default());
        let conditions = admin.conditions();
        let warnings = Arc::new(Warnings::default());
        let storing = Storing::new(
            Arc::clone(&shared),
            Arc::clone(&delivery),
            Arc::clone(&counters),
            Arc::clone(&warnings),
            conditions.clone(),
        );
        let lanes = config.destinations.iter().map(|config| {
            let destination = &config.destination;
            let lanes = Lanes {
                usual: LaneKey::new(&destination.name, config.test_event_code.as_deref()),
                max_test_codes: config.max_test_codes,
            };
            (destination.clone(), lanes)
        });
        let limits = ExpansionLimits {
            event: config.server.max_event_bytes,
            expanded: config.server.max_expanded_bytes,
        };
        let test_codes = TestCodes::new(Arc::clone(&shared));
        let intake = Arc::new(Intake {
            engine: Engine::new(lanes, test_codes, warnings, limits.event),
            storing: Arc::new(storing),
            budget: Arc::new(Budget::new(config.server.max_memory_bytes, conditions)),
            turns: WorkerPool::new().map_err(ServerError::Threads)?,
            limits,
            clocks: Clocks::default(),
        });
        let ingest = Ingest {
            intake: Arc::clone(&intake),
            write_keys,
            trusted_proxies: TrustedProxies::new(
                config.server.trusted_proxies.iter().map(String::as_str),
            ),
            max_event_bytes: config.server.max_event_bytes,
            max_batch_bytes: config.server.max_batch_bytes,
        };
        let readiness = Readiness::new(shared);
        let router = health::router(readiness.clone()).merge(ingest::router(Arc::new(ingest)));
        Ok(Self {
            listener,
            address,
            admin: Arc::new(admin),
            admin_listener,
            config,
            router,
            queue,
            delivery,
            readiness,
            intake,
            counters,
        })
    }
}

/// Warns where everybody on this machine may write in the data folder: what is in the
/// queue is sent to Meta.
fn warn_of_open_folder(folder: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let everybody_writes = 0o002;
        let mode = std::fs::metadata(folder).map_or(0, |folder| folder.permissions().mode());
        if mode & everybody_writes != 0 {
            tracing::warn!(
                folder = %folder.display(),
                "Everybody on this machine may write in the data folder; take that right away with `chmod o-w`."
            );
        }
    }
}

/// Where events come in.
async fn listener(
    usable: &Usable,
    listen: Option<SocketAddr>,
) -> Result<(TcpListener, SocketAddr), ServerError> {
    let configured = &usable.config.server.listen;
    let address = listen.map_or_else(|| configured.clone(), |address| address.to_string());
    let open = async {
        let listener = TcpListener::bind(&address).await?;
        let bound = listener.local_addr()?;
        Ok((listener, bound))
    };
    open.await.map_err(|source| ServerError::Listen {
        address: address.clone(),
        source,
    })
}

/// Who may send: each source has a key of its own.
fn write_keys(usable: &Usable) -> Result<WriteKeys, ServerError> {
    let sources = &usable.config.sources;
    if sources.is_empty() {
        return Err(ServerError::MissingSecret {
            path: usable.path.clone(),
            what: NO_SOURCE.into(),
        });
    }
    let mut keys: Vec<(Arc<str>, SecretString)> = Vec::with_capacity(sources.len());
    for source in sources {
        let owner = format!("the source {:?}", source.name);
        let key = usable.secret(&source.write_key, "write_key", &owner)?;
        let same = |known: &SecretString| known.expose_secret() == key.expose_secret();
        if let Some((other, _)) = keys.iter().find(|(_, known)| same(known)) {
            return Err(ServerError::MissingSecret {
                path: usable.path.clone(),
                what: format!(
                    "the sources {other:?} and {:?} have one write key, so their events could not be told apart; give each its own",
                    source.name
                ),
            });
        }
        keys.push((source.name.as_str().into(), key));
    }
    Ok(WriteKeys::new(keys))
}

/// Where it sends, each with its token.
fn destinations(usable: &Usable) -> Result<Vec<GraphTarget>, ServerError> {
    let configured = &usable.config.destinations;
    let mut destinations = Vec::with_capacity(configured.len());
    for of in configured {
        let owner = format!("the destination {:?}", of.destination.name);
        let Some(token) = &of.access_token else {
            return Err(ServerError::MissingSecret {
                path: usable.path.clone(),
                what: no_access_token(&of.destination.name),
            });
        };
        let token = usable.secret(token, "access_token", &owner)?;
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
