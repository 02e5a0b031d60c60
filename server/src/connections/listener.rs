//! How many connections may be open simultaneously.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Open files that connections leave to the queue, to delivery and to the
/// process itself.
const RESERVED: u64 = 256;

/// After an error of the listener, before it is asked again.
const PAUSE: Duration = Duration::from_millis(50);

/// The listener. It accepts as many clients as files may be open, less
/// some: were connections to take them all, nothing could be stored or sent.
/// Other clients wait outside until one leaves.
pub(crate) struct Listener {
    listener: TcpListener,
    places: Arc<Semaphore>,
    /// How many places there are, free or not.
    all: usize,
    /// Whether the log has been told, for as long as it is crowded.
    reported: bool,
    crowded: Crowded,
}

/// Whether clients wait for a place: those who have one and do nothing leave earlier.
#[derive(Clone, Debug, Default)]
pub(crate) struct Crowded(Arc<AtomicBool>);

impl Crowded {
    /// Says whether they do.
    pub(super) fn set(&self, crowded: bool) {
        self.0.store(crowded, Ordering::Relaxed);
    }

    /// Whether they do.
    pub(super) fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A client that was let in, and its place, free again when this is dropped.
pub(crate) struct AcceptedConnection {
    pub(crate) stream: TcpStream,
    pub(crate) peer: SocketAddr,
    pub(crate) place: Option<OwnedSemaphorePermit>,
}

impl Listener {
    /// Raises the soft limit of open files to the hard one: the usual 1024 is
    /// meant for programs that cannot handle more.
    pub(crate) fn new(listener: TcpListener) -> Self {
        let files = rlimit::increase_nofile_limit(u64::MAX).unwrap_or_else(|error| {
            tracing::warn!(%error, "The limit of open files could not be raised.");
            2 * RESERVED
        });
        let places = files.saturating_sub(RESERVED).max(files / 2);
        let all = usize::try_from(places).map_or(Semaphore::MAX_PERMITS, |places| {
            places.min(Semaphore::MAX_PERMITS)
        });
        Self {
            listener,
            places: Arc::new(Semaphore::new(all)),
            all,
            reported: false,
            crowded: Crowded::default(),
        }
    }

    /// Whether clients wait for a place, from now on.
    pub(crate) fn crowded(&self) -> Crowded {
        self.crowded.clone()
    }

    /// The next client.
    pub(crate) async fn next(&mut self) -> AcceptedConnection {
        loop {
            let place = match Arc::clone(&self.places).try_acquire_owned() {
                Ok(place) => Some(place),
                Err(_) => {
                    self.crowded.set(true);
                    self.report(
                        "As many connections are open as the limit of open files allows; others wait. Raise the limit if they are many.",
                    );
                    Arc::clone(&self.places).acquire_owned().await.ok()
                }
            };
            match self.listener.accept().await {
                Ok((stream, peer)) => {
                    let is_crowded = self.places.available_permits() < self.all / 2;
                    self.reported &= is_crowded;
                    if !is_crowded {
                        self.crowded.set(false);
                    }
                    return AcceptedConnection {
                        stream,
                        peer,
                        place,
                    };
                }
                Err(error) => {
                    // The whole machine is out of files, say: it passes.
                    self.report(&format!("A connection could not be accepted: {error}."));
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    fn report(&mut self, what: &str) {
        if !std::mem::replace(&mut self.reported, true) {
            tracing::warn!("{what}");
        }
    }
}
