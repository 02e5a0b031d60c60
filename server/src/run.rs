//! The program: what `capi-server` is, and every binary that has more actions.

use std::error::Error;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use tokio::runtime::Runtime;

use crate::{Server, exit, log_to_stderr, status};

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

/// Reads the arguments of the process and serves until it is asked to stop: the whole
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
            status(format_args!("cannot start threads: {error}"));
            return ExitCode::from(exit::MACHINE);
        }
    };
    match runtime.block_on(Server::run(&arguments.config, arguments.listen)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            status(format_args!("{}", with_causes(&error)));
            ExitCode::from(error.exit_code())
        }
    }
}

/// An error and what caused it, on one line.
fn with_causes(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        words += &format!(": {error}");
        cause = error.source();
    }
    words
}
