//! The listener of the admin API, and the file that tells commands where it is.

use std::io;
use std::path::Path;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use tokio::net::TcpListener;

use super::Admin;
use super::endpoint::{Endpoint, Published};
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

/// Opens the admin API at `address`, for those who know `token`, and tells commands
/// of it in `data_dir`.
pub(crate) async fn open(
    address: &str,
    data_dir: &Path,
    admin: Arc<Admin>,
    token: SecretString,
) -> Result<Published, OpenError> {
    let failed = |source| OpenError {
        what: address.to_owned(),
        source,
    };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let endpoint = Endpoint {
        address: listener.local_addr().map_err(failed)?,
        token: token.expose_secret().to_owned(),
    };
    let published = endpoint.publish(data_dir).map_err(|source| OpenError {
        what: data_dir.display().to_string(),
        source,
    })?;
    tracing::info!(address = %endpoint.address, "Taking commands of administration.");
    let router = router(admin, token);
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(%error, "Administration ended.");
        }
    });
    Ok(published)
}
