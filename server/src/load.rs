//! Reading a configuration from disk, with what it refers to.

use std::env::VarError;
use std::fmt;
use std::path::{Path, PathBuf};

use capi_core::config::{Config, ConfigDiagnostic, Secret, Severity};
use capi_core::{Registry, RegistryError};
use capi_transport::{QueueError, SqliteOptions, SqliteQueue};
use jiff::Timestamp;
use secrecy::SecretString;

/// A configuration file that was read, and what is to be said of it.
pub struct Loaded {
    /// The file.
    pub path: PathBuf,
    /// What it says, if it has no errors.
    pub config: Option<Config>,
    /// Its errors and warnings, in the order of their places.
    pub diagnostics: Vec<ConfigDiagnostic>,
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

/// A configuration without errors, and the file that it is in.
pub struct Usable {
    /// The file. Paths in it are relative to its folder.
    pub path: PathBuf,
    /// What it says.
    pub config: Config,
}

impl Usable {
    /// The folder of the queue, and of what a running server tells commands.
    #[must_use]
    pub fn data_dir(&self) -> PathBuf {
        folder(&self.path).join(&self.config.server.data_dir)
    }

    /// Opens its queue. Nothing that waits in it is touched:
    /// [`Checks::rebind_dataset`](crate::admin::repair::Checks::rebind_dataset) does that.
    ///
    /// # Errors
    ///
    /// As [`SqliteQueue::open`].
    pub async fn open_queue(&self) -> Result<SqliteQueue, QueueError> {
        let options = self.queue_options();
        tokio::task::spawn_blocking(move || SqliteQueue::open(options))
            .await
            .map_err(QueueError::from)?
    }

    /// How the queue is opened: by the server, and by commands where none runs. Both
    /// must keep what the configuration says.
    fn queue_options(&self) -> SqliteOptions {
        let server = &self.config.server;
        SqliteOptions::new(self.data_dir())
            .max_bytes(server.max_queue_bytes)
            .max_dead_bytes(server.max_dead_bytes)
            .dead_days(server.dead_days)
            .dedup_days(server.dedup_days)
    }

    /// The text of a secret: of `what`, which is `owner`'s.
    ///
    /// # Errors
    ///
    /// The variable is not set, the file cannot be read, or either is empty.
    pub fn secret(
        &self,
        secret: &Secret,
        what: &'static str,
        owner: &str,
    ) -> Result<SecretString, LoadError> {
        read_secret(secret, folder(&self.path)).map_err(|reason| LoadError::Secret {
            what,
            owner: owner.to_owned(),
            reason,
        })
    }
}

/// The folder that the paths in the configuration at `path` start from.
fn folder(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("."))
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
        let folder = folder(path);
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

    /// With what is to be said because it is `now`, as [`Config::aged`] says.
    #[must_use]
    pub fn at(mut self, now: Timestamp) -> Self {
        if let Some(config) = &self.config {
            self.diagnostics.extend(config.aged(now));
            self.diagnostics
                .sort_by_key(|diagnostic| (diagnostic.line, diagnostic.column));
        }
        self
    }

    /// The configuration, if it works; its errors otherwise.
    ///
    /// # Errors
    ///
    /// It has errors.
    pub fn into_usable(self) -> Result<Usable, LoadError> {
        let errors = Report {
            path: &self.path,
            diagnostics: &self.diagnostics,
            warnings: false,
        };
        let errors = errors.to_string();
        match self.config {
            Some(config) => Ok(Usable {
                path: self.path,
                config,
            }),
            None => Err(LoadError::Wrong(errors.trim_end().to_owned())),
        }
    }

    /// As [`Self::into_usable`], for those who need no file that it names.
    ///
    /// # Errors
    ///
    /// It has errors.
    pub fn into_config(self) -> Result<Config, LoadError> {
        self.into_usable().map(|usable| usable.config)
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
    diagnostics: &'r [ConfigDiagnostic],
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

/// What a configuration lacks that other commands do without, and a server does not.
#[must_use]
pub fn lacks_to_serve(config: &Config) -> Vec<String> {
    let no_source = config.sources.is_empty().then(|| NO_SOURCE.to_owned());
    let destinations = config.destinations.iter();
    let no_token = destinations
        .filter(|of| of.access_token.is_none())
        .map(|of| no_access_token(&of.destination.name));
    no_source.into_iter().chain(no_token).collect()
}

pub(crate) const NO_SOURCE: &str =
    "there is no [[source]], so nobody may send; write one with `name` and `write_key`";

pub(crate) fn no_access_token(destination: &str) -> String {
    format!(
        "the destination {destination:?} needs `access_token` to send; write a text, {{ env = \"NAME\" }} or {{ file = \"PATH\" }}"
    )
}

/// The text of a secret, or why there is none; never what it says.
fn read_secret(secret: &Secret, folder: &Path) -> Result<SecretString, String> {
    match secret {
        Secret::Value(text) => Ok(text.clone()),
        Secret::Env(name) => match std::env::var(name) {
            Ok(text) if !text.trim().is_empty() => Ok(SecretString::from(text.trim().to_owned())),
            Ok(_) => Err(format!("the environment variable {name} is empty; set it")),
            Err(VarError::NotPresent) => Err(format!(
                "the environment variable {name} is not set; set it"
            )),
            Err(VarError::NotUnicode(_)) => Err(format!(
                "the environment variable {name} is not UTF-8; set it to the secret's text"
            )),
        },
        Secret::File(path) => {
            let path = folder.join(path);
            let text = std::fs::read_to_string(&path)
                .map_err(|error| format!("the file {} cannot be read: {error}", path.display()))?;
            match text.trim() {
                "" => Err(format!("the file {} is empty", path.display())),
                text => Ok(SecretString::from(text.to_owned())),
            }
        }
    }
}
