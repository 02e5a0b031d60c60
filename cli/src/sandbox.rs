//! `capi sandbox`: a local Graph endpoint.

use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Context;
use capi_sandbox::{Options, Sandbox};
use capi_server::stop_signal;
use tokio::net::TcpListener;

use crate::exit::Failure;

pub(crate) fn run(
    listen: SocketAddr,
    datasets: Vec<String>,
    token: Option<String>,
    lenient: bool,
) -> Result<ExitCode, Failure> {
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::machine)?;
    runtime.block_on(async {
        let listener = TcpListener::bind(listen)
            .await
            .with_context(|| {
                format!("cannot listen on {listen}; choose another address with --listen")
            })
            .map_err(Failure::machine)?;
        let address = listener.local_addr()?;
        status!("The sandbox listens on http://{address}; see http://{address}/_sandbox/stats");
        let datasets = (!datasets.is_empty()).then_some(datasets);
        let options = Options {
            datasets,
            token,
            lenient,
        };
        Sandbox::new(options).serve(listener, stop_signal()).await?;
        Ok(ExitCode::SUCCESS)
    })
}
