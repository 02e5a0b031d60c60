//! The sandbox as something that answers: a router, and a server on a socket.

use std::future::Future;
use std::io;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use tokio::net::TcpListener;

use crate::sandbox::Sandbox;
use crate::{control, graph, serve};

/// A full batch of large events is under 4 MiB; past this it is a mistake.
const MAX_BODY: usize = 16 * 1024 * 1024;

impl Sandbox {
    /// The endpoint and its controls as a router, for tests without a socket.
    ///
    /// A `cut` fault needs a connection to cut: under [`Sandbox::serve`] not
    /// one byte is sent; here the response's body fails instead.
    pub fn router(&self) -> Router {
        control::routes()
            .fallback(graph::handle)
            .layer(DefaultBodyLimit::max(MAX_BODY))
            .with_state(self.clone())
    }

    /// Serves HTTP/1.1 on `listener` until `shutdown` completes, then gives
    /// requests under way a few seconds to finish.
    ///
    /// # Errors
    ///
    /// None today: failures to accept one connection are waited out. The
    /// result leaves room for a listener that breaks for good.
    pub async fn serve(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        serve::run(self.router(), listener, shutdown).await
    }
}
