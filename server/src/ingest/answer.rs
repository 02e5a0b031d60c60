//! What a client is answered.

use std::ops::RangeInclusive;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::calls::{BATCHES, CALLS};
use crate::intake::{IntakeError, Receipt, RejectionEntry};

/// The answer to a request that was accepted.
#[derive(Serialize)]
pub(super) struct Accepted {
    success: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rejected: Vec<RejectionEntry>,
    /// How many more reasons there are than `rejected` names.
    #[serde(skip_serializing_if = "is_none")]
    unlisted: usize,
}

const fn is_none(count: &usize) -> bool {
    *count == 0
}

impl Accepted {
    pub(super) fn new(receipt: Receipt) -> Self {
        Self {
            success: true,
            rejected: receipt.rejected,
            unlisted: receipt.unlisted,
        }
    }
}

impl IntoResponse for Accepted {
    fn into_response(self) -> Response {
        json(StatusCode::OK, &self)
    }
}

/// Why a request was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HttpError {
    /// The body is not JSON, or not the JSON of this route.
    Malformed(String),
    /// The write key is missing or unknown.
    Unauthorized,
    /// No such route.
    NoRoute,
    /// The route takes `POST` only.
    NotPost,
    /// The body took too long.
    Slow,
    /// The body is too large.
    TooLarge(usize),
    /// The body is compressed in a way that we do not read.
    Encoding,
    /// The head can be read in more than one way.
    Ambiguous(&'static str),
    /// The intake does not take it.
    Intake(IntakeError),
}

/// How long a client whose events cannot be taken now is asked to wait, in seconds: not
/// not all of them equally long, or all would return simultaneously.
const RETRY_AFTER_SECONDS: RangeInclusive<u8> = 2..=10;

impl From<IntakeError> for HttpError {
    fn from(refusal: IntakeError) -> Self {
        Self::Intake(refusal)
    }
}

/// The status, the code and the sentence of what the intake refuses.
fn of_intake(refusal: &IntakeError) -> (StatusCode, &'static str, String) {
    match refusal {
        IntakeError::Unavailable(why) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "queue_unavailable",
            format!("the events cannot be stored now and were not taken ({why}); send them again later"),
        ),
        IntakeError::Busy => (
            StatusCode::SERVICE_UNAVAILABLE,
            "server_busy",
            "requests hold as much memory as they may, and the events were not taken; send them again later".into(),
        ),
        IntakeError::OverShare => (
            StatusCode::TOO_MANY_REQUESTS,
            "source_busy",
            "requests of this source hold more than their share of the memory while others wait, and the events were not taken; send less in one request, and these again later".into(),
        ),
        IntakeError::SharedTooLarge { part, limit } => (
            StatusCode::PAYLOAD_TOO_LARGE,
            "body_too_large",
            format!(
                "`{part}` of the batch has more than {limit} bytes, and it counts for each of its events; send less of it"
            ),
        ),
        IntakeError::ExpandedTooLarge { part, bytes, limit } => {
            let what = part.map_or_else(
                || "the batch".to_owned(),
                |part| format!("the batch, with its shared `{part}` counted for each of its events,"),
            );
            (
                StatusCode::PAYLOAD_TOO_LARGE,
                "expanded_too_large",
                format!("{what} comes to {bytes} bytes and may come to {limit} (`max_expanded_bytes`); send fewer events in one request, or share less among them"),
            )
        }
    }
}

impl HttpError {
    fn parts(&self) -> (StatusCode, &'static str, String) {
        match self {
            Self::Malformed(why) => (StatusCode::BAD_REQUEST, "malformed_body", why.clone()),
            Self::Unauthorized => (
                StatusCode::UNAUTHORIZED,
                "unknown_write_key",
                "the write key is missing or unknown; send it as the user name of basic authentication, or as writeKey in the body".into(),
            ),
            Self::NoRoute => (
                StatusCode::NOT_FOUND,
                "no_such_route",
                no_such_route(),
            ),
            Self::NotPost => (
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "this route takes POST only".into(),
            ),
            Self::Slow => (
                StatusCode::REQUEST_TIMEOUT,
                "body_too_slow",
                "the body did not come in time; send it again".into(),
            ),
            Self::TooLarge(limit) => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "body_too_large",
                format!("the body has more than {limit} bytes; send less in one request"),
            ),
            Self::Encoding => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unknown_encoding",
                "the body's Content-Encoding is not known; send it plain or as gzip".into(),
            ),
            Self::Ambiguous(why) => (
                StatusCode::BAD_REQUEST,
                "ambiguous_head",
                (*why).into(),
            ),
            Self::Intake(refusal) => of_intake(refusal),
        }
    }
}

fn no_such_route() -> String {
    let calls: Vec<&str> = CALLS.iter().map(|(_, path, _)| *path).collect();
    format!(
        "no such route exists; send events to {} or {}",
        calls.join(", "),
        BATCHES[0]
    )
}

impl IntoResponse for HttpError {
    fn into_response(self) -> Response {
        #[derive(Serialize)]
        struct Body {
            success: bool,
            code: &'static str,
            message: String,
        }
        let (status, code, message) = self.parts();
        let mut response = json(
            status,
            &Body {
                success: false,
                code,
                message,
            },
        );
        let headers = response.headers_mut();
        match self {
            Self::Intake(
                IntakeError::Unavailable(_) | IntakeError::Busy | IntakeError::OverShare,
            ) => {
                let seconds = fastrand::u8(RETRY_AFTER_SECONDS);
                headers.insert(header::RETRY_AFTER, u16::from(seconds).into());
            }
            Self::Ambiguous(_) => {
                headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            Self::Unauthorized => {
                let basic = HeaderValue::from_static("Basic realm=\"write key\"");
                headers.insert(header::WWW_AUTHENTICATE, basic);
            }
            Self::NotPost => {
                headers.insert(header::ALLOW, HeaderValue::from_static("POST"));
            }
            _ => {}
        }
        response
    }
}

fn json(status: StatusCode, body: &impl Serialize) -> Response {
    // What is written here are our own types: they have a JSON form.
    let body = serde_json::to_vec(body).unwrap_or_default();
    let kind = HeaderValue::from_static("application/json");
    (status, [(header::CONTENT_TYPE, kind)], body).into_response()
}
