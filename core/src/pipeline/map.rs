//! The second step: the subscription's mapping makes the draft.

use super::findings::Findings;
use super::stages::{MOST_VALUES, Mapped, Routed, Setting, Sources};
use crate::rejection::{Code, Reason};

/// Resolves the subscription's mapping against the event. A field whose
/// directive gave a value of the wrong kind, such as a path that is no text, is
/// left out, and why the conversion is then rejected is noted.
#[must_use]
pub fn map(routed: Routed<'_>) -> Mapped<'_> {
    let Routed {
        event,
        destination,
        subscription,
        now,
        arena,
    } = routed;
    let mut findings = Findings::default();
    let draft = subscription
        .mapping
        .resolve_each(event.root(), arena, &mut |error| {
            let field = error.path.trim_start_matches('/').replace('/', ".");
            let reason = Reason::new(Code::MappingFailed, field, error.message);
            findings.reject(reason);
        });
    Mapped {
        setting: Setting {
            destination,
            action: subscription.action,
            click_id_from: subscription.click_id_from_url.then_some(event),
            sources: Some(Sources {
                mapping: &subscription.mapping,
                event,
            }),
            most_values: MOST_VALUES,
            now,
            arena,
        },
        draft,
        findings,
    }
}
