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

/// Whether `name` can be an environment variable's.
pub(super) fn is_variable(name: &str) -> bool {
    let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !name.starts_with(|first: char| first.is_ascii_digit()) && name.bytes().all(is_of_name)
}

/// Whether a text can only be a secret that is in the wrong place: one that is as
/// long and as mixed as a token. Such a text is in no message.
pub(super) fn looks_secret(text: &str) -> bool {
    let has = |is: fn(&u8) -> bool| text.bytes().any(|byte| is(&byte));
    let is_of_token = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'|');
    let is_mixed = has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase);
    let is_long = text.len() >= 20 && text.bytes().all(is_of_token);
    // Meta's begin so.
    let is_metas = text.starts_with("EAA") && text.bytes().all(is_of_token);
    is_mixed && (is_metas || is_long && has(u8::is_ascii_digit))
}
