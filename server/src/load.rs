//! Reading a configuration from disk, with what it refers to.

use std::fmt;
use std::path::{Path, PathBuf};

use capi_core::config::{Config, Diagnostic, Secret, ServerConfig, Severity};
use capi_core::{Registry, RegistryError};
use capi_transport::{QueueError, SqliteOptions, SqliteQueue};
use secrecy::SecretString;

/// A configuration file that was read, and what is to be said of it.
pub struct Loaded {
    /// The file.
    pub path: PathBuf,
    /// What it says, if it has no errors.
    pub config: Option<Config>,
    /// Its errors and warnings, in the order of their places.
    pub diagnostics: Vec<Diagnostic>,
}

/// Why a configuration does not work.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file cannot be read.
    #[error("the configuration {} cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The binary has no actions.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// It has errors; each is a line.
    #[error("{0}")]
    Wrong(String),
    /// A secret cannot be read.
    #[error("{what} of {owner}: {reason}")]
    Secret {
        /// `write_key` or `access_token`.
        what: &'static str,
        /// Whose it is.
        owner: String,
        /// Why it cannot be read; never what it says.
        reason: String,
    },
}

/// How the queue of a configuration in `folder` is opened: by the server, and by
/// commands where none runs. Both must keep what the configuration says.
#[must_use]
fn queue_options(server: &ServerConfig, folder: &Path) -> SqliteOptions {
    SqliteOptions::new(folder.join(&server.data_dir))
        .max_bytes(server.max_queue_bytes)
        .max_dead_bytes(server.max_dead_bytes)
        .dead_days(server.dead_days)
        .dedup_days(server.dedup_days)
}

/// Opens the queue of a configuration in `folder`, with the datasets that its
/// destinations have.
///
/// # Errors
///
/// As [`SqliteQueue::open`].
pub async fn open_queue(config: &Config, folder: &Path) -> Result<SqliteQueue, QueueError> {
    let options = queue_options(&config.server, folder);
    let queue = tokio::task::spawn_blocking(move || SqliteQueue::open(options))
        .await
        .map_err(QueueError::from)??;
    for of in &config.destinations {
        let destination = &of.destination;
        queue
            .adopt(&destination.name, &destination.dataset_id)
            .await?;
    }
    Ok(queue)
}

impl Loaded {
    /// Reads and compiles the configuration at `path`. Files that it names are
    /// looked for beside it.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or no action is linked in.
    pub fn read(path: &Path) -> Result<Self, LoadError> {
        let text = std::fs::read_to_string(path).map_err(|source| LoadError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let read_file = |name: &str| {
            std::fs::read_to_string(folder.join(name)).map_err(|error| error.to_string())
        };
        let (config, diagnostics) = Config::read(&text, &Registry::linked()?, &read_file);
        Ok(Self {
            path: path.to_owned(),
            config,
            diagnostics,
        })
    }

    /// The configuration, if it works; its errors otherwise.
    ///
    /// # Errors
    ///
    /// It has errors.
    pub fn into_config(self) -> Result<Config, LoadError> {
        let errors = Report {
            path: &self.path,
            diagnostics: &self.diagnostics,
            warnings: false,
        };
        let errors = errors.to_string();
        self.config
            .ok_or(LoadError::Wrong(errors.trim_end().to_owned()))
    }

    /// Everything that is to be said of it, one line each, as
    /// `file:line:column: error: …`.
    #[must_use]
    pub fn report(&self) -> impl fmt::Display {
        Report {
            path: &self.path,
            diagnostics: &self.diagnostics,
            warnings: true,
        }
    }

    /// Its warnings, one line each.
    pub fn warnings(&self) -> impl Iterator<Item = String> {
        self.diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Warning)
            .map(|diagnostic| format!("{}:{diagnostic}", self.path.display()))
    }
}

struct Report<'r> {
    path: &'r Path,
    diagnostics: &'r [Diagnostic],
    warnings: bool,
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for diagnostic in self.diagnostics {
            if self.warnings || diagnostic.severity == Severity::Error {
                writeln!(formatter, "{}:{diagnostic}", self.path.display())?;
            }
        }
        Ok(())
    }
}

/// The text of a secret. Paths are relative to `folder`.
///
/// # Errors
///
/// The variable is not set, the file cannot be read, or either is empty.
pub fn secret(
    secret: &Secret,
    what: &'static str,
    owner: &str,
    folder: &Path,
) -> Result<SecretString, LoadError> {
    let failed = |reason: String| LoadError::Secret {
        what,
        owner: owner.to_owned(),
        reason,
    };
    match secret {
        Secret::Value(text) => Ok(text.clone()),
        Secret::Env(name) => match std::env::var(name) {
            Ok(text) if !text.trim().is_empty() => Ok(SecretString::from(text.trim().to_owned())),
            Ok(_) => Err(failed(format!(
                "the environment variable {name} is empty; set it"
            ))),
            Err(_) => Err(failed(format!(
                "the environment variable {name} is not set; set it"
            ))),
        },
        Secret::File(path) => {
            let path = folder.join(path);
            let text = std::fs::read_to_string(&path).map_err(|error| {
                failed(format!(
                    "the file {} cannot be read: {error}",
                    path.display()
                ))
            })?;
            match text.trim() {
                "" => Err(failed(format!("the file {} is empty", path.display()))),
                text => Ok(SecretString::from(text.to_owned())),
            }
        }
    }
}
