//! Why a conversion is not sent, or is sent with something left out.
//!
//! Every reason has a stable code that scripts may rely on. A reason is data:
//! the code, the field, a sentence that says what to do. It never holds the
//! value that was wrong.

use std::borrow::Cow;

use serde::Serialize;

use crate::RejectedEvent;
pub use crate::code::{Code, Stage};

/// One thing that is wrong with a conversion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The stable code.
    pub code: Code,
    /// The field, as a path of keys: `user_data.email`, `contents[0].id`.
    pub field: Cow<'static, str>,
    /// What is wrong and what to do. Never the value.
    pub message: Cow<'static, str>,
}

impl Reason {
    /// A reason with `code` for `field`.
    pub fn new(
        code: Code,
        field: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            code,
            field: field.into(),
            message: message.into(),
        }
    }
}

/// A conversion that is not sent, with every reason that was found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the conversion is rejected: {}", self.summary())]
pub struct Rejection {
    /// At least one.
    pub reasons: Vec<Reason>,
    /// What was left out, and what Meta may not like beside that.
    pub warnings: Vec<Reason>,
    /// The event as far as it could be made, hashed.
    pub event: Box<RejectedEvent>,
}

impl Rejection {
    fn summary(&self) -> String {
        let codes: Vec<_> = self
            .reasons
            .iter()
            .map(|reason| reason.code.as_str())
            .collect();
        codes.join(", ")
    }
}
