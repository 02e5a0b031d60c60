//! The second step: the subscription's mapping makes the draft.

use super::conversion::{Mapped, Routed};
use crate::event::Json;
use crate::rejection::{Code, Reason, Rejection};

/// Resolves the subscription's mapping against the event.
///
/// # Errors
///
/// A directive gave a value of the wrong kind, such as a path that is no text.
pub fn map(routed: Routed<'_>) -> Result<Mapped<'_>, Rejection> {
    let draft = routed
        .subscription
        .mapping
        .resolve(routed.event.root(), routed.arena)
        .map_err(|error| {
            let field = error.path.trim_start_matches('/').replace('/', ".");
            Rejection::from(Reason::new(Code::MappingFailed, field, error.message))
        })?
        .unwrap_or(Json::Object(&[]));
    Ok(Mapped {
        routed,
        draft,
        warnings: Vec::new(),
    })
}
