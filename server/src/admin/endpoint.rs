//! How a command finds a running server: its admin address and token, in a file
//! of the data folder that only its owner can read.

use std::fs;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// The file's name in the data folder.
const FILE: &str = "admin.json";

/// Where a running server is asked, and what it asks for.
#[derive(Serialize, Deserialize)]
pub struct Endpoint {
    /// The address of its admin listener.
    pub address: SocketAddr,
    /// Its token.
    pub token: String,
    /// By which it proves that it wrote this.
    pub secret: Secret,
}

/// What only one run of a server knows, and who can read its data folder. After a crash
/// anything may listen on the address that is left behind: it gets the token only with a
/// proof that it has this.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// One that nobody can guess.
    #[must_use]
    pub fn random() -> Self {
        Self(random())
    }

    /// The proof for a text that somebody makes up: its HMAC-SHA256 in base64.
    #[must_use]
    pub fn proof(&self, nonce: &str) -> String {
        self.mac(nonce).map_or_else(String::new, |mac| {
            STANDARD.encode(mac.finalize().into_bytes())
        })
    }

    /// Whether `proof` is the one for this text. Compares in constant time.
    #[must_use]
    pub fn proves(&self, nonce: &str, proof: &str) -> bool {
        let proof = STANDARD.decode(proof).ok();
        self.mac(nonce)
            .zip(proof)
            .is_some_and(|(mac, proof)| mac.verify_slice(&proof).is_ok())
    }

    /// There is always one: a key of HMAC may have any length.
    fn mac(&self, nonce: &str) -> Option<Hmac<Sha256>> {
        let mac = Hmac::<Sha256>::new_from_slice(self.0.as_bytes()).ok()?;
        Some(mac.chain_update(nonce))
    }
}

/// The file of a running server. It is gone when this is dropped.
pub struct Published(PathBuf);

impl Endpoint {
    /// What a running server wrote, if one seems to run: after a crash the file
    /// is still there. One that another version wrote is none.
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

/// A new token that nobody can guess.
#[must_use]
pub fn new_token() -> SecretString {
    SecretString::from(random())
}

/// A text that nobody can guess: 244 random bits.
#[must_use]
pub fn random() -> String {
    let [one, other] = [(); 2].map(|()| uuid::Uuid::new_v4().simple());
    format!("{one}{other}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 2.
    #[test]
    fn a_proof_is_an_hmac_and_only_of_its_text_and_secret() {
        let secret = Secret("Jefe".to_owned());
        let text = "what do ya want for nothing?";
        let proof = secret.proof(text);
        assert_eq!(proof, "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
        assert!(secret.proves(text, &proof));
        let cut = &proof[..8];
        for wrong in ["", "x", cut] {
            assert!(!secret.proves(text, wrong), "{wrong}");
        }
        assert!(!secret.proves("something else", &proof));
        assert!(!Secret::random().proves(text, &proof));
    }
}
