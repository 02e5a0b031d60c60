//! Events from ads that click to Messenger, Instagram or WhatsApp.

use serde_json::Value;

use super::{Fields, present};
use crate::api_error::{ApiError, Subcode};

/// Meta, Conversions API for business messaging: a closed list.
const NAMES: [&str; 14] = [
    "Purchase",
    "LeadSubmitted",
    "InitiateCheckout",
    "AddToCart",
    "ViewContent",
    "OrderCreated",
    "OrderShipped",
    "OrderDelivered",
    "OrderCanceled",
    "OrderReturned",
    "CartAbandoned",
    "QualifiedLead",
    "RatingProvided",
    "ReviewProvided",
];

/// What must not come with a conversation: it has no page, and no browser.
const FORBIDDEN_USER_DATA: [&str; 3] = ["fbc", "client_ip_address", "client_user_agent"];

/// A group of ids of which an event needs one, and the reason when it has none.
type Ids = (&'static [&'static str], Subcode);

const MESSENGER: &[Ids] = &[
    (&["page_id"], Subcode::PAGE_ID),
    (&["page_scoped_user_id"], Subcode::MESSAGING_USER),
];

/// Which of the two accounts is right depends on what the dataset is linked to.
const WHATSAPP: &[Ids] = &[
    (
        &["whatsapp_business_account_id", "page_id"],
        Subcode::WHATSAPP_ACCOUNT,
    ),
    (&["ctwa_clid"], Subcode::MESSAGING_USER),
];

const INSTAGRAM: &[Ids] = &[
    (&["ig_account_id"], Subcode::IG_ACCOUNT),
    (&["ig_sid"], Subcode::IG_SID),
];

pub(crate) fn check(event: &Fields, user: &Fields) -> Result<(), ApiError> {
    let ids = match event.get("messaging_channel").and_then(Value::as_str) {
        Some("messenger") => MESSENGER,
        Some("whatsapp") => WHATSAPP,
        Some("instagram") => INSTAGRAM,
        _ => {
            let message = "The messaging_channel parameter must be messenger, whatsapp or \
                           instagram.";
            return Err(ApiError::event(Subcode::MESSAGING_CHANNEL, message));
        }
    };
    let forbidden = present(event, "event_source_url")
        .map(|_| "event_source_url")
        .or_else(|| {
            FORBIDDEN_USER_DATA
                .into_iter()
                .find(|key| present(user, key).is_some())
        });
    if let Some(key) = forbidden {
        let message = format!("The {key} parameter can't be used with messaging events.");
        return Err(ApiError::event(Subcode::MESSAGING_ARGUMENT, message));
    }
    if !event
        .get("event_name")
        .and_then(Value::as_str)
        .is_some_and(|name| NAMES.contains(&name))
    {
        let message = format!("Messaging events must be one of {}.", NAMES.join(", "));
        return Err(ApiError::event(Subcode::MESSAGING_NAME, message));
    }
    for (keys, subcode) in ids {
        if keys.iter().all(|key| present(user, key).is_none()) {
            let message = format!("The user_data is missing {}.", keys.join(" or "));
            return Err(ApiError::event(*subcode, message));
        }
    }
    Ok(())
}
