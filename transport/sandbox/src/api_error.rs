//! Why a request is refused: Graph's codes, and the Conversions API's
//! subcodes with their titles.

use std::fmt::Display;

use axum::http::StatusCode;

use crate::path::Path;

/// Everything Meta's error envelope says, except the trace id.
#[derive(Clone, Debug)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    pub(crate) kind: &'static str,
    pub(crate) code: u32,
    pub(crate) subcode: Option<u32>,
    pub(crate) is_transient: bool,
    pub(crate) message: String,
    pub(crate) title: Option<&'static str>,
    pub(crate) user_message: Option<String>,
}

/// One of the endpoint's own reasons to refuse an event; all are code 100.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subcode {
    number: u32,
    title: &'static str,
}

const fn subcode(number: u32, title: &'static str) -> Subcode {
    Subcode { number, title }
}

impl Subcode {
    pub(crate) const CLICK_ID: Self = subcode(2_804_001, "Invalid Click ID or Browser ID");
    pub(crate) const TOO_OLD: Self = subcode(2_804_003, "Event Timestamp Too Old");
    pub(crate) const IN_FUTURE: Self = subcode(2_804_004, "Event Timestamp In The Future");
    pub(crate) const CONTENTS: Self = subcode(2_804_008, "Invalid Contents Parameter");
    pub(crate) const PURCHASE_VALUE: Self = subcode(2_804_009, "Missing Value for Purchase Event");
    pub(crate) const PURCHASE_CURRENCY: Self =
        subcode(2_804_010, "Missing Currency for Purchase Event");
    pub(crate) const CURRENCY: Self = subcode(2_804_011, "Invalid Currency For Purchase Event");
    pub(crate) const NOT_HASHED: Self = subcode(2_804_016, "User Parameter Not Hashed");
    pub(crate) const PARAMETER: Self = subcode(2_804_019, "Server Side Api Parameter Error");
    pub(crate) const VALUE_ALONE: Self = subcode(2_804_023, "Missing Currency for Value");
    pub(crate) const LEAD_ID: Self = subcode(2_804_036, "Invalid Lead ID");
    pub(crate) const EXTINFO: Self = subcode(2_804_043, "Invalid extended device info parameter");
    pub(crate) const TOO_BROAD: Self = subcode(
        2_804_050,
        "You haven't added sufficient customer information parameter data for this event",
    );
    pub(crate) const MESSAGING_CHANNEL: Self = subcode(2_804_063, "Missing Messaging Channel");
    pub(crate) const MESSAGING_ARGUMENT: Self =
        subcode(2_804_064, "Messaging Event Invalid Argument");
    pub(crate) const MESSAGING_NAME: Self =
        subcode(2_804_066, "Messaging Event Invalid Event Type");
    pub(crate) const PAGE_ID: Self = subcode(2_804_069, "Missing Page ID");
    pub(crate) const MESSAGING_USER: Self = subcode(
        2_804_071,
        "Missing Click To WhatsApp ID or Page Scoped User ID",
    );
    pub(crate) const IG_SID: Self = subcode(2_804_075, "Missing Instagram Scoped ID");
    pub(crate) const IG_ACCOUNT: Self = subcode(2_804_079, "Missing IG Account ID");
    pub(crate) const ORDER_CURRENCY: Self =
        subcode(2_804_081, "OrderCreated event currency missing");
    pub(crate) const WHATSAPP_ACCOUNT: Self =
        subcode(2_804_116, "Missing Page ID or WhatsApp Business Account ID");
}

impl ApiError {
    /// A general Graph error.
    pub(crate) fn graph(status: StatusCode, code: u32, message: impl Into<String>) -> Self {
        Self {
            status,
            kind: "OAuthException",
            code,
            subcode: None,
            is_transient: false,
            message: message.into(),
            title: None,
            user_message: None,
        }
    }

    /// A request parameter outside the events: 100 without a subcode.
    pub(crate) fn param(what: impl Display) -> Self {
        Self::graph(StatusCode::BAD_REQUEST, 100, format!("(#100) {what}"))
    }

    /// A path that names no version, or nothing at all.
    pub(crate) fn unknown_path(path: &str) -> Self {
        let message = format!("Unknown path components: {path}");
        Self::graph(StatusCode::BAD_REQUEST, 2500, message)
    }

    /// A version that may not be named any more.
    pub(crate) fn ended(newest: u32) -> Self {
        let message = format!(
            "(#2635) You are calling a deprecated version of the Ads API. Please update to the \
             latest version: v{newest}.0."
        );
        Self::graph(StatusCode::BAD_REQUEST, 2635, message)
    }

    /// An object that is not there for this caller, or cannot do this.
    pub(crate) fn unsupported(method: &str, id: &str) -> Self {
        let message = format!(
            "Unsupported {method} request. Object with ID '{id}' does not exist, cannot be \
             loaded due to missing permissions, or does not support this operation"
        );
        Self {
            kind: "GraphMethodException",
            subcode: Some(33),
            ..Self::graph(StatusCode::BAD_REQUEST, 100, message)
        }
    }

    /// An event the Conversions API refuses, for a reason that names no place.
    pub(crate) fn event(subcode: Subcode, user_message: impl Into<String>) -> Self {
        Self {
            subcode: Some(subcode.number),
            title: Some(subcode.title),
            user_message: Some(user_message.into()),
            ..Self::graph(StatusCode::BAD_REQUEST, 100, "Invalid parameter")
        }
    }

    /// 2804019: something is missing, unknown or of the wrong type. The place
    /// is in `message` too, since clients log that one.
    pub(crate) fn parameter(user_message: impl Into<String>) -> Self {
        let user_message = user_message.into();
        Self {
            message: format!("Invalid parameter: {user_message}"),
            ..Self::event(Subcode::PARAMETER, user_message)
        }
    }

    /// 2804019 for a required key that is not there.
    pub(crate) fn required(path: &Path<'_>) -> Self {
        Self::parameter(format!("The parameter {path} is required"))
    }
}
