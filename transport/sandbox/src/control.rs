//! `/_sandbox/…`: what came in, what was counted, and which faults to play.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, put};
use futures_util::stream;
use serde_json::json;

use crate::answer::json_response;
use crate::faults::FaultRule;
use crate::sandbox::Sandbox;

/// Ledger lines rendered under one hold of the lock.
const LINES_A_CHUNK: usize = 256;

pub(crate) fn routes() -> Router<Sandbox> {
    Router::new()
        .route("/_sandbox/events", get(events))
        .route("/_sandbox/stats", get(stats))
        .route("/_sandbox/faults", put(faults))
        .route("/_sandbox", any(unknown))
        .route("/_sandbox/{*rest}", any(unknown))
}

/// Streams the ledger as it was when the request came, so that a long run's
/// events are never in memory twice.
async fn events(State(sandbox): State<Sandbox>) -> Response {
    let end = sandbox.state().ledger.len();
    let chunks = stream::unfold(0, move |start| {
        let chunk = (start < end).then(|| {
            let next = (start + LINES_A_CHUNK).min(end);
            let mut lines = String::new();
            sandbox.state().ledger.write_lines(start..next, &mut lines);
            (Ok::<_, std::convert::Infallible>(lines), next)
        });
        std::future::ready(chunk)
    });
    let ndjson = HeaderValue::from_static("application/x-ndjson");
    ([(CONTENT_TYPE, ndjson)], Body::from_stream(chunks)).into_response()
}

async fn stats(State(sandbox): State<Sandbox>) -> Response {
    json_response(StatusCode::OK, &sandbox.stats())
}

async fn faults(State(sandbox): State<Sandbox>, body: Bytes) -> Response {
    match FaultRule::parse_list(&body) {
        Ok(rules) => {
            let count = rules.len();
            sandbox.set_faults(rules);
            json_response(StatusCode::OK, &json!({ "rules": count }))
        }
        Err(error) => json_response(
            StatusCode::BAD_REQUEST,
            &json!({ "error": error.to_string() }),
        ),
    }
}

async fn unknown() -> Response {
    let error = "no such control; there are /_sandbox/events, /_sandbox/stats, /_sandbox/faults";
    json_response(StatusCode::NOT_FOUND, &json!({ "error": error }))
}
