//! A request's body, whole, unpacked and bounded.

use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::http::HeaderMap;
use http_body_util::BodyExt;

use super::answer::HttpError;
use super::coding::BodyDecoder;
use crate::intake::Reservation;

/// How long a body may take to come.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A body of which nothing has been read yet.
pub(super) struct PendingBody {
    body: Body,
    decoder: BodyDecoder,
    announced: usize,
}

impl PendingBody {
    /// A body of at most `limit` bytes; what is behind decompression counts, so that a
    /// small body cannot become a large one.
    pub(super) fn new(headers: &HeaderMap, body: Body, limit: usize) -> Result<Self, HttpError> {
        let decoder = BodyDecoder::new(headers, limit)?;
        let announced = decoder.announced(body.size_hint().lower())?;
        Ok(Self {
            body,
            decoder,
            announced,
        })
    }

    /// What is to be held for it before any of it is read, in bytes: what it announces.
    /// One that is packed, or comes in chunks, is held as it grows.
    pub(super) const fn announced(&self) -> usize {
        self.announced
    }

    /// All of it. What is not read is left to whoever has the connection.
    pub(super) async fn read(self, hold: &mut Reservation) -> Result<Vec<u8>, HttpError> {
        match tokio::time::timeout(TIMEOUT, self.collect(hold)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(HttpError::Slow),
        }
    }

    async fn collect(mut self, hold: &mut Reservation) -> Result<Vec<u8>, HttpError> {
        let mut held = self.announced;
        self.decoder.reserve(self.announced);
        while let Some(frame) = self.body.frame().await {
            let frame = frame.map_err(|_| {
                HttpError::Malformed(
                    "the body ended too early, or is not chunked as its head says; send it again"
                        .into(),
                )
            })?;
            let Ok(data) = frame.into_data() else {
                continue;
            };
            self.decoder = self.decoder.with(&data)?;
            let memory = self.decoder.memory();
            if memory > held {
                hold.add(memory - held)?;
                held = memory;
            }
        }
        self.decoder.finish()
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::sync::Arc;
    use std::task::{Context, Poll};

    use axum::body::Bytes;
    use http_body_util::Full;
    use hyper::body::Frame;
    use tokio::time::{Sleep, sleep};

    use super::*;
    use crate::admin::Conditions;
    use crate::intake::{Budget, IntakeError};

    /// A body of which a piece comes each second.
    struct Dribble {
        left: u64,
        piece: &'static [u8],
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
            Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(self.piece)))))
        }
    }

    fn dribble(pieces: u64, piece: &'static [u8]) -> Body {
        Body::new(Dribble {
            left: pieces,
            piece,
            next: Box::pin(sleep(Duration::from_secs(1))),
        })
    }

    async fn read(body: Body, limit: usize, hold: &mut Reservation) -> Result<Vec<u8>, HttpError> {
        let coming = PendingBody::new(&HeaderMap::new(), body, limit)?;
        coming.read(hold).await
    }

    /// Room for so many bytes, and no more.
    fn hold(bytes: usize) -> Reservation {
        let budget = Budget::new(bytes, &Conditions::default());
        Arc::new(budget).reserve(None, 0).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_dribbles_is_waited_for_so_long_only() {
        let mut hold = hold(1 << 20);
        let all = read(dribble(20, b" "), 100, &mut hold).await;
        assert_eq!(all.unwrap().len(), 20);
        let all = read(dribble(60, b" "), 100, &mut hold).await;
        assert_eq!(all, Err(HttpError::Slow));
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_say_its_length_is_held_as_it_grows() {
        let body = || dribble(3, &[b' '; 40_000]);
        // Strangers have a quarter of it.
        let all = read(body(), 200_000, &mut hold(300_000)).await;
        assert_eq!(all, Err(HttpError::Intake(IntakeError::Busy)));
        let all = read(body(), 200_000, &mut hold(1 << 20)).await;
        assert_eq!(all.unwrap().len(), 120_000);
    }

    #[tokio::test]
    async fn a_limit_may_be_as_large_as_numbers_are() {
        let body = Body::new(Full::new(Bytes::from_static(b"{}")));
        let all = read(body, usize::MAX, &mut hold(1 << 20)).await;
        assert_eq!(all.as_deref(), Ok(&b"{}"[..]));
    }
}
