//! The bodies that go back: success, Meta's error envelope, and plain JSON.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::api_error::ApiError;

/// Meta, Ads Pixel events: the fields of a 200.
#[derive(Serialize)]
struct Success {
    events_received: usize,
    messages: [&'static str; 0],
    fbtrace_id: String,
}

#[derive(Serialize)]
struct Envelope<'a> {
    error: ErrorObject<'a>,
}

/// Meta, Graph API error handling. Meta leaves out what it has nothing to say
/// for, and so does this.
#[derive(Serialize)]
struct ErrorObject<'a> {
    message: &'a str,
    r#type: &'a str,
    code: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_subcode: Option<u32>,
    is_transient: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_user_title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_user_msg: Option<&'a str>,
    fbtrace_id: String,
}

pub(crate) fn success(status: StatusCode, events_received: usize) -> Response {
    let body = Success {
        events_received,
        messages: [],
        fbtrace_id: trace_id(),
    };
    json_response(status, &body)
}

pub(crate) fn refusal(refusal: &ApiError) -> Response {
    let error = ErrorObject {
        message: &refusal.message,
        r#type: refusal.kind,
        code: refusal.code,
        error_subcode: refusal.subcode,
        is_transient: refusal.is_transient,
        error_user_title: refusal.title,
        error_user_msg: refusal.user_message.as_deref(),
        fbtrace_id: trace_id(),
    };
    json_response(refusal.status, &Envelope { error })
}

pub(crate) fn json_response(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(body) => {
            let json = HeaderValue::from_static("application/json; charset=UTF-8");
            (status, [(CONTENT_TYPE, json)], body).into_response()
        }
        // Not reached: these bodies have string keys and finite numbers only.
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// A trace id in Meta's form, `A` and 22 URL-safe characters, different for
/// each answer of a process.
fn trace_id() -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    static SEED: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    static NEXT: AtomicU64 = AtomicU64::new(0);

    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let mut bits = u128::from(SEED.hash_one(number)) << 64 | u128::from(number);
    let mut id = String::with_capacity(23);
    id.push('A');
    for _ in 0..22 {
        id.push(char::from(ALPHABET[(bits & 63) as usize]));
        bits >>= 6;
    }
    id
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn trace_ids_differ() {
        let ids: HashSet<String> = (0..1000).map(|_| trace_id()).collect();
        assert_eq!(ids.len(), 1000);
        assert!(ids.iter().all(|id| id.len() == 23 && id.starts_with('A')));
    }
}
