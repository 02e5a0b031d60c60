//! A secret as it is written: in the file, or where it is to be read.

use secrecy::SecretString;

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
