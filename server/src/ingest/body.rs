//! A request's body, whole, unpacked and bounded.

use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::http::HeaderMap;
use http_body_util::BodyExt;

use super::answer::Refused;
use super::coding::Unpacker;

/// How long a body may take to come.
const PATIENCE: Duration = Duration::from_secs(30);

/// How much of a body that is refused is read and thrown away: many clients read
/// no answer before they have sent all, and would see a broken connection.
const THROWN_AWAY: usize = 16 << 20;

/// Reads at most `limit` bytes; what is behind decompression counts, so that a
/// small body cannot become a large one.
pub(super) async fn read(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
) -> Result<Vec<u8>, Refused> {
    // What announces itself as endless need not come at all.
    if body.size_hint().lower() > limit.saturating_add(THROWN_AWAY) as u64 {
        return Err(Refused::TooLarge(limit));
    }
    match tokio::time::timeout(PATIENCE, collect(headers, body, limit)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Refused::Slow),
    }
}

async fn collect(headers: &HeaderMap, mut body: Body, limit: usize) -> Result<Vec<u8>, Refused> {
    let mut unpacker = Unpacker::new(headers, body.size_hint().lower(), limit);
    let mut thrown_away = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| {
            Refused::Malformed(
                "the body ended too early, or is not chunked as its head says; send it again"
                    .into(),
            )
        })?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        unpacker = unpacker.and_then(|unpacker| unpacker.with(&data));
        if unpacker.is_err() {
            thrown_away += data.len();
            if thrown_away > THROWN_AWAY {
                break;
            }
        }
    }
    unpacker?.finish()
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use axum::body::Bytes;
    use http_body_util::Full;
    use hyper::body::Frame;
    use tokio::time::{Sleep, sleep};

    use super::*;

    /// A body of which a byte comes each second.
    struct Dribble {
        left: u64,
        next: Pin<Box<Sleep>>,
    }

    impl HttpBody for Dribble {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            if self.left == 0 {
                return Poll::Ready(None);
            }
            if self.next.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            self.left -= 1;
            self.next = Box::pin(sleep(Duration::from_secs(1)));
            Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b" ")))))
        }
    }

    fn dribble(bytes: u64) -> Body {
        Body::new(Dribble {
            left: bytes,
            next: Box::pin(sleep(Duration::from_secs(1))),
        })
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_dribbles_is_waited_for_so_long_only() {
        let headers = HeaderMap::new();
        assert_eq!(read(&headers, dribble(20), 100).await.unwrap().len(), 20);
        assert_eq!(read(&headers, dribble(60), 100).await, Err(Refused::Slow));
        // Nor is one that is refused already thrown away for ever.
        assert_eq!(read(&headers, dribble(60), 5).await, Err(Refused::Slow));
    }

    #[tokio::test]
    async fn a_limit_may_be_as_large_as_numbers_are() {
        let body = Body::new(Full::new(Bytes::from_static(b"{}")));
        let all = read(&HeaderMap::new(), body, usize::MAX).await;
        assert_eq!(all.as_deref(), Ok(&b"{}"[..]));
    }
}
