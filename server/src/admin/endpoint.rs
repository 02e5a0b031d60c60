//! How a command finds a running server: its admin address and token, in a file
//! of the data folder that only its owner can read.

use std::fs;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// The file's name in the data folder.
const FILE: &str = "admin.json";

/// Where a running server is asked, and what it asks for.
#[derive(Serialize, Deserialize)]
pub struct Endpoint {
    /// The address of its admin listener.
    pub address: SocketAddr,
    /// Its token.
    pub token: String,
}

/// The file of a running server. It is gone when this is dropped.
pub struct Published(PathBuf);

impl Endpoint {
    /// What a running server wrote, if one seems to run: after a crash the file
    /// is still there.
    ///
    /// # Errors
    ///
    /// The file is there and cannot be read.
    pub fn find(data_dir: &Path) -> io::Result<Option<Self>> {
        match fs::read(data_dir.join(FILE)) {
            Ok(text) => Ok(serde_json::from_slice(&text).ok()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes it for those who may read the data folder.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn publish(&self, data_dir: &Path) -> io::Result<Published> {
        let file = data_dir.join(FILE);
        // Anew, so that it is never somebody else's file with another mode.
        if let Err(error) = fs::remove_file(&file)
            && error.kind() != io::ErrorKind::NotFound
        {
            return Err(error);
        }
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut out = options.open(&file)?;
        out.write_all(&serde_json::to_vec(self)?)?;
        Ok(Published(file))
    }
}

impl Drop for Published {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.0) {
            tracing::debug!(%error, "The admin file could not be removed.");
        }
    }
}

/// A new token that nobody can guess: 244 random bits.
#[must_use]
pub fn new_token() -> SecretString {
    let [one, other] = [(); 2].map(|()| uuid::Uuid::new_v4().simple());
    SecretString::from(format!("{one}{other}"))
}
