//! A secret as it is written: in the file, or where it is to be read.

use secrecy::{ExposeSecret, SecretString};

/// Where a secret comes from. It is read by whoever runs the configuration,
/// not by core, and printed by nobody.
#[derive(Clone, Debug)]
pub enum Secret {
    /// Written in the configuration itself.
    Value(SecretString),
    /// The name of an environment variable.
    Env(String),
    /// The path of a file; the white space around its text does not count.
    File(String),
}

impl Secret {
    /// Whether both are written the same: one text, one variable, one file.
    /// What is read from two places may still be one secret.
    #[must_use]
    pub(crate) fn is_same_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Value(one), Self::Value(other)) => one.expose_secret() == other.expose_secret(),
            (Self::Env(one), Self::Env(other)) | (Self::File(one), Self::File(other)) => {
                one == other
            }
            _ => false,
        }
    }
}
