//! `capi-server`: the server alone, for machines.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use capi_server::{Server, ServerError, log_to_stderr, stop_signal};
use clap::Parser;
use tokio::net::TcpListener;

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Takes events over HTTP and delivers them to Meta's Conversions API.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    /// The configuration file.
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Where to listen, in place of the configuration's `listen`.
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log_to_stderr("info");
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let code = error.exit_code();
            eprintln!("{:#}", anyhow::Error::from(error));
            ExitCode::from(code)
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), ServerError> {
    let server = Server::open(&arguments.config).await?;
    let address = arguments
        .listen
        .map_or_else(|| server.listen().to_owned(), |a| a.to_string());
    let listener = TcpListener::bind(&address)
        .await
        .map_err(|source| ServerError::Listen { address, source })?;
    server.serve(listener, stop_signal()).await
}
