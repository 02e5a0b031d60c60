//! Connections: how many there may be at once, and how long a silent one is kept.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulConnection;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceExt;

use crate::ingest::ClientAddress;

/// How long a client may take to send a request's head, and how long a
/// connection without a request is kept.
const HEAD_PATIENCE: Duration = Duration::from_secs(30);

/// Open files that connections leave to the queue, to delivery and to the
/// process itself.
const RESERVED: u64 = 256;

/// After an error of the listener, before it is asked again.
const PAUSE: Duration = Duration::from_millis(50);

/// The listener. It lets in as many clients at once as files may be open, less
/// some: were connections to take them all, nothing could be stored or sent.
/// Other clients wait outside until one leaves.
pub(crate) struct Listener {
    listener: TcpListener,
    places: Arc<Semaphore>,
    /// How many places there are, free or not.
    all: usize,
    /// Whether the log has been told, for as long as it is crowded.
    told: bool,
}

/// A client that was let in, and its place, free again when this is dropped.
pub(crate) struct Accepted {
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
            told: false,
        }
    }

    /// The next client.
    pub(crate) async fn next(&mut self) -> Accepted {
        loop {
            let place = match Arc::clone(&self.places).try_acquire_owned() {
                Ok(place) => Some(place),
                Err(_) => {
                    self.tell(
                        "As many connections are open as the limit of open files allows; others wait. Raise the limit if they are many.",
                    );
                    Arc::clone(&self.places).acquire_owned().await.ok()
                }
            };
            match self.listener.accept().await {
                Ok((stream, peer)) => {
                    self.told &= self.places.available_permits() < self.all / 2;
                    return Accepted {
                        stream,
                        peer,
                        place,
                    };
                }
                Err(error) => {
                    // The whole machine is out of files, say: it passes.
                    self.tell(&format!("A connection could not be accepted: {error}."));
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    fn tell(&mut self, what: &str) {
        if !std::mem::replace(&mut self.told, true) {
            tracing::warn!("{what}");
        }
    }
}

/// One connection, its requests told where they come from.
pub(crate) fn connection(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: SocketAddr,
    router: Router,
) -> impl GracefulConnection<Error = hyper::Error> + Send + 'static {
    let address = ClientAddress(peer.ip());
    let service = router.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(address);
        request.map(Body::new)
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_PATIENCE)
        // Who has said all may hang up that side, and is answered all the same.
        .half_close(true)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    use super::*;

    /// A client's end of a connection to a server that answers `/`.
    fn client() -> DuplexStream {
        let (client, server) = duplex(1 << 16);
        let router = Router::new().route("/", get(|| async { "served" }));
        let peer = ([192, 0, 2, 7], 4711).into();
        tokio::spawn(async move { connection(server, peer, router).await });
        client
    }

    /// What comes until the server hangs up.
    async fn rest(client: &mut DuplexStream) -> String {
        let mut all = Vec::new();
        client.read_to_end(&mut all).await.unwrap();
        String::from_utf8(all).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_says_nothing_is_let_go() {
        assert_eq!(rest(&mut client()).await, "");
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_without_a_further_request_is_let_go() {
        let mut client = client();
        client
            .write_all(b"GET / HTTP/1.1\r\nHost: relay\r\n\r\n")
            .await
            .unwrap();
        assert!(rest(&mut client).await.ends_with("served"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_head_that_dribbles_is_let_go() {
        let mut client = client();
        client.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
        // A byte a second: as long as it is taken, up to an hour.
        for _ in 0..3600 {
            tokio::time::sleep(Duration::from_secs(1)).await;
            if client.write_all(b"x").await.is_err() {
                return;
            }
        }
        panic!("the client still dribbles");
    }
}
