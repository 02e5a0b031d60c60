//! Meta's envelope of an error, as a rule asks for it.

use axum::http::StatusCode;

use crate::api_error::ApiError;

/// Meta, Graph API error handling and Rate limiting: codes, the status each
/// was seen with, whether it passes by itself, and its text.
const CODES: &[(u32, u16, bool, &str)] = &[
    (1, 500, true, "An unknown error occurred"),
    (2, 503, true, "Service temporarily unavailable"),
    (
        3,
        400,
        false,
        "Application does not have the capability to make this API call.",
    ),
    (4, 429, true, "Application request limit reached"),
    (
        10,
        403,
        false,
        "Application does not have permission for this action",
    ),
    (17, 400, true, "User request limit reached"),
    (32, 400, true, "Page request limit reached"),
    (100, 400, false, "Invalid parameter"),
    (
        190,
        401,
        false,
        "Invalid OAuth access token - Cannot parse access token",
    ),
    (200, 403, false, "Permissions error"),
    (341, 400, true, "Application limit reached"),
    (
        368,
        400,
        false,
        "The action attempted has been deemed abusive or is otherwise disallowed",
    ),
    (
        613,
        400,
        true,
        "Calls to this api have exceeded the rate limit.",
    ),
    (
        803,
        404,
        false,
        "Some of the aliases you requested do not exist",
    ),
    (2500, 400, false, "Unknown path components"),
    (5000, 500, false, "Unknown error"),
    (
        21009,
        400,
        false,
        "The data set upload is temporarily not ready",
    ),
    (
        80000,
        400,
        true,
        "There have been too many calls from this account.",
    ),
    (
        80003,
        400,
        true,
        "There have been too many calls from this account.",
    ),
    (
        80004,
        400,
        true,
        "There have been too many calls to this ad-account.",
    ),
    (
        80014,
        400,
        true,
        "There have been too many calls for the batch uploads to this account.",
    ),
];

/// An envelope from what a rule gives, the code or the status or both.
pub(crate) fn envelope(status: Option<StatusCode>, code: Option<u32>) -> ApiError {
    let code = code.unwrap_or_else(|| code_for(status.unwrap_or(StatusCode::BAD_REQUEST)));
    let (usual, is_transient, text) = match CODES.iter().find(|known| known.0 == code) {
        Some(&(_, usual, is_transient, text)) => (usual, is_transient, text),
        None if (200..300).contains(&code) => (403, false, "Permissions error"),
        None => (400, false, "An error made up by a fault rule"),
    };
    let usual = StatusCode::from_u16(usual).unwrap_or(StatusCode::BAD_REQUEST);
    let message = format!("(#{code}) {text}");
    ApiError {
        is_transient,
        ..ApiError::graph(status.unwrap_or(usual), code, message)
    }
}

fn code_for(status: StatusCode) -> u32 {
    match status.as_u16() {
        401 => 190,
        403 => 200,
        404 => 803,
        429 => 4,
        500 => 1,
        408 | 425 | 501..=599 => 2,
        _ => 100,
    }
}
