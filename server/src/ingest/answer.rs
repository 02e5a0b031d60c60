//! What a client is answered.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::calls::{BATCHES, CALLS};
use crate::engine::Rejected;

/// What a client is told whose request was taken.
#[derive(Serialize)]
pub(super) struct Taken {
    success: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rejected: Vec<Rejected>,
    /// How many more reasons there are than `rejected` names.
    #[serde(skip_serializing_if = "is_none")]
    unlisted: usize,
}

const fn is_none(count: &usize) -> bool {
    *count == 0
}

impl Taken {
    pub(super) const fn new(rejected: Vec<Rejected>, unlisted: usize) -> Self {
        Self {
            success: true,
            rejected,
            unlisted,
        }
    }
}

impl IntoResponse for Taken {
    fn into_response(self) -> Response {
        json(StatusCode::OK, &self)
    }
}

/// Why a request was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// The body is no JSON, or not the JSON of this route.
    Malformed(String),
    /// There is no write key, or an unknown one.
    Unauthorized,
    /// No such route.
    NoRoute,
    /// The route takes `POST` only.
    NotPost,
    /// The body took too long.
    Slow,
    /// The body is too large.
    TooLarge(usize),
    /// What a batch says of all its events is too large for one.
    PartTooLarge(&'static str, usize),
    /// The body is compressed in a way that we do not read.
    Encoding,
    /// The queue cannot take it now.
    Unavailable,
}

/// How long a client whose events cannot be taken now is asked to wait.
const RETRY_AFTER_SECONDS: &str = "5";

impl Refused {
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
                format!("the body has more than {limit} bytes; send less at once"),
            ),
            Self::PartTooLarge(part, limit) => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "body_too_large",
                format!(
                    "`{part}` of the batch has more than {limit} bytes, and it counts for each of its events; send less of it"
                ),
            ),
            Self::Encoding => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unknown_encoding",
                "the body's Content-Encoding is not known; send it plain or as gzip".into(),
            ),
            Self::Unavailable => (
                StatusCode::SERVICE_UNAVAILABLE,
                "queue_unavailable",
                "the events cannot be stored now and were not taken; send them again later".into(),
            ),
        }
    }
}

fn no_such_route() -> String {
    let calls: Vec<&str> = CALLS.iter().map(|(_, path, _)| *path).collect();
    format!(
        "there is no such route; send events to {} or {}",
        calls.join(", "),
        BATCHES[0]
    )
}

impl IntoResponse for Refused {
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
            Self::Unavailable => {
                headers.insert(
                    header::RETRY_AFTER,
                    HeaderValue::from_static(RETRY_AFTER_SECONDS),
                );
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
