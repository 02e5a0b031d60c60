//! The value and the currency.

use crate::ActionSource;
use crate::pipeline::stages::Scrubbed;
use crate::rejection::{Code, Diagnostic};

/// Meta requires a value and a currency of every Purchase, whichever action made it;
/// an action that has the fields reports their absence itself. Of other events with a
/// value, and of orders made in a conversation, a currency is reported to be required.
pub(super) fn check(
    event_name: &str,
    action_source: ActionSource,
    scrubbed: &Scrubbed<'_>,
    reasons: &mut Vec<Diagnostic>,
) {
    let (draft, action) = (&scrubbed.draft, scrubbed.context.action);
    let has = |key: &str| draft.custom(key).is_some_and(|value| !value.is_null());
    if event_name == "Purchase" {
        for key in ["value", "currency"] {
            if !has(key) {
                reasons.push(Diagnostic::new(
                    Code::MissingField,
                    action.custom_path(key),
                    format!("Meta requires the {key} of a Purchase; map it"),
                ));
            }
        }
        return;
    }
    let is_order = event_name == "OrderCreated" && action_source == ActionSource::BusinessMessaging;
    if (has("value") || is_order) && !has("currency") {
        let message = if is_order {
            "the currency is missing; Meta is reported to refuse such orders; map the currency"
        } else {
            "there is a value but no currency; Meta is reported to refuse such events; map the currency"
        };
        reasons.push(Diagnostic::new(
            Code::ValueWithoutCurrency,
            action.custom_path("currency"),
            message,
        ));
    }
}
