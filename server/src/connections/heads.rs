//! Heads that two readers understand in two ways.
//!
//! A proxy before us that takes another length for the body than we do takes the rest for
//! another client's request (RFC 9112, 11.2). hyper refuses most of such heads itself.

use axum::http::header::{CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use axum::http::{Request, Version};

/// Says what is ambiguous in a request's head, if so. hyper takes a length away that
/// comes with chunks, so whoever has seen it reports whether there was one.
pub(super) fn ambiguity<B>(request: &Request<B>, has_length: bool) -> Option<&'static str> {
    let headers = request.headers();
    let hosts = headers.get_all(HOST).iter().count();
    if hosts == 0 && request.version() == Version::HTTP_11 {
        return Some("the head has no `Host`, which HTTP/1.1 requires; send one");
    }
    if hosts > 1 {
        return Some("the head has more than one `Host`; send one");
    }
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    let coding = codings.next()?;
    let is_chunked = coding
        .as_bytes()
        .trim_ascii()
        .eq_ignore_ascii_case(b"chunked");
    if !is_chunked || codings.next().is_some() {
        return Some("the head has another `Transfer-Encoding` than `chunked`; send that, once");
    }
    (has_length || headers.contains_key(CONTENT_LENGTH))
        .then_some("the head has `Content-Length` beside `Transfer-Encoding`; send one of them")
}
