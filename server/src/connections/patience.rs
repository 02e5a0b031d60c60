//! How long a connection is kept that waits for a request, or for the rest of its head.
//!
//! hyper has one time limit for both, and asks a timer for it at the moment at which it
//! begins to wait. So the timer here decides by what has come since.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::rt::{Sleep, Timer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, sleep_until};

use super::listener::Crowded;

/// How long a client may take to send a request's head, from its first byte on.
pub(super) const HEAD_PATIENCE: Duration = Duration::from_secs(30);

/// How often a connection that does nothing looks whether its place is wanted.
const LOOK: Duration = Duration::from_secs(30);

/// The header that is looked for, from the end of the line before it on.
const LENGTH: &[u8] = b"\ncontent-length:";

/// What is known of the head that a connection waits for, or that came last.
#[derive(Debug, Default)]
pub(super) struct HeadWatch(Mutex<Seen>);

#[derive(Debug, Default)]
struct Seen {
    /// Whether a head is waited for.
    is_waiting: bool,
    /// Whether any of it has come. Of one that came together with the body before it
    /// nothing is known.
    has_begun: bool,
    /// How much of [`LENGTH`] is at the end of what has come.
    matched: usize,
    /// Whether there is a line with something on it.
    has_line: bool,
    /// Whether the line behind such a line is empty so far.
    is_line_empty: bool,
    /// Whether an empty line has come, so that what follows is the body.
    has_ended: bool,
    has_length: bool,
}

impl HeadWatch {
    /// Whether `Content-Length` was in the head that came last.
    pub(super) fn has_length(&self) -> bool {
        self.seen().has_length
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self, bytes: &[u8]) {
        let mut seen = self.seen();
        if !seen.is_waiting || bytes.is_empty() {
            return;
        }
        seen.has_begun = true;
        for byte in bytes {
            if seen.has_ended {
                return;
            }
            match byte {
                b'\n' => {
                    seen.has_ended = seen.is_line_empty;
                    seen.is_line_empty = seen.has_line;
                }
                b'\r' => {}
                _ => {
                    seen.has_line = true;
                    seen.is_line_empty = false;
                }
            }
            seen.matched = match LENGTH.get(seen.matched) {
                Some(expected) if byte.eq_ignore_ascii_case(expected) => seen.matched + 1,
                _ => usize::from(*byte == b'\n'),
            };
            seen.has_length |= seen.matched == LENGTH.len();
        }
    }
}

/// A connection whose heads are watched.
pub(super) struct Watched<S> {
    stream: S,
    watch: Arc<HeadWatch>,
}

impl<S> Watched<S> {
    /// `stream`, watched by `watch`.
    pub(super) const fn new(stream: S, watch: Arc<HeadWatch>) -> Self {
        Self { stream, watch }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        if let Some(bytes) = buffer.filled().get(before..) {
            self.watch.read(bytes);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

/// The timer of one connection.
pub(super) struct Patience {
    watch: Arc<HeadWatch>,
    keep_alive: Duration,
    crowded: Crowded,
}

impl Patience {
    /// Keeps a connection that is watched by `watch` for `keep_alive` without a request;
    /// not as long where clients wait for its place.
    pub(super) const fn new(watch: Arc<HeadWatch>, keep_alive: Duration, crowded: Crowded) -> Self {
        Self {
            watch,
            keep_alive,
            crowded,
        }
    }
}

impl Timer for Patience {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(self.now() + duration)
    }

    /// hyper asks for this when it begins to wait for a head, and for nothing else.
    fn sleep_until(&self, _: std::time::Instant) -> Pin<Box<dyn Sleep>> {
        *self.watch.seen() = Seen {
            is_waiting: true,
            ..Seen::default()
        };
        let now = Instant::now();
        let kept_until = now + self.keep_alive;
        Box::pin(HeadWait {
            watch: Arc::clone(&self.watch),
            crowded: self.crowded.clone(),
            kept_until,
            has_begun: false,
            sleep: Box::pin(sleep_until(kept_until.min(now + LOOK))),
        })
    }

    fn now(&self) -> std::time::Instant {
        Instant::now().into_std()
    }
}

/// The wait for a head: it ends when there was none for too long. It is dropped when a
/// whole head has come.
struct HeadWait {
    watch: Arc<HeadWatch>,
    crowded: Crowded,
    kept_until: Instant,
    has_begun: bool,
    sleep: Pin<Box<tokio::time::Sleep>>,
}

impl Sleep for HeadWait {}

impl Future for HeadWait {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if !self.has_begun && self.watch.seen().has_begun {
            self.has_begun = true;
            self.sleep.as_mut().reset(Instant::now() + HEAD_PATIENCE);
        }
        loop {
            ready!(self.sleep.as_mut().poll(context));
            let now = Instant::now();
            if self.has_begun || now >= self.kept_until || self.crowded.get() {
                return Poll::Ready(());
            }
            let next = self.kept_until.min(now + LOOK);
            self.sleep.as_mut().reset(next);
        }
    }
}

impl Drop for HeadWait {
    fn drop(&mut self) {
        self.watch.seen().is_waiting = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a head that comes `step` bytes at a time has a length.
    fn has_length(head: &str, step: usize) -> bool {
        let watch = HeadWatch::default();
        watch.seen().is_waiting = true;
        head.as_bytes()
            .chunks(step)
            .for_each(|bytes| watch.read(bytes));
        watch.has_length()
    }

    #[test]
    fn a_length_is_seen_in_the_head_and_nowhere_else() {
        for (head, expected) in [
            (
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n",
                true,
            ),
            ("\r\n\r\nPOST / HTTP/1.1\r\ncontent-LENGTH:3\r\n\r\n", true),
            ("POST / HTTP/1.1\nContent-Length: 3\n\n", true),
            ("POST / HTTP/1.1\r\nX-Content-Length: 3\r\n\r\n", false),
            ("POST / HTTP/1.1\r\nContent-Lengths: 3\r\n\r\n", false),
            (
                "POST / HTTP/1.1\r\nX: y\r\n\r\n\r\nContent-Length: 3\r\n",
                false,
            ),
        ] {
            for step in [1, 2, 7, 1000] {
                assert_eq!(has_length(head, step), expected, "{head:?} by {step}");
            }
        }
    }
}
