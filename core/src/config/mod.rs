//! The configuration as people write it: one TOML file.
//!
//! Reading it compiles every trigger and mapping, so that events only meet
//! what works, and reports all faults together, each with its place.

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

use jiff::Timestamp;
use toml::de::DeTable;

pub use destination::DestinationConfig;
pub use diagnostic::{ConfigDiagnostic, Severity};
pub use secret::Secret;
pub use server::ServerConfig;
pub use source::SourceConfig;

use self::diagnostic::ConfigDiagnostics;
use self::section::Section;
use crate::Registry;
use crate::graph_version;

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

/// Reads another file that the configuration names, by the path written there,
/// as text. The error says why it could not be read, and becomes part of a
/// [`ConfigDiagnostic`].
pub type ReadFile<'r> = &'r dyn Fn(&str) -> Result<String, String>;

impl Config {
    /// Reads a configuration, `text` being TOML. It comes back when it has no
    /// [errors](Severity::Error); what is said of it, warnings too, comes back in any
    /// case, in the order of the places. Actions are those in `registry`; what
    /// `mapping_file` names is read with `read_file`. Secrets are not: see [`Secret`].
    ///
    /// ```standalone_crate
    /// # use capi_core::field::commerce;
    /// # use capi_core::{Action, Spec, register_action};
    /// # static PURCHASE: Spec = Spec {
    /// #     slug: "purchase",
    /// #     title: "Purchase",
    /// #     description: "An order was completed.",
    /// #     event_name: Some("Purchase"),
    /// #     default_trigger: Some(r#"type = "track" and event = "Order Completed""#),
    /// #     on_by_default: true,
    /// #     fields: &[
    /// #         commerce::CURRENCY,
    /// #         commerce::VALUE.default(r#"{"@path":"$.properties.total"}"#),
    /// #     ],
    /// #     example: r#"{"type":"track","event":"Order Completed"}"#,
    /// # };
    /// # struct Purchase;
    /// # impl Action for Purchase {
    /// #     fn spec(&self) -> &'static Spec {
    /// #         &PURCHASE
    /// #     }
    /// # }
    /// # register_action!(Purchase);
    /// use capi_core::Registry;
    /// use capi_core::config::{Config, Severity};
    ///
    /// let registry = Registry::linked()?;
    /// let text = r#"
    ///     [[destination]]
    ///     name = "meta"
    ///     dataset_id = "1234567890"
    ///
    ///     [[destination.subscription]]
    ///     action = "purchase"
    ///     mapping_file = "purchase.json"
    /// "#;
    /// let read_file = |path: &str| match path {
    ///     "purchase.json" => Ok(r#"{"currency":"EUR"}"#.to_owned()),
    ///     _ => Err("no such file exists".to_owned()),
    /// };
    /// let (config, diagnostics) = Config::read(text, &registry, &read_file);
    /// assert_eq!(diagnostics, []);
    /// let config = config.ok_or("errors")?;
    /// let purchase = &config.destinations[0].destination.subscriptions[0];
    /// // Beside the file's one field stand those of the prebuilt mapping.
    /// assert!(purchase.mapping.text().contains("$.properties.total"));
    ///
    /// // A fault has its place, and no configuration comes out.
    /// let (config, diagnostics) = Config::read(&text.replace("1234567890", "pixel"), &registry, &read_file);
    /// assert!(config.is_none());
    /// assert_eq!((diagnostics[0].severity, diagnostics[0].line), (Severity::Error, 4));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn read(
        text: &str,
        registry: &Registry,
        read_file: ReadFile<'_>,
    ) -> (Option<Self>, Vec<ConfigDiagnostic>) {
        let mut findings = ConfigDiagnostics::new(text);
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

    /// What is to be said of it because of the time that it is: versions of the Graph API
    /// that end, from ninety days before.
    ///
    /// Source: Meta, Graph API changelog.
    pub fn aged(&self, now: Timestamp) -> impl Iterator<Item = ConfigDiagnostic> {
        self.destinations.iter().filter_map(move |destination| {
            let (line, column) = destination.api_version_place;
            Some(ConfigDiagnostic {
                severity: Severity::Warning,
                message: graph_version::warning(&destination.api_version, now)?,
                line,
                column,
            })
        })
    }
}
