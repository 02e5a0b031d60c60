//! The configuration as people write it: one TOML file.
//!
//! Reading it compiles every trigger and mapping, so that events only meet
//! what works, and reports all faults at once, each with its place.

mod defaults;
mod destination;
mod diagnostic;
mod overlap;
mod prebuilt;
mod scrubbing;
mod secret;
mod section;
mod server;
mod source;
mod subscription;
mod written;

use toml::de::DeTable;

pub use destination::DestinationConfig;
pub use diagnostic::{Diagnostic, Severity};
pub use secret::Secret;
pub use server::ServerConfig;
pub use source::SourceConfig;

use self::diagnostic::Findings;
use self::section::Section;
use crate::Registry;

/// A whole configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// `[server]`.
    pub server: ServerConfig,
    /// Each `[[source]]`.
    pub sources: Vec<SourceConfig>,
    /// Each `[[destination]]`.
    pub destinations: Vec<DestinationConfig>,
}

/// Reads another file that the configuration names, by the path written there.
/// The error says why it could not be read.
pub type ReadFile<'r> = &'r dyn Fn(&str) -> Result<String, String>;

impl Config {
    /// Reads a configuration. It comes back when it has no errors; what is
    /// said of it comes back in any case, in the order of the places.
    #[must_use]
    pub fn read(
        text: &str,
        registry: &Registry,
        read_file: ReadFile<'_>,
    ) -> (Option<Self>, Vec<Diagnostic>) {
        let mut findings = Findings::new(text);
        let (root, faults) = DeTable::parse_recoverable(text);
        for fault in &faults {
            findings.error(fault.span().unwrap_or(0..0), fault.message());
        }
        let config = faults.is_empty().then(|| {
            let mut root = Section::new(
                "the configuration",
                root.get_ref(),
                0..0,
                Some(defaults::root()),
            );
            let server = ServerConfig::read(&mut root, &mut findings);
            let (sources, names) = source::read_all(&mut root, &mut findings);
            let destinations =
                destination::read_all(&mut root, &mut findings, registry, &names, read_file);
            overlap::warn(&destinations, &mut findings);
            let destinations = destinations.into_iter().map(|(config, _)| config).collect();
            root.finish(&mut findings);
            Self {
                server,
                sources,
                destinations,
            }
        });
        let found = findings.sorted();
        let works = !found
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error);
        (config.filter(|_| works), found)
    }
}
