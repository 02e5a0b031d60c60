//! A request's body, whole, decompressed and bounded.

use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use http_body_util::BodyExt;

use super::answer::Refused;

/// How long a body may take to come.
const PATIENCE: Duration = Duration::from_secs(30);

/// How much of a body that is too large is read and thrown away: many clients
/// read no answer before they have sent all, and would see a broken connection.
const THROWN_AWAY: usize = 16 << 20;

/// Reads at most `limit` bytes; what is behind decompression counts, so that a
/// small body cannot become a large one.
pub(super) async fn read(body: Body, limit: usize) -> Result<Bytes, Refused> {
    // What announces itself as endless need not come at all.
    if body.size_hint().lower() > (limit + THROWN_AWAY) as u64 {
        return Err(Refused::TooLarge(limit));
    }
    match tokio::time::timeout(PATIENCE, collect(body, limit)).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Refused::Slow),
    }
}

async fn collect(mut body: Body, limit: usize) -> Result<Bytes, Refused> {
    let mut kept = Vec::new();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| {
            Refused::Malformed(
                "the body ended too early or is not what its Content-Encoding says; send it again"
                    .into(),
            )
        })?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        length += data.len();
        if length <= limit {
            kept.extend_from_slice(&data);
        } else if length <= limit + THROWN_AWAY {
            kept = Vec::new();
        } else {
            break;
        }
    }
    if length > limit {
        Err(Refused::TooLarge(limit))
    } else {
        Ok(kept.into())
    }
}
