//! `capi check`: what is wrong with a configuration.

use std::path::Path;
use std::process::ExitCode;

use capi_server::load::{Loaded, lacks_to_serve};
use jiff::Timestamp;

use crate::exit::{Failure, USAGE};

/// Prints every error and warning as `file:line:column: error: …`. Errors end
/// with 2, as a command that needs the configuration would; warnings with 0.
pub(crate) fn run(file: &Path, now: Option<Timestamp>) -> Result<ExitCode, Failure> {
    use std::io::Write as _;

    let loaded = Loaded::read(file)?.at(now.unwrap_or_else(Timestamp::now));
    write!(std::io::stdout().lock(), "{}", loaded.report())?;
    let warnings = loaded.warnings().count();
    let errors = loaded.diagnostics.len() - warnings;
    let Some(config) = loaded.config else {
        status!("{} error(s), {warnings} warning(s).", errors);
        return Ok(ExitCode::from(USAGE));
    };
    let subscriptions: usize = config
        .destinations
        .iter()
        .map(|of| of.destination.subscriptions.len())
        .sum();
    status!(
        "The configuration is good: {} source(s), {} destination(s), {subscriptions} subscription(s), {warnings} warning(s).",
        config.sources.len(),
        config.destinations.len(),
    );
    // A preview, say, does without.
    for lacking in lacks_to_serve(&config) {
        status!("`capi serve` would refuse it: {lacking}.");
    }
    Ok(ExitCode::SUCCESS)
}
