//! What becomes of a body that is not read, or not to its end.
//!
//! Many clients read no answer before they have sent all. Were the connection closed on
//! them, they would see it broken, and try again what was refused for good. So the answer
//! goes out immediately, and the rest is read and thrown away, within bounds.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Bytes, HttpBody};
use http_body_util::BodyExt;
use hyper::body::{Frame, Incoming, SizeHint};
use tokio::runtime::Handle;
use tokio::time::timeout;

/// How long the rest of a body may take to come.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How much of it is read, in bytes.
const MAX_BYTES: usize = 16 << 20;

/// A body whose rest is read on when this is dropped.
pub(super) struct ReadOn {
    /// `None` once it has ended, or failed.
    body: Option<Incoming>,
    /// Whether the client waits for the word to send it, which the first read gives.
    is_asked_for: bool,
}

impl ReadOn {
    /// A body that the client may send only once it is `expected`.
    pub(super) const fn new(body: Incoming, expected: bool) -> Self {
        Self {
            body: Some(body),
            is_asked_for: !expected,
        }
    }
}

impl HttpBody for ReadOn {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let this = self.get_mut();
        this.is_asked_for = true;
        let Some(body) = &mut this.body else {
            return Poll::Ready(None);
        };
        let frame = Pin::new(body).poll_frame(context);
        if matches!(frame, Poll::Ready(None | Some(Err(_)))) {
            this.body = None;
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        let hint = self.body.as_ref().map(HttpBody::size_hint);
        hint.unwrap_or_else(|| SizeHint::with_exact(0))
    }
}

impl Drop for ReadOn {
    fn drop(&mut self) {
        let rest = self.body.take().filter(|body| !body.is_end_stream());
        if let (Some(rest), true, Ok(runtime)) = (rest, self.is_asked_for, Handle::try_current()) {
            runtime.spawn(timeout(TIMEOUT, throw_away(rest)));
        }
    }
}

async fn throw_away(mut rest: Incoming) {
    let mut thrown_away = 0;
    while let Some(Ok(frame)) = rest.frame().await {
        thrown_away += frame.data_ref().map_or(0, Bytes::len);
        if thrown_away > MAX_BYTES {
            return;
        }
    }
}
