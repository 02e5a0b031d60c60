//! More than the server can take: what it refuses, and that it goes on.

mod clocks;
mod expanded;
mod flood;
mod large;
mod locked;
mod shares;
mod strangers;
mod test_codes;
mod walls;

use crate::support::http::{Request, Response};
use crate::support::relay::KEY;

/// A batch that announces `length` bytes, without any of them.
fn head(key: &str, length: usize) -> Request {
    let length = length.to_string();
    let request = Request::post("/v1/batch", "").header("Content-Length", &length);
    if key.is_empty() {
        request
    } else {
        request.key(key)
    }
}

/// A call of the usual source.
fn call(call: &serde_json::Value) -> Request {
    Request::post("/v1/track", call.to_string()).key(KEY)
}

/// When a refused client is to come again, in seconds.
fn retry_after(response: &Response) -> u64 {
    let seconds = response.header("retry-after").unwrap();
    let seconds = seconds.parse().unwrap();
    assert!((1..=60).contains(&seconds), "{response:?}");
    seconds
}
