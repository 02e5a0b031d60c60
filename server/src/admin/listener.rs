//! The listener of the admin API, and the file that tells commands where it is.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use tokio::net::TcpListener;

use super::Admin;
use super::endpoint::{Endpoint, Published, Secret};
use super::http::router;

/// Why administration cannot be opened.
#[derive(Debug, thiserror::Error)]
#[error(
    "administration cannot be opened ({what}): {source}; see `admin_listen` and `data_dir` in [server]"
)]
pub struct OpenError {
    /// The address, or the folder.
    what: String,
    /// Why.
    source: io::Error,
}

/// The listener of the admin API, open: who asks already waits for its answer.
pub(crate) struct AdminListener {
    listener: TcpListener,
    address: SocketAddr,
    token: SecretString,
    secret: Secret,
    published: Published,
}

impl AdminListener {
    /// Opens it at `address`, for those who know `token`, and tells commands of it in
    /// `data_dir`, which must be this server's.
    pub(crate) async fn open(
        address: &str,
        data_dir: &Path,
        token: SecretString,
    ) -> Result<Self, OpenError> {
        let failed = |source| OpenError {
            what: address.to_owned(),
            source,
        };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let endpoint = Endpoint {
            address: listener.local_addr().map_err(failed)?,
            token: token.expose_secret().to_owned(),
            secret: Secret::random(),
        };
        let published = endpoint.publish(data_dir).map_err(|source| OpenError {
            what: data_dir.display().to_string(),
            source,
        })?;
        Ok(Self {
            listener,
            address: endpoint.address,
            token,
            secret: endpoint.secret,
            published,
        })
    }

    /// Answers from now on. Commands find it until what comes back is dropped.
    pub(crate) fn serve(self, admin: Arc<Admin>) -> Published {
        tracing::info!(address = %self.address, "Taking commands of administration.");
        let router = router(admin, self.token, self.secret);
        tokio::spawn(async move {
            if let Err(error) = axum::serve(self.listener, router).await {
                tracing::error!(%error, "Administration ended.");
            }
        });
        self.published
    }
}
