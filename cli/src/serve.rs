//! `capi serve`: the server in this binary.

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;

use capi_server::{Server, log_to_stderr};

use crate::exit::Failure;

pub(crate) fn run(config: &Path, listen: Option<SocketAddr>) -> Result<ExitCode, Failure> {
    log_to_stderr("info");
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::machine)?;
    runtime.block_on(Server::run(config, listen))?;
    Ok(ExitCode::SUCCESS)
}
