//! Which of what the checks found rejects an event.
//!
//! A check says what it found and knows nothing of strictness: the confidence of
//! the code and the destination's `strict` decide here. A new rule of this step
//! needs no more than a code and a reason.

use crate::pipeline::stages::Scrubbed;
use crate::rejection::Diagnostic;

/// Makes a warning of every reason whose rule is only reported, unless the
/// destination is strict about those too.
pub(super) fn settle(reasons: &mut Vec<Diagnostic>, scrubbed: &mut Scrubbed<'_>) {
    let strict = scrubbed.context.destination.strict;
    let lenient = reasons.extract_if(.., |reason| !strict.enforces(reason.code));
    for warning in lenient {
        scrubbed.findings.warn(warning);
    }
}
