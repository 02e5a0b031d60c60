//! Versions of HTTP, and what is not HTTP.

use super::Told::{AtMost, Each, Ended, Once};
use super::{Case, anonymous, call, raw};
use crate::support::http::{Request, basic};
use crate::support::relay::KEY;

/// The request's bytes with another first line.
fn first_line(line: &str, request: &Request) -> Vec<u8> {
    let bytes = request.bytes();
    let end = bytes.windows(2).position(|two| two == b"\r\n").unwrap();
    [line.as_bytes(), &bytes[end..]].concat()
}

fn without_host(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let (before, after) = text.split_once("Host: relay\r\n").unwrap();
    [before, after].concat().into_bytes()
}

pub(super) fn cases() -> Vec<Case> {
    let mut three = call("pipelined-1").bytes();
    three.extend(call("pipelined-2").bytes());
    three.extend(call("pipelined-3").bytes());
    let mut mixed = call("mixed-1").bytes();
    mixed.extend(Request::post("/v1/track", "nope").key(KEY).bytes());
    mixed.extend(anonymous("mixed-2").bytes());
    mixed.extend(Request::new("GET", "/health/live").bytes());
    mixed.extend(call("mixed-3").bytes());
    vec![
        raw("three pipelined requests", three, Each(&[200, 200, 200])).takes(&[
            "pipelined-1",
            "pipelined-2",
            "pipelined-3",
        ]),
        raw(
            "good and refused pipelined requests",
            mixed,
            Each(&[200, 400, 401, 200, 200]),
        )
        .takes(&["mixed-1", "mixed-3"]),
        raw(
            "HTTP/1.0",
            first_line("POST /v1/track HTTP/1.0", &call("1.0")),
            Once(200),
        )
        .takes(&["1.0"]),
        raw(
            "HTTP/1.0 kept alive",
            [
                first_line(
                    "POST /v1/track HTTP/1.0",
                    &call("1.0-1").header("Connection", "keep-alive"),
                ),
                first_line("POST /v1/track HTTP/1.0", &call("1.0-2")),
            ]
            .concat(),
            Each(&[200, 200]),
        )
        .takes(&["1.0-1", "1.0-2"]),
        raw(
            "a client that has said all and hangs up that side",
            call("half-closed").bytes(),
            Ended(&[200]),
        )
        .takes(&["half-closed"]),
        raw(
            "HTTP/1.0 without a length",
            format!(
                "POST /v1/track HTTP/1.0\r\nAuthorization: {}\r\n\r\n{{}}",
                basic(KEY.as_bytes())
            ),
            Once(400),
        ),
        raw("HTTP/0.9", "GET /health/live\r\n\r\n", Ended(&[400])),
        raw(
            "HTTP/2 from the start",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            Ended(&[]),
        ),
        raw(
            "HTTP/1.0 without a host",
            without_host(&first_line("POST /v1/track HTTP/1.0", &call("no-host"))),
            Once(200),
        )
        .takes(&["no-host"]),
        raw(
            "HTTP/1.1 without a host",
            [without_host(&call("x").bytes()), call("x").bytes()].concat(),
            Ended(&[400]),
        ),
        raw(
            "two hosts",
            [
                call("x").header("Host", "a").header("Host", "b").bytes(),
                call("x").bytes(),
            ]
            .concat(),
            Ended(&[400]),
        ),
        raw(
            "HTTP/9.9",
            first_line("POST /v1/track HTTP/9.9", &call("9.9")),
            Ended(&[400]),
        ),
        raw(
            "TLS",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".as_slice(),
            Ended(&[400]),
        ),
        raw(
            "zeros",
            b"\x00\x00\x00\x00\r\n\r\n".as_slice(),
            Ended(&[400]),
        ),
        raw("words", "HELLO\r\n\r\n", Ended(&[400])),
        raw("nothing", "", Ended(&[])),
        raw("line ends only", "\r\n\r\n\r\n", Ended(&[])),
        raw(
            "an upgrade",
            call("upgrade")
                .header("Upgrade", "h2c")
                .header("Connection", "Upgrade")
                .bytes(),
            Once(200),
        )
        .takes(&["upgrade"]),
        raw(
            "a query",
            first_line("POST /v1/track?a=b HTTP/1.1", &call("query")),
            Once(200),
        )
        .takes(&["query"]),
        raw(
            "a whole address",
            first_line("POST http://other/v1/track HTTP/1.1", &call("absolute")),
            Once(200),
        )
        .takes(&["absolute"]),
        raw(
            "an address of 100 KB",
            first_line(
                &format!("POST /v1/{} HTTP/1.1", "x".repeat(100_000)),
                &call("long"),
            ),
            AtMost(&[414, 431]),
        ),
        raw(
            "a header of a megabyte",
            call("x").header("X", &"x".repeat(1 << 20)).bytes(),
            AtMost(&[431]),
        ),
        raw(
            "5000 headers",
            (0..5000)
                .fold(call("x"), |call, _| call.header("a", "b"))
                .bytes(),
            AtMost(&[431]),
        ),
        raw(
            "a header that is none",
            call("x").header("no header", "b").bytes(),
            Ended(&[400]),
        ),
    ]
}
