//! What is wrong with a list of fault rules.

/// A fault rule that cannot be read; the message names its place in the list
/// and the key, as in `[0].answer.status`.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct FaultError {
    pub(crate) place: String,
    pub(crate) problem: String,
}

impl FaultError {
    pub(crate) fn new(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            problem: problem.into(),
        }
    }
}
