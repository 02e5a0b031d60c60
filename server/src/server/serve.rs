//! A server that takes events: its listener, its connections, its stop.

use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper_util::server::graceful::GracefulShutdown;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::{Server, ServerError, versions};
use crate::connections::{AcceptedConnection, Listener, connection};
use crate::health::Phase;
use crate::stop_signal::{first_of_two, ignore_others};

/// How long before the end delivery is stopped, whatever connections still do:
/// it sends for half of that at most, and waits for answers in the other half.
const DELIVERY_END: Duration = Duration::from_secs(4);

impl Server {
    /// Opens the server of a configuration and serves until the process is asked to
    /// stop, at `listen` or where the configuration says.
    ///
    /// # Errors
    ///
    /// As [`Self::open`].
    pub async fn run(path: &Path, listen: Option<SocketAddr>) -> Result<(), ServerError> {
        ignore_others();
        let server = Self::open(path, listen).await?;
        let queue = Arc::clone(&server.queue);
        tokio::select! {
            () = server.serve(first_of_two()) => Ok(()),
            error = queue.broken() => Err(error.into()),
        }
    }

    /// Takes events until `stop` and a while longer, where the configuration says so:
    /// then it is not ready any more, and balancers have time to notice. Then it lets
    /// requests under way end, delivers what it can in the configured time, and leaves
    /// the rest on disk. What fails meanwhile is logged and tried again.
    pub async fn serve(self, stop: impl Future<Output = ()>) {
        tracing::info!(address = %self.address, "Taking events.");
        let conditions = self.admin.conditions().clone();
        let published = self.admin_listener.serve(Arc::clone(&self.admin));
        self.readiness.set(Phase::Serving);
        let connections = GracefulShutdown::new();
        let mut listener = Listener::new(self.listener);
        let crowded = listener.crowded();
        let keep_alive = Duration::from_secs(self.config.server.keep_alive_seconds);
        let watching = tokio::spawn(self.intake.watch(conditions));
        let versions = self.config.destinations.iter();
        let versions = versions.map(|of| (of.destination.name.clone(), of.api_version.clone()));
        let versions = tokio::spawn(versions::watch(versions.collect()));
        let drain = Duration::from_secs(self.config.server.drain_seconds);
        let readiness = self.readiness;
        let mut closes = pin!(async {
            stop.await;
            readiness.set(Phase::Stopping);
            if !drain.is_zero() {
                tracing::info!(
                    seconds = drain.as_secs(),
                    "Told to stop: not ready any more, and taking requests for a while."
                );
                sleep(drain).await;
            }
        });
        loop {
            let AcceptedConnection {
                stream,
                peer,
                place,
            } = tokio::select! {
                accepted = listener.next() => accepted,
                () = &mut closes => break,
            };
            // Answers are small and complete: waiting for more to send only delays them.
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "A connection keeps its delay.");
            }
            let router = self.router.clone();
            let connection = connection(stream, peer, router, keep_alive, crowded.clone());
            let watched = connections.watch(connection);
            tokio::spawn(async move {
                if let Err(error) = watched.await {
                    tracing::debug!(%error, "A connection ended early.");
                }
                drop(place);
            });
        }
        drop(listener);
        drop(published);
        let patience = Duration::from_secs(self.config.server.shutdown_seconds);
        tracing::info!(
            seconds = patience.as_secs(),
            "Stopping: finishing what is under way."
        );
        let deadline = Instant::now() + patience;
        let mut connections = pin!(connections.shutdown());
        // First what comes in, so that it is sent too; but one slow client must not
        // take from delivery the time in which it waits for answers.
        let alone = patience.saturating_sub(DELIVERY_END).max(patience / 4);
        let ended = timeout(alone, &mut connections).await.is_ok();
        let within = deadline.saturating_duration_since(Instant::now());
        let (stopped, ended) = tokio::join!(self.delivery.stop(within), async {
            ended || timeout_at(deadline, connections).await.is_ok()
        });
        self.admin.end_backups();
        if !ended {
            tracing::warn!("Some requests did not end in time and were not answered.");
        }
        watching.abort();
        versions.abort();
        let counts = self.counters.snapshot();
        tracing::info!(
            received = counts.received,
            unmatched = counts.unmatched,
            nearly = counts.nearly,
            duplicates = counts.duplicates,
            differing = counts.differing,
            queued = ?counts.queued,
            warned = ?counts.warned,
            rejected = ?counts.rejected,
            "What came in since the start."
        );
        tracing::info!(
            left = stopped.left,
            "Stopped. What is queued stays on disk."
        );
    }
}
