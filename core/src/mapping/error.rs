//! What is wrong with a mapping, when it is loaded or when it is resolved.

use std::fmt;

/// A fault of a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingError {
    /// Where, as a JSON pointer into the mapping: `/user_data/email/@path`;
    /// `/` is the mapping itself.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What was probably meant: `@path` for `@paht`.
    pub suggestion: Option<String>,
}

impl fmt::Display for MappingError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            message,
            suggestion,
        } = self;
        write!(formatter, "{path}: {message}")?;
        match suggestion {
            Some(suggestion) => write!(formatter, "; did you mean `{suggestion}`?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for MappingError {}

/// A mapping that cannot be resolved against an event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message}")]
pub struct ResolveError {
    /// Where, as a JSON pointer into the mapping.
    pub path: String,
    /// What is wrong; it names kinds of values, never a value.
    pub message: String,
}
