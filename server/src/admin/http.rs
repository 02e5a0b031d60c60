//! The server's side of the admin API: what [`Admin`] does, over HTTP. Every request
//! needs the token, but for the one that asks who it would be sent to.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use capi_core::pipeline::Edit;
use capi_transport::QueueError;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use subtle::ConstantTimeEq;

use super::api::{
    self, AdminError, BackupRequest, DeadRequest, EditRequest, Hello, Proof, PurgeQueuedRequest,
    Purged, ReassignRequest, Reassigned, ResumeRequest, Resumed, RetryRequest,
};
use super::endpoint::Secret;
use super::{Admin, GoneError};

/// The routes, for those who know `token`; who has `secret` is proven to everybody.
pub(crate) fn router(admin: Arc<Admin>, token: SecretString, secret: Secret) -> Router {
    let hello = move |body| async move { hello(&secret, &body) };
    Router::new()
        .route(api::CONDITIONS, get(conditions))
        .route(api::LANES, get(lanes))
        .route(api::RESUME, post(resume))
        .route(api::QUEUE, get(queue))
        .route(api::BACKUP, post(backup))
        .route(api::REASSIGN, post(reassign))
        .route(api::PURGE_QUEUED, post(purge_queued))
        .route(api::LIST, post(list))
        .route(api::RETRY, post(retry))
        .route(api::EDIT, post(edit))
        .route(api::PURGE, post(purge))
        .fallback(|| async { error(StatusCode::NOT_FOUND, "no such route exists") })
        .with_state(admin)
        .layer(from_fn_with_state(Arc::new(token), authorized))
        // Behind the layer: only what is before it is guarded. Whoever asks is a
        // stranger, who is not listened to for long.
        .route(
            api::HELLO,
            post(hello).layer(DefaultBodyLimit::max(2 * api::MOST_NONCE)),
        )
}

fn hello(secret: &Secret, body: &Bytes) -> Response {
    match read::<Hello>(body) {
        Ok(Hello { nonce }) if nonce.len() <= api::MOST_NONCE => answer(&Proof {
            proof: secret.proof(&nonce),
        }),
        Ok(_) => error(StatusCode::BAD_REQUEST, "the nonce is too long"),
        Err(response) => response,
    }
}

async fn conditions(State(admin): State<Arc<Admin>>) -> Response {
    answer(&admin.conditions().list())
}

/// Nothing else is answered without the token, not even that a route exists.
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
        Ok(request) if admin.resume(&request.destination) => answer(&Resumed { resumed: true }),
        Ok(_) => error(StatusCode::NOT_FOUND, "no such destination exists"),
        Err(response) => response,
    }
}

async fn queue(State(admin): State<Arc<Admin>>) -> Response {
    respond(admin.queue().await)
}

async fn backup(State(admin): State<Arc<Admin>>, body: Bytes) -> Response {
    match read::<BackupRequest>(&body) {
        Ok(request) => respond(admin.backup(&request.file).await.map(|()| request)),
        Err(response) => response,
    }
}

async fn reassign(State(admin): State<Arc<Admin>>, body: Bytes) -> Response {
    match read::<ReassignRequest>(&body) {
        Ok(ReassignRequest { from, to }) => moved(
            admin
                .reassign(from, to)
                .await
                .map(|reassigned| Reassigned { reassigned }),
        ),
        Err(response) => response,
    }
}

async fn purge_queued(State(admin): State<Arc<Admin>>, body: Bytes) -> Response {
    match read::<PurgeQueuedRequest>(&body) {
        Ok(PurgeQueuedRequest { destination }) => moved(
            admin
                .purge_queued(destination)
                .await
                .map(|purged| Purged { purged }),
        ),
        Err(response) => response,
    }
}

/// What became of the rows of a destination that should be gone.
fn moved<T: Serialize>(outcome: Result<T, GoneError>) -> Response {
    match outcome {
        Ok(value) => answer(&value),
        Err(GoneError::Queue(failure)) => respond(Err::<T, _>(failure)),
        Err(refused) => error(StatusCode::CONFLICT, &refused.to_string()),
    }
}

async fn list(State(admin): State<Arc<Admin>>, body: Bytes) -> Response {
    match read::<DeadRequest>(&body) {
        Ok(request) => respond(
            admin
                .dead(request.filter, request.after, request.limit)
                .await,
        ),
        Err(response) => response,
    }
}

async fn retry(State(admin): State<Arc<Admin>>, body: Bytes) -> Response {
    match read::<RetryRequest>(&body) {
        Ok(RetryRequest { filter, as_new }) => {
            let retry = async move {
                match as_new {
                    true => admin.retry_as_new(filter).await,
                    false => admin.retry(filter).await,
                }
            };
            respond(to_the_end(retry).await)
        }
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
            respond(to_the_end(async move { admin.edit(request.filter, &edits).await }).await)
        }
        Err(wrong) => error(StatusCode::BAD_REQUEST, &wrong.to_string()),
    }
}

async fn purge(State(admin): State<Arc<Admin>>, body: Bytes) -> Response {
    match read::<DeadRequest>(&body) {
        Ok(request) => respond(
            admin
                .purge(request.filter)
                .await
                .map(|purged| Purged { purged }),
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

fn respond<T: Serialize>(outcome: Result<T, QueueError>) -> Response {
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
    let refused = AdminError {
        error: message.to_owned(),
    };
    // A text has a JSON form.
    let text = serde_json::to_vec(&refused).unwrap_or_default();
    (status, [(header::CONTENT_TYPE, "application/json")], text).into_response()
}
