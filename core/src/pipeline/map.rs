//! The second step: the subscription's mapping makes the draft.

use super::diagnostics::Diagnostics;
use super::event_id;
use super::stages::{Context, MOST_VALUES, Mapped, Routed, Sources};
use crate::Spec;
use crate::json::Json;
use crate::rejection::{Code, Diagnostic};

/// Resolves the subscription's mapping against the event. A field whose
/// directive gave a value of the wrong kind, such as a path that is not text, is
/// left out. That is a warning; where the field is required, or limits what Meta may do
/// with a person's data, the conversion is then rejected.
#[must_use]
pub fn map(routed: Routed<'_>) -> Mapped<'_> {
    let Routed {
        event,
        destination,
        subscription,
        now,
        arena,
    } = routed;
    let mut findings = Diagnostics::default();
    let draft = subscription
        .mapping
        .resolve_each(event.root(), arena, &mut |error| {
            let field = error.path.trim_start_matches('/').replace('/', ".");
            let is_left_out = is_optional(subscription.action, &field);
            let reason = Diagnostic::new(Code::MappingFailed, field, error.message);
            if is_left_out {
                findings.warn(Diagnostic {
                    message: format!("{}; it is left out", reason.message).into(),
                    ..reason
                });
            } else {
                findings.reject(reason);
            }
        });
    let draft = event_id::settle(draft, event, arena, &mut findings);
    Mapped {
        context: Context {
            destination,
            action: subscription.action,
            source_event: event.root().get("event").and_then(Json::as_str),
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

/// Whether a conversion of `action` is worth sending without what is under `path` of
/// its mapping. Without the whole mapping it is not.
fn is_optional(action: &Spec, path: &str) -> bool {
    let mut keys = path.split('.');
    let first = keys.next().unwrap_or_default();
    let Some(field) = action.all_fields().find(|field| field.answers_to(first)) else {
        return !first.is_empty() && !first.starts_with('@');
    };
    let part = keys.next().and_then(|key| field.property(key));
    match part {
        Some(part) => !(part.limits_use() || (part.required && field.required)),
        None => !(field.limits_use() || field.required),
    }
}
