//! The program: what `capi-server` is, and every binary that has more actions.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::{Server, ServerError, log_to_stderr, stop_signal, talk};

/// The exit code where the machine refuses, as it does a runtime.
const MACHINE: u8 = 3;

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

/// Reads the arguments of the process and serves until it is told to stop: the whole
/// `main` of a server. It has the actions that are linked into the binary, capi's own
/// among them.
///
/// The exit code is 0 after a stop that was asked for, 2 where the configuration is
/// wrong and 3 where the machine refuses; stderr says why.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    log_to_stderr("info");
    let runtime = match Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            talk(format_args!("cannot start threads: {error}"));
            return ExitCode::from(MACHINE);
        }
    };
    match runtime.block_on(serve(arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let code = error.exit_code();
            talk(format_args!("{:#}", anyhow::Error::from(error)));
            ExitCode::from(code)
        }
    }
}

async fn serve(arguments: Arguments) -> Result<(), ServerError> {
    let server = Server::open(&arguments.config).await?;
    let address = arguments
        .listen
        .map_or_else(|| server.listen().to_owned(), |a| a.to_string());
    let listener = TcpListener::bind(&address)
        .await
        .map_err(|source| ServerError::Listen { address, source })?;
    server.serve(listener, stop_signal()).await
}
