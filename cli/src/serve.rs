//! `capi serve`: the server in this binary.

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;

use capi_server::{Server, ServerError, log_to_stderr, stop_signal};
use tokio::net::TcpListener;

use crate::exit::Failure;

pub(crate) fn run(config: &Path, listen: Option<SocketAddr>) -> Result<ExitCode, Failure> {
    log_to_stderr("info");
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::machine)?;
    runtime.block_on(async {
        let server = Server::open(config).await?;
        let address =
            listen.map_or_else(|| server.listen().to_owned(), |address| address.to_string());
        let listener = TcpListener::bind(&address)
            .await
            .map_err(|source| ServerError::Listen { address, source })?;
        server.serve(listener, stop_signal()).await?;
        Ok(ExitCode::SUCCESS)
    })
}
