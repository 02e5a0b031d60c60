//! Names that are nearly Meta's.

use crate::json::Json;
use crate::pipeline::stages::Scrubbed;
use crate::standard_event::{nearly, warning};

/// Warns of a custom event that differs in its spelling only from one of Meta's: no
/// campaign that optimizes for Meta's counts it. A stage of a CRM may be called anything.
pub(super) fn check(event_name: &str, scrubbed: &mut Scrubbed<'_>) {
    if scrubbed.context.action.event_name.is_some() {
        return;
    }
    let Some(standard) = nearly(event_name) else {
        return;
    };
    let is_of_crm = scrubbed.draft.custom("event_source") == Some(Json::Str("crm"));
    if !is_of_crm {
        scrubbed
            .findings
            .warn(warning(standard, "and is sent as a custom event"));
    }
}
