//! What is refused before its body has come: the answer is there immediately, and the client
//! may finish what it sends and go on.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::support::calls::order;
use crate::support::http::{Request, Response, answer, connect};
use crate::support::meta::Meta;
use crate::support::relay::{KEY, Relay};

/// A batch that announces `length` bytes, without any of them.
fn head(key: &str, length: usize) -> Request {
    let length = length.to_string();
    Request::post("/v1/batch", "")
        .key(key)
        .header("Content-Length", &length)
}

/// Sends a head and some of its body, and reads the answer before the rest is sent.
fn ask(relay: &Relay, head: &Request) -> (TcpStream, Response) {
    let mut stream = connect(relay.address).unwrap();
    stream.write_all(&head.bytes()).unwrap();
    stream.write_all(b"{\"batch\":[").unwrap();
    let response = answer(&mut stream).unwrap();
    (stream, response)
}

/// Sends the rest of a body, and another request behind it.
fn goes_on(mut stream: TcpStream, rest: usize, id: &str) {
    let piece = [b' '; 64 * 1024];
    let mut left = rest;
    while left > 0 {
        let next = left.min(piece.len());
        stream.write_all(&piece[..next]).unwrap();
        left -= next;
    }
    let next = Request::post("/v1/track", order(id).to_string()).key(KEY);
    stream.write_all(&next.bytes()).unwrap();
    assert_eq!(answer(&mut stream).unwrap().status, 200, "{id}");
}

#[test]
fn a_wrong_key_is_told_before_the_body_and_the_connection_goes_on() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let (stream, response) = ask(&relay, &head("wrong", 500_000));
    assert_eq!(response.status, 401);
    goes_on(stream, 500_000 - 10, "after-401");
    meta.wait_for_id("after-401");
}

#[test]
fn a_length_over_the_limit_is_told_before_the_body_and_the_connection_goes_on() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let (stream, response) = ask(&relay, &head(KEY, 5_000_000));
    assert_eq!(response.status, 413);
    assert_eq!(response.json()["code"], "body_too_large");
    goes_on(stream, 5_000_000 - 10, "after-413");
    meta.wait_for_id("after-413");
}

#[test]
fn a_body_without_an_end_is_not_read_for_ever() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let (mut stream, response) = ask(&relay, &head(KEY, 50_000_000_000));
    assert_eq!(response.status, 413);
    let piece = vec![b' '; 1 << 20];
    let sent = (0..200).find(|_| stream.write_all(&piece).is_err());
    assert!(sent.is_some(), "all of it was read");
}

#[test]
fn who_asks_before_it_sends_is_told_no_without_being_asked_for_more() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    for (head, status) in [(head("wrong", 1000), 401), (head(KEY, 5_000_000), 413)] {
        let mut stream = connect(relay.address).unwrap();
        let head = head.header("Expect", "100-continue");
        stream.write_all(&head.bytes()).unwrap();
        let mut all = String::new();
        // The connection ends: what comes next may be the body or not.
        stream.read_to_string(&mut all).unwrap();
        assert!(all.starts_with(&format!("HTTP/1.1 {status} ")), "{all}");
    }
    // With the right key it is asked for.
    let body = order("asked").to_string();
    let request = Request::post("/v1/track", "")
        .key(KEY)
        .header("Expect", "100-continue")
        .header("Content-Length", &body.len().to_string());
    let mut stream = connect(relay.address).unwrap();
    stream.write_all(&request.bytes()).unwrap();
    let mut asked = [0; 25];
    stream.read_exact(&mut asked).unwrap();
    assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(body.as_bytes()).unwrap();
    assert_eq!(answer(&mut stream).unwrap().status, 200);
}

#[test]
fn a_connection_without_a_request_is_kept_as_long_as_configured() {
    let meta = Meta::up();
    let setup = crate::support::relay::Setup {
        server: "keep_alive_seconds = 1",
        ..Default::default()
    };
    let relay = Relay::with(&meta, setup);
    for said in [Vec::new(), Request::new("GET", "/health/live").bytes()] {
        let mut stream = connect(relay.address).unwrap();
        stream.write_all(&said).unwrap();
        // It ends by itself; the patience of a test is far below the usual time.
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
        assert_eq!(all.is_empty(), said.is_empty());
    }
}
