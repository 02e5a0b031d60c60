//! Lengths, chunks, and bodies that end too early.

use super::Told::{Ended, Once};
use super::{Case, call, case, raw};
use crate::support::calls::order;
use crate::support::http::{Request, basic};
use crate::support::relay::KEY;

/// A call whose body comes in chunks as they are written here; `{1}` and `{2}`
/// are its halves, with their lengths.
fn chunked(id: &str, chunks: &str) -> Request {
    let text = order(id).to_string();
    let (left, right) = text.split_at(text.len() / 2);
    let chunk = |text: &str| format!("{:x}\r\n{text}\r\n", text.len());
    let body = chunks
        .replace("{1}", &chunk(left))
        .replace("{2}", &chunk(right));
    Request::new("POST", "/v1/track")
        .key(KEY)
        .header("Transfer-Encoding", "chunked")
        .body(body)
}

/// A call that says another length than its body has.
fn of_length(id: &str, length: impl Fn(usize) -> String) -> Request {
    let body = order(id).to_string();
    let length = length(body.len());
    call(id).header("Content-Length", &length)
}

pub(super) fn cases() -> Vec<Case> {
    let bare = |more: &str| {
        let key = basic(KEY.as_bytes());
        let body = order("bare");
        format!(
            "POST /v1/track HTTP/1.1\r\nHost: relay\r\nAuthorization: {key}\r\n{more}\r\n{body}"
        )
    };
    let mut cases = vec![
        raw("no length", bare(""), Once(400)),
        case("a length of 0", &of_length("x", |_| "0".into()), 400),
        case(
            "a length too short",
            &of_length("x", |length| (length - 5).to_string()),
            400,
        ),
        raw(
            "a length too long",
            of_length("x", |length| (length + 1).to_string()).bytes(),
            Ended(&[400]),
        ),
        case(
            "a length beyond the limit",
            &of_length("x", |_| "5000000000".into()),
            413,
        ),
        raw(
            "a negative length",
            of_length("x", |_| "-1".into()).bytes(),
            Ended(&[400]),
        ),
        raw(
            "a length with an exponent",
            of_length("x", |_| "1e3".into()).bytes(),
            Ended(&[400]),
        ),
        raw(
            "a length beyond 64 bits",
            of_length("x", |_| "9".repeat(23)).bytes(),
            Ended(&[400]),
        ),
        raw(
            "a length in letters",
            of_length("x", |_| "abc".into()).bytes(),
            Ended(&[400]),
        ),
        raw(
            "an empty length",
            of_length("x", |_| String::new()).bytes(),
            Ended(&[400]),
        ),
        raw(
            "a length with a plus",
            of_length("x", |length| format!("+{length}")).bytes(),
            Ended(&[400]),
        ),
        raw(
            "two lengths that differ",
            of_length("x", |length| length.to_string())
                .header("Content-Length", "7")
                .bytes(),
            Ended(&[400]),
        ),
        raw(
            "chunks",
            chunked("chunks", "{1}{2}0\r\n\r\n").bytes(),
            Once(200),
        )
        .takes(&["chunks"]),
        raw(
            "chunks with a trailer",
            chunked("trailer", "{1}{2}0\r\nX: y\r\n\r\n").bytes(),
            Once(200),
        )
        .takes(&["trailer"]),
        raw(
            "chunks of nothing",
            chunked("x", "0\r\n\r\n").bytes(),
            Once(400),
        ),
        raw(
            "chunks without an end",
            chunked("x", "{1}{2}").bytes(),
            Ended(&[400]),
        ),
        raw(
            "half of the chunks",
            chunked("x", "{1}").bytes(),
            Ended(&[400]),
        ),
        raw(
            "a chunk without a length",
            chunked("x", "zz\r\n{}\r\n0\r\n\r\n").bytes(),
            Ended(&[400]),
        ),
        raw(
            "a chunk of a negative length",
            chunked("x", "-2\r\n{}\r\n0\r\n\r\n").bytes(),
            Ended(&[400]),
        ),
        raw(
            "a chunk beyond 64 bits",
            chunked("x", "fffffffffffffffff\r\n{}\r\n0\r\n\r\n").bytes(),
            Ended(&[400]),
        ),
        raw(
            "a chunk longer than it says",
            chunked("x", "1\r\n{}\r\n0\r\n\r\n").bytes(),
            Ended(&[400]),
        ),
        // Were the length believed, the rest of the body would be a request.
        raw(
            "a length and chunks",
            chunked("x", "{1}{2}0\r\n\r\n")
                .header("Content-Length", "3")
                .bytes(),
            Ended(&[400]),
        ),
        raw(
            "chunks and a length, and a request behind",
            [
                Request::new("POST", "/v1/track")
                    .key(KEY)
                    .header("Content-Length", "4")
                    .header("Transfer-Encoding", "chunked")
                    .body("0\r\n\r\n")
                    .bytes(),
                call("x").bytes(),
            ]
            .concat(),
            Ended(&[400]),
        ),
        raw(
            "chunks twice",
            chunked("x", "{1}{2}0\r\n\r\n")
                .header("Transfer-Encoding", "chunked")
                .bytes(),
            Ended(&[400]),
        ),
        raw(
            "chunks in a coding of chunks",
            call("x")
                .header("Transfer-Encoding", "gzip, chunked")
                .bytes(),
            Ended(&[400]),
        ),
        raw(
            "chunks by another name",
            call("x").header("Transfer-Encoding", "xchunked").bytes(),
            Ended(&[400]),
        ),
        raw(
            "chunks in another coding",
            call("x").header("Transfer-Encoding", "gzip").bytes(),
            Ended(&[400]),
        ),
    ];
    cases.extend(cut_short());
    cases
}

/// Requests that end in their middle: told so, or let go; never taken.
fn cut_short() -> Vec<Case> {
    let whole = call("x").bytes();
    let body = order("x").to_string().len();
    let cut = |name, length: usize, reported| raw(name, whole[..length].to_vec(), Ended(reported));
    vec![
        cut("a request cut in its first word", 1, &[]),
        cut("a request cut in its head", 20, &[]),
        cut("a request without its body", whole.len() - body, &[400]),
        cut("a request cut in its body", whole.len() - body / 2, &[400]),
        cut("a request without its last byte", whole.len() - 1, &[400]),
    ]
}
