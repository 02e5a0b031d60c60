//! `capi`: for hands and scripts. Stdout is data, stderr is talk; the exit
//! codes stand in [`exit`].

mod actions;
mod check;
mod demo;
mod exit;
mod preview;
mod sandbox;
mod serve;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

// Without this line the linker leaves every action out.
use capi_actions as _;

/// Takes customer events and delivers them to Meta's Conversions API.
#[derive(Parser)]
#[command(
    name = "capi",
    version,
    about,
    after_help = "Exit codes: 0 good, 1 the answer is no, 2 usage or configuration, 3 the machine refused (port, disk, network)."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs a shop's afternoon through everything, on this machine, and shows what happened.
    Demo {
        /// How many events the shop sends.
        #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
        events: u32,
    },
    /// Runs a local Graph endpoint that refuses what Meta refuses.
    Sandbox {
        /// Where to listen.
        #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8401")]
        listen: SocketAddr,
        /// The only dataset that exists; may be given several times. Without it, any does.
        #[arg(long, value_name = "ID")]
        dataset: Vec<String>,
        /// The only token that works. Without it, any does.
        #[arg(long, value_name = "TOKEN")]
        token: Option<String>,
        /// Accepts what Meta was seen to accept where its documentation is stricter.
        #[arg(long)]
        lenient: bool,
    },
    /// Runs the server, as `capi-server` does.
    Serve {
        /// The configuration file.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
        /// Where to listen, in place of the configuration's `listen`.
        #[arg(long, value_name = "ADDR")]
        listen: Option<SocketAddr>,
    },
    /// Shows every action, or one with its fields.
    Actions {
        /// The action.
        slug: Option<String>,
        /// As JSON, for scripts.
        #[arg(long)]
        json: bool,
    },
    /// Checks a configuration: all its errors and warnings, with their places.
    Check {
        /// The configuration file.
        file: PathBuf,
    },
    /// Shows what would be sent of events, and sends nothing.
    Preview {
        /// The configuration file; it needs no [server] and no [[source]].
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
        /// What time it is, for the rules on an event's age. Without it, now.
        #[arg(long, value_name = "RFC3339")]
        now: Option<jiff::Timestamp>,
        /// A file of events, one JSON object a line. Without it, stdin.
        input: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Demo { events } => demo::run(events),
        Command::Sandbox {
            listen,
            dataset,
            token,
            lenient,
        } => sandbox::run(listen, dataset, token, lenient),
        Command::Serve { config, listen } => serve::run(&config, listen),
        Command::Actions { slug, json } => actions::run(slug.as_deref(), json),
        Command::Check { file } => check::run(&file),
        Command::Preview { config, now, input } => preview::run(&config, now, input.as_deref()),
    };
    match outcome {
        Ok(code) => code,
        Err(failure) if failure.is_broken_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            failure.code()
        }
    }
}
