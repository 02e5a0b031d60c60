//! Arguments that many commands have.

use std::path::PathBuf;

use clap::Args;

/// Which configuration a command works with.
#[derive(Args, Default)]
pub(crate) struct ConfigArg {
    /// The configuration file.
    #[arg(long = "config", value_name = "FILE")]
    pub(crate) path: PathBuf,
}

/// Whether the output is for scripts.
#[derive(Args)]
pub(crate) struct JsonArg {
    /// As JSON, for scripts.
    #[arg(long)]
    pub(crate) json: bool,
}
