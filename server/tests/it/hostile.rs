//! Requests that no proper client sends. Whatever happens to them, the next
//! client is served.

use std::io::Write;
use std::net::Shutdown;

use serde_json::json;

use crate::calls::order;
use crate::http::{Request, answer, basic, connect, exchange, gzip};
use crate::meta::Meta;
use crate::relay::{KEY, Relay};

fn assert_alive(relay: &Relay, meta: &Meta, id: &str) {
    relay.take(&[order(id)]);
    meta.wait_for_id(id);
    assert!(!relay.log().contains("panicked"), "{}", relay.log());
}

#[test]
fn clients_that_leave_in_the_middle_harm_nobody() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let whole = Request::post("/v1/track", order("half").to_string())
        .key(KEY)
        .bytes();
    for length in [0, 1, 20, whole.len() - 300, whole.len() - 1] {
        let mut stream = connect(relay.address).unwrap();
        stream.write_all(&whole[..length]).unwrap();
        drop(stream);
    }
    // One that stops to send and waits: told so, or let go; never taken.
    let mut stream = connect(relay.address).unwrap();
    stream.write_all(&whole[..whole.len() - 1]).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let told = answer(&mut stream);
    assert!(
        told.as_ref().is_none_or(|answer| answer.status == 400),
        "{told:?}"
    );
    assert_alive(&relay, &meta, "afterwards");
    assert_eq!(meta.stats().events_received, 1);
}

#[test]
fn a_wrong_length_spoils_its_own_connection_only() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let body = order("x").to_string();
    let with_length = |length: &str| {
        Request::post("/v1/track", body.clone())
            .key(KEY)
            .header("Content-Length", length)
    };
    let short = (body.len() - 5).to_string();
    assert_eq!(
        exchange(relay.address, &with_length(&short).bytes())
            .unwrap()
            .status,
        400
    );
    for length in ["-1", "1e3", "99999999999999999999999", "abc", ""] {
        let told = exchange(relay.address, &with_length(length).bytes());
        assert!(
            told.as_ref().is_none_or(|answer| answer.status == 400),
            "{length:?}: {told:?}"
        );
    }
    let two = with_length(&short).header("Content-Length", &body.len().to_string());
    let told = exchange(relay.address, &two.bytes());
    assert!(
        told.as_ref().is_none_or(|answer| answer.status == 400),
        "{told:?}"
    );
    let chunked = Request::post("/v1/track", "zz\r\nnot a length\r\n")
        .key(KEY)
        .header("Transfer-Encoding", "chunked");
    let told = exchange(relay.address, &chunked.bytes());
    assert!(
        told.as_ref().is_none_or(|answer| answer.status == 400),
        "{told:?}"
    );
    assert_alive(&relay, &meta, "afterwards");
    assert_eq!(meta.stats().events_received, 1);
}

#[test]
fn of_two_authorizations_the_first_counts() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let post = |id: &str| Request::post("/v1/track", order(id).to_string());
    assert_eq!(
        relay.send(&post("good-first").key(KEY).key("wrong")).status,
        200
    );
    assert_eq!(
        relay.send(&post("good-last").key("wrong").key(KEY)).status,
        401
    );
    assert_alive(&relay, &meta, "afterwards");
}

#[test]
fn keys_of_any_bytes_are_just_wrong() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let body = order("x").to_string();
    let long = "k".repeat(6000);
    let keys: [&[u8]; 6] = [
        b"\x00",
        b"\xff\xfe\xfd",
        b"\r\n",
        b":::",
        "ключ".as_bytes(),
        long.as_bytes(),
    ];
    for key in keys {
        let request = Request::post("/v1/track", body.clone()).header("Authorization", &basic(key));
        assert_eq!(relay.send(&request).status, 401, "{key:?}");
    }
    for value in [
        "",
        "Basic",
        "Basic ",
        "Basic =",
        "Basic d2tf!!!!",
        "Bäsic ключ",
        "\u{7f}",
    ] {
        let request = Request::post("/v1/track", body.clone()).header("Authorization", value);
        let status = relay.send(&request).status;
        assert!(matches!(status, 400 | 401), "{value:?}: {status}");
    }
    for key in [
        json!("\u{0}"),
        json!("ключ"),
        json!(["a"]),
        json!({"a": 1}),
        json!(null),
    ] {
        let mut call = order("x");
        call["writeKey"] = key;
        let response = relay.send(&Request::post("/v1/track", call.to_string()));
        assert_eq!(response.status, 401, "{call}");
    }
    assert_alive(&relay, &meta, "afterwards");
}

#[test]
fn encodings_that_we_do_not_read_are_refused() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let post = |encoding: &str, body: Vec<u8>| {
        let request = Request::post("/v1/track", body).key(KEY);
        relay.send(&request.header("Content-Encoding", encoding))
    };
    let plain = order("x").to_string().into_bytes();
    for encoding in ["br", "zstd", "deflate", "nonsense", "gzip, gzip"] {
        let response = post(encoding, plain.clone());
        assert_eq!(response.status, 415, "{encoding}");
        assert_eq!(response.json()["code"], "unknown_encoding", "{encoding}");
    }
    assert_eq!(
        post("identity", order("plain").to_string().into()).status,
        200
    );
    // Gzip that is none, that is cut short, that has more behind it.
    assert_eq!(post("gzip", plain.clone()).status, 400);
    assert_eq!(post("gzip", Vec::new()).status, 400);
    let whole = gzip(&plain);
    for length in [1, 10, whole.len() / 2, whole.len() - 1] {
        assert_eq!(
            post("gzip", whole[..length].to_vec()).status,
            400,
            "{length}"
        );
    }
    let mut damaged = whole;
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0xff;
    assert_eq!(post("gzip", damaged).status, 400);
    assert_alive(&relay, &meta, "afterwards");
}

#[test]
fn what_is_no_http_is_let_go() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let endless = format!(
        "POST /v1/track HTTP/1.1\r\nX: {}\r\n\r\n",
        "x".repeat(1 << 20)
    );
    let many = format!("POST /v1/track HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(5000));
    let requests: [&[u8]; 6] = [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\x00\x00\x00\x00\r\n\r\n",
        b"HELLO\r\n\r\n",
        b"POST /v1/track HTTP/9.9\r\n\r\n",
        endless.as_bytes(),
        many.as_bytes(),
    ];
    for bytes in requests {
        let mut stream = connect(relay.address).unwrap();
        stream.write_all(bytes).ok();
        stream.shutdown(Shutdown::Write).ok();
        let told = answer(&mut stream);
        assert!(
            told.as_ref().is_none_or(|a| matches!(a.status, 400..=505)),
            "{told:?}"
        );
    }
    assert_alive(&relay, &meta, "afterwards");
}

#[test]
fn a_client_may_send_many_requests_on_one_connection() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let mut stream = connect(relay.address).unwrap();
    for id in ["one", "two", "three"] {
        let request = Request::post("/v1/track", order(id).to_string()).key(KEY);
        stream.write_all(&request.bytes()).unwrap();
        assert_eq!(answer(&mut stream).unwrap().status, 200);
    }
    // A refusal does not end it either.
    stream
        .write_all(&Request::post("/v1/track", "nope").key(KEY).bytes())
        .unwrap();
    assert_eq!(answer(&mut stream).unwrap().status, 400);
    let request = Request::post("/v1/track", order("four").to_string()).key(KEY);
    stream.write_all(&request.bytes()).unwrap();
    assert_eq!(answer(&mut stream).unwrap().status, 200);
    meta.wait_for(4);
}
