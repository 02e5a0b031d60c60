//! An answer that a rule makes up.

use axum::http::header::{CONTENT_TYPE, HeaderMap};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::answer;
use crate::api_error::ApiError;

#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) headers: HeaderMap,
    pub(crate) content: Content,
}

#[derive(Clone, Debug)]
pub(crate) enum Content {
    Envelope(ApiError),
    Success(StatusCode),
    Raw(StatusCode, String),
}

impl Reply {
    /// The response; `received` is what a success claims to have taken.
    pub(crate) fn response(self, received: usize) -> Response {
        let mut response = match self.content {
            Content::Envelope(refusal) => answer::refusal(&refusal),
            Content::Success(status) => answer::success(status, received),
            Content::Raw(status, body) => {
                let kind = if body.trim_start().starts_with('<') {
                    "text/html; charset=UTF-8"
                } else {
                    "application/json; charset=UTF-8"
                };
                (
                    status,
                    [(CONTENT_TYPE, HeaderValue::from_static(kind))],
                    body,
                )
                    .into_response()
            }
        };
        // Replaces ours where both are given, as for a content type.
        response.headers_mut().extend(self.headers);
        response
    }
}
