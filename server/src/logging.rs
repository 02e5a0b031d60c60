//! Logs go to stderr; stdout belongs to data.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// Logs to stderr what `RUST_LOG` asks for, else from `default` on. Colours
/// only on a terminal. A second call changes nothing.
pub fn log_to_stderr(default: &str) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let started = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        // It would tell stderr, with a panic, that stderr cannot be written.
        .log_internal_errors(false)
        .try_init();
    if started.is_err() {
        tracing::debug!("Logging was started already.");
    }
}
