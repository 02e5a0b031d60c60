//! How a command ends.

use std::fmt;
use std::process::ExitCode;

use capi_server::ServerError;
use capi_server::load::LoadError;

pub(crate) use capi_server::exit::{MACHINE, USAGE};

/// The answer is no: a demo whose numbers do not add up.
pub(crate) const NO: u8 = 1;

/// What `capi --help` says of the codes.
pub(crate) fn help() -> String {
    format!(
        "Exit codes: 0 good, {NO} the answer is no, {USAGE} usage or configuration, {MACHINE} the machine refused (port, disk, network)."
    )
}

/// Why a command did not do what it was asked for.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    error: anyhow::Error,
}

impl Failure {
    /// The call or the configuration is wrong.
    pub(crate) fn usage(error: impl Into<anyhow::Error>) -> Self {
        Self {
            code: USAGE,
            error: error.into(),
        }
    }

    /// The machine refused.
    pub(crate) fn machine(error: impl Into<anyhow::Error>) -> Self {
        Self {
            code: MACHINE,
            error: error.into(),
        }
    }

    pub(crate) fn code(&self) -> ExitCode {
        ExitCode::from(self.code)
    }

    /// Whether the reader of our output went away, which is its own business.
    pub(crate) fn is_broken_pipe(&self) -> bool {
        self.error.chain().any(|cause| {
            cause
                .downcast_ref::<std::io::Error>()
                .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:#}", self.error)
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        Self::usage(error)
    }
}

impl From<ServerError> for Failure {
    fn from(error: ServerError) -> Self {
        Self {
            code: error.exit_code(),
            error: error.into(),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::machine(error)
    }
}
