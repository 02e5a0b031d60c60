//! The admin API: what [`Admin`] does, over HTTP. Every request needs the token.
//!
//! | route | body | answer |
//! |---|---|---|
//! | `GET /lanes` | | the lanes |
//! | `POST /lanes/resume` | `{"destination": …}` | `{"resumed": true}` |
//! | `GET /queue` | | what the queue holds |
//! | `POST /queue/backup` | `{"file": …}` | `{"file": …}` |
//! | `POST /dead/list` | `{"filter": …, "after": …, "limit": …}` | the letters |
//! | `POST /dead/retry` | `{"filter": …}` | `{"queued": …, "repeats": …, "rejected": …}` |
//! | `POST /dead/edit` | `{"filter": …, "set": ["key=value"]}` | the same |
//! | `POST /dead/purge` | `{"filter": …}` | `{"purged": …}` |
//!
//! Errors are `{"error": …}` with a status that says whose fault it is.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use capi_core::pipeline::Edit;
use capi_transport::{DeadFilter, QueueError};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use subtle::ConstantTimeEq;

use super::Admin;

/// Which dead letters a request is about.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeadRequest {
    /// Those of this filter.
    pub filter: DeadFilter,
    /// Beyond this number; for a list.
    pub after: i64,
    /// So many at most, [`PAGE`] unless told; for a list.
    pub limit: usize,
}

/// So many dead letters stand in a list unless told otherwise.
pub const PAGE: usize = 1_000;

impl Default for DeadRequest {
    fn default() -> Self {
        Self {
            filter: DeadFilter::default(),
            after: 0,
            limit: PAGE,
        }
    }
}

/// What to change of which dead letters.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditRequest {
    /// Those of this filter.
    pub filter: DeadFilter,
    /// Each as [`Edit`] reads it: `custom_data.currency=USD`.
    pub set: Vec<String>,
}

/// Which destination to resume.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ResumeRequest {
    /// Its name.
    pub destination: String,
}

/// Where a copy goes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BackupRequest {
    /// A new file, as an absolute path.
    pub file: PathBuf,
}

/// The routes, for those who know `token`.
pub(crate) fn router(admin: Arc<Admin>, token: SecretString) -> Router {
    Router::new()
        .route("/lanes", get(lanes))
        .route("/lanes/resume", post(resume))
        .route("/queue", get(queue))
        .route("/queue/backup", post(backup))
        .route("/dead/list", post(list))
        .route("/dead/retry", post(retry))
        .route("/dead/edit", post(edit))
        .route("/dead/purge", post(purge))
        .fallback(|| async { error(StatusCode::NOT_FOUND, "there is no such route") })
        .with_state(admin)
        .layer(from_fn_with_state(Arc::new(token), authorized))
}

/// Nothing is answered without the token, not even that a route exists.
async fn authorized(
    State(token): State<Arc<SecretString>>,
    request: axum::extract::Request,
    next: Next,
) -> Response {
    if bears(request.headers(), &token) {
        next.run(request).await
    } else {
        error(
            StatusCode::UNAUTHORIZED,
            "the admin token is missing or wrong",
        )
    }
}

fn bears(headers: &HeaderMap, token: &SecretString) -> bool {
    headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.as_bytes().strip_prefix(b"Bearer "))
        .is_some_and(|given| bool::from(given.ct_eq(token.expose_secret().as_bytes())))
}

async fn lanes(State(admin): State<Arc<Admin>>) -> Response {
    answer(&admin.lanes())
}

async fn resume(State(admin): State<Arc<Admin>>, body: Bytes) -> Response {
    match read::<ResumeRequest>(&body) {
        Ok(request) if admin.resume(&request.destination) => answer(&json!({"resumed": true})),
        Ok(_) => error(StatusCode::NOT_FOUND, "there is no such destination"),
        Err(response) => response,
    }
}

async fn queue(State(admin): State<Arc<Admin>>) -> Response {
    told(admin.queue().await)
}

async fn backup(State(admin): State<Arc<Admin>>, body: Bytes) -> Response {
    match read::<BackupRequest>(&body) {
        Ok(request) => told(admin.backup(&request.file).await.map(|()| request)),
        Err(response) => response,
    }
}

async fn list(State(admin): State<Arc<Admin>>, body: Bytes) -> Response {
    match read::<DeadRequest>(&body) {
        Ok(request) => told(
            admin
                .dead(request.filter, request.after, request.limit)
                .await,
        ),
        Err(response) => response,
    }
}

async fn retry(State(admin): State<Arc<Admin>>, body: Bytes) -> Response {
    match read::<DeadRequest>(&body) {
        Ok(request) => told(to_the_end(async move { admin.retry(request.filter).await }).await),
        Err(response) => response,
    }
}

async fn edit(State(admin): State<Arc<Admin>>, body: Bytes) -> Response {
    let request = match read::<EditRequest>(&body) {
        Ok(request) => request,
        Err(response) => return response,
    };
    let edits: Result<Vec<Edit>, _> = request.set.iter().map(|edit| edit.parse()).collect();
    match edits {
        Ok(edits) => {
            told(to_the_end(async move { admin.edit(request.filter, &edits).await }).await)
        }
        Err(wrong) => error(StatusCode::BAD_REQUEST, &wrong.to_string()),
    }
}

async fn purge(State(admin): State<Arc<Admin>>, body: Bytes) -> Response {
    match read::<DeadRequest>(&body) {
        Ok(request) => told(
            admin
                .purge(request.filter)
                .await
                .map(|purged| json!({"purged": purged})),
        ),
        Err(response) => response,
    }
}

/// Goes on to the end even if who asked has gone away: half of the letters would
/// be left behind without a word.
async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, QueueError>> + Send + 'static,
) -> Result<T, QueueError> {
    tokio::spawn(work)
        .await
        .unwrap_or_else(|error| Err(error.into()))
}

#[expect(
    clippy::result_large_err,
    reason = "the answer is made once, for a person"
)]
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Response> {
    serde_json::from_slice(body).map_err(|wrong| {
        error(
            StatusCode::BAD_REQUEST,
            &format!("the request is wrong: {wrong}"),
        )
    })
}

fn told<T: Serialize>(outcome: Result<T, QueueError>) -> Response {
    match outcome {
        Ok(value) => answer(&value),
        Err(failure) => error(StatusCode::INTERNAL_SERVER_ERROR, &failure.to_string()),
    }
}

fn answer<T: Serialize>(value: &T) -> Response {
    match serde_json::to_vec(value) {
        Ok(text) => ([(header::CONTENT_TYPE, "application/json")], text).into_response(),
        Err(failure) => error(StatusCode::INTERNAL_SERVER_ERROR, &failure.to_string()),
    }
}

fn error(status: StatusCode, message: &str) -> Response {
    let text = json!({"error": message}).to_string();
    (status, [(header::CONTENT_TYPE, "application/json")], text).into_response()
}
