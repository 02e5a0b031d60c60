//! A request's body, whole, decompressed and bounded.

use std::error::Error;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use super::answer::Refused;

/// How long a body may take to come.
const PATIENCE: Duration = Duration::from_secs(30);

/// Reads at most `limit` bytes; what is behind decompression counts, so that a
/// small body cannot become a large one.
pub(super) async fn read(body: Body, limit: usize) -> Result<Bytes, Refused> {
    // What announces itself as too large need not come at all.
    if body.size_hint().lower() > limit as u64 {
        return Err(Refused::TooLarge(limit));
    }
    match tokio::time::timeout(PATIENCE, Limited::new(body, limit).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if is_too_large(&*error) => Err(Refused::TooLarge(limit)),
        Ok(Err(_)) => Err(Refused::Malformed(
            "the body ended too early or is not what its Content-Encoding says; send it again"
                .into(),
        )),
        Err(_) => Err(Refused::Slow),
    }
}

fn is_too_large(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<LengthLimitError>() {
            return true;
        }
        cause = error.source();
    }
    false
}
