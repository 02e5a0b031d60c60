//! Whether the server lives, and whether it can take events.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use capi_transport::Queue;

use crate::intake::reason;

/// Whether the server can take events now.
#[derive(Clone)]
pub(crate) struct Readiness {
    phase: Arc<AtomicU8>,
    queue: Arc<dyn Queue>,
}

/// How far the server is.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(crate) enum Phase {
    Starting,
    Serving,
    Stopping,
}

impl Readiness {
    /// A server that starts, with this queue.
    pub(crate) fn new(queue: Arc<dyn Queue>) -> Self {
        Self {
            phase: Arc::new(AtomicU8::new(Phase::Starting as u8)),
            queue,
        }
    }

    /// Says how far it is.
    pub(crate) fn set(&self, phase: Phase) {
        self.phase.store(phase as u8, Ordering::Release);
    }

    /// Why it takes no events, if so.
    fn hindrance(&self) -> Option<String> {
        let phase = self.phase.load(Ordering::Acquire);
        if phase == Phase::Serving as u8 {
            return self.queue.unavailable().map(|error| reason(&error));
        }
        let word = if phase == Phase::Stopping as u8 {
            "capi stops"
        } else {
            "capi starts"
        };
        Some(word.into())
    }
}

/// `GET /health/live`: 200 while the process answers at all. `GET
/// /health/ready`: 200 while it takes events; else 503, and why.
pub(crate) fn router(readiness: Readiness) -> Router {
    Router::new()
        .route("/health/live", get(|| async { "live\n" }))
        .route(
            "/health/ready",
            get(move || async move {
                match readiness.hindrance() {
                    None => (StatusCode::OK, "ready\n".to_owned()),
                    Some(why) => (
                        StatusCode::SERVICE_UNAVAILABLE,
                        format!("not ready: {why}\n"),
                    ),
                }
            }),
        )
}
