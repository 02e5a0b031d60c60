//! The sandbox as something that answers: a router, and a server on a socket.

use std::future::Future;
use std::io;

use axum::Router;
use tokio::net::TcpListener;

use crate::sandbox::Sandbox;
use crate::{control, serve};

impl Sandbox {
    /// The endpoint and its controls as a router, for tests without a socket.
    ///
    /// A `cut` fault needs a connection to cut: under [`Sandbox::serve`] not
    /// one byte is sent; here the response's body fails instead.
    pub fn router(&self) -> Router {
        control::router(self.clone())
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
