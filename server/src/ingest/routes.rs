//! The routes of the tracking API.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::Request;
use axum::http::header::RETRY_AFTER;
use axum::routing::post;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowHeaders, AllowMethods, Any, CorsLayer};

use super::answer::{Accepted, HttpError};
use super::calls::{BATCHES, CALLS};
use super::take::Ingest;
use crate::intake::Receipt;

/// How long a browser may remember that it may send here.
const PREFLIGHT_SECONDS: u64 = 86_400;

/// The routes of the tracking API.
pub(crate) fn router(ingest: Arc<Ingest>) -> Router {
    let mut router = Router::new();
    for (kind, long, short) in CALLS {
        let one = move |State(ingest): State<Arc<Ingest>>, request: Request<Body>| async move {
            ingest.take(request, Some(kind)).await
        };
        router = router.route(long, post(one)).route(short, post(one));
    }
    for path in BATCHES {
        router = router.route(
            path,
            post(
                |State(ingest): State<Arc<Ingest>>, request: Request<Body>| async move {
                    ingest.take(request, None).await
                },
            ),
        );
    }
    router
        // A client's own metrics are none of ours.
        .route(
            "/v1/m",
            post(|| async { Accepted::new(Receipt::default()) }),
        )
        .method_not_allowed_fallback(|| async { HttpError::NotPost })
        .fallback(|| async { HttpError::NoRoute })
        .layer(
            ServiceBuilder::new()
                // Outermost: a fault of ours costs one request, not the server.
                .layer(CatchPanicLayer::new())
                // Before anything reads the body: preflights have none. The
                // headers are mirrored because `*` does not cover Authorization.
                .layer(
                    CorsLayer::new()
                        .allow_origin(Any)
                        .allow_methods(AllowMethods::mirror_request())
                        .allow_headers(AllowHeaders::mirror_request())
                        .expose_headers([RETRY_AFTER])
                        .max_age(std::time::Duration::from_secs(PREFLIGHT_SECONDS)),
                ),
        )
        .with_state(ingest)
}
