//! One connection: how its requests are read and answered.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::header::{CONNECTION, EXPECT};
use axum::http::{HeaderValue, Request};
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulConnection;
use tokio::io::{AsyncRead, AsyncWrite};
use tower::ServiceExt;

use super::heads::ambiguity;
use super::listener::Crowded;
use super::patience::{HEAD_PATIENCE, HeadWatch, Patience, Watched};
use super::unread::ReadOn;
use crate::ingest::{ClientAddress, HttpError};

/// The largest head, and the most that one read takes of a body, in bytes.
const READ_AT_ONCE: usize = 32 << 10;

/// One connection, its requests told where they come from. It is kept for `keep_alive`
/// without a request.
pub(crate) fn connection(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: SocketAddr,
    router: Router,
    keep_alive: Duration,
    crowded: Crowded,
) -> impl GracefulConnection<Error = hyper::Error> + Send + 'static {
    let address = ClientAddress(peer.ip());
    let watch = Arc::new(HeadWatch::default());
    let patience = Patience::new(Arc::clone(&watch), keep_alive, crowded);
    let watched = Watched::new(stream, Arc::clone(&watch));
    let service = service_fn(move |request| {
        let has_length = watch.has_length();
        answer(router.clone(), address, request, has_length)
    });
    http1::Builder::new()
        .timer(patience)
        .header_read_timeout(HEAD_PATIENCE)
        .max_buf_size(READ_AT_ONCE)
        .max_header_size(READ_AT_ONCE)
        // Who has said all may hang up that side, and is answered all the same: some
        // clients send and do not wait, and what they sent counts.
        .half_close(true)
        .serve_connection(TokioIo::new(watched), service)
}

/// What a request is answered.
async fn answer(
    router: Router,
    address: ClientAddress,
    mut request: Request<Incoming>,
    has_length: bool,
) -> Result<Response, Infallible> {
    let expects = request.headers().contains_key(EXPECT);
    let ambiguity = ambiguity(&request, has_length);
    request.extensions_mut().insert(address);
    let request = request.map(|body| Body::new(ReadOn::new(body, expects)));
    let mut response = match ambiguity {
        Some(why) => HttpError::Ambiguous(why).into_response(),
        None => router.oneshot(request).await?,
    };
    // Who asked whether to send a body and is refused sends none, or sends it all the
    // same: what comes next cannot be told from it.
    if expects && !response.status().is_success() {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
    use tokio::time::{Instant, sleep};

    use super::*;

    const KEEP_ALIVE: Duration = Duration::from_secs(620);
    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: relay\r\n\r\n";

    /// A client's end of a connection to a server that answers `/`.
    fn client_of(crowded: Crowded) -> DuplexStream {
        let (client, server) = duplex(1 << 16);
        let router = Router::new().route("/", get(|| async { "served" }));
        let peer = ([192, 0, 2, 7], 4711).into();
        tokio::spawn(async move { connection(server, peer, router, KEEP_ALIVE, crowded).await });
        client
    }

    fn client() -> DuplexStream {
        client_of(Crowded::default())
    }

    /// What comes until the server hangs up.
    async fn rest(client: &mut DuplexStream) -> String {
        let mut all = Vec::new();
        client.read_to_end(&mut all).await.unwrap();
        String::from_utf8(all).unwrap()
    }

    async fn served(client: &mut DuplexStream) {
        client.write_all(REQUEST).await.unwrap();
        let mut answer = String::new();
        while !answer.ends_with("served") {
            answer.push(char::from(client.read_u8().await.unwrap()));
        }
    }

    // The clock of these tests stands still while anybody has something to do, so that
    // times are exact.

    #[tokio::test(start_paused = true)]
    async fn a_connection_without_a_request_is_kept_and_let_go() {
        for has_served in [false, true] {
            let mut client = client();
            if has_served {
                served(&mut client).await;
            }
            let since = Instant::now();
            assert_eq!(rest(&mut client).await, "");
            assert_eq!(since.elapsed().as_secs(), KEEP_ALIVE.as_secs());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_was_silent_for_minutes_is_served() {
        let mut client = client();
        for _ in 0..3 {
            sleep(Duration::from_secs(600)).await;
            served(&mut client).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn where_others_wait_a_silent_connection_is_let_go() {
        let crowded = Crowded::default();
        let mut client = client_of(crowded.clone());
        served(&mut client).await;
        crowded.set(true);
        let since = Instant::now();
        assert_eq!(rest(&mut client).await, "");
        assert!(since.elapsed() < KEEP_ALIVE / 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_head_that_dribbles_is_let_go() {
        for has_served in [false, true] {
            let mut client = client();
            if has_served {
                served(&mut client).await;
            }
            sleep(Duration::from_secs(300)).await;
            client.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
            // A byte a second, as long as it is taken.
            let mut seconds = 0;
            while client.write_all(b"x").await.is_ok() {
                sleep(Duration::from_secs(1)).await;
                seconds += 1;
                assert!(seconds <= 2 * HEAD_PATIENCE.as_secs());
            }
        }
    }
}
