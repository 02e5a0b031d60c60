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
///
/// ```
/// use capi_core::rejection::{Code, Diagnostic};
///
/// let reason = Diagnostic::new(
///     Code::EventTooLarge,
///     "",
///     "the event has 40000 bytes and may have 32768; send less",
/// );
/// assert_eq!(
///     serde_json::to_string(&reason)?,
///     r#"{"code":"event_too_large","field":"","message":"the event has 40000 bytes and may have 32768; send less"}"#,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// The stable code.
    pub code: Code,
    /// The field, as a path of keys: `user_data.email`, `contents[0].id`.
    pub field: Cow<'static, str>,
    /// What is wrong and what to do. Never the value.
    pub message: Cow<'static, str>,
}

impl Diagnostic {
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
///
/// ```
/// # mod shop { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/shop.rs")); }
/// // `shop` has a destination that takes completed orders, and such an order.
/// # use capi_core::event::Arena;
/// use capi_core::pipeline::{convert, pipeline, route};
/// use capi_core::rejection::Code;
///
/// # let now: jiff::Timestamp = "2026-11-28T12:00:05Z".parse()?;
/// # let arena = Arena::new();
/// # let destinations = [shop::destination()?];
/// // An order whose `total` is `"lots"`.
/// let event = shop::order(&arena, r#""lots""#)?;
/// let mut routed = route(&destinations, event, None, now, &arena);
/// let routed = routed.next().ok_or("not taken")?;
/// let rejection = convert(&mut pipeline(), routed).unwrap_err();
/// assert_eq!(rejection.to_string(), "the conversion is rejected: invalid_type");
/// assert_eq!(rejection.reasons[0].code, Code::InvalidType);
/// assert_eq!(rejection.reasons[0].field, "value");
/// assert!(!rejection.reasons[0].message.contains("lots"));
/// // What could be made of it, for whoever repairs it.
/// assert_eq!(rejection.event.event_id(), Some("order-17"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the conversion is rejected: {}", self.summary())]
pub struct Rejection {
    /// At least one.
    pub reasons: Vec<Diagnostic>,
    /// What was left out, and what Meta may not like beside that.
    pub warnings: Vec<Diagnostic>,
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
