//! Bodies in every form that clients send, and those that are too large or none.

use flate2::{Compress, Compression, FlushCompress};
use serde_json::json;

use crate::support::calls::{order, with};
use crate::support::http::{Request, gzip};
use crate::support::meta::{Meta, names_and_ids};
use crate::support::relay::{KEY, Relay, Setup};

const MIB: usize = 1 << 20;

#[test]
fn json_comes_under_many_names_and_compressed() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let types = [
        "application/json",
        "application/json; charset=utf-8",
        "text/plain",
        "text/plain;charset=UTF-8",
        "application/x-www-form-urlencoded",
    ];
    let mut expected = Vec::new();
    for (place, content_type) in types.into_iter().enumerate() {
        for compressed in [false, true] {
            let id = format!("{place}-{compressed}");
            let body = json!({"batch": [order(&id)]}).to_string();
            let request = Request::new("POST", "/v1/batch")
                .header("Content-Type", content_type)
                .key(KEY)
                .body(body);
            let request = if compressed {
                request.gzipped()
            } else {
                request
            };
            let response = relay.send(&request);
            assert_eq!(response.body, r#"{"success":true}"#, "{content_type}");
            expected.push(("Purchase".to_owned(), id));
        }
    }
    // No type at all, a byte order mark, chunks.
    let marked = ["\u{feff}", &order("marked").to_string()].concat();
    relay.send(&Request::new("POST", "/v1/track").key(KEY).body(marked));
    let text = order("chunked").to_string();
    let (left, right) = text.split_at(20);
    let chunks = format!(
        "{:x}\r\n{left}\r\n{:x}\r\n{right}\r\n0\r\n\r\n",
        left.len(),
        right.len()
    );
    let chunked = Request::new("POST", "/v1/track")
        .key(KEY)
        .header("Transfer-Encoding", "chunked");
    relay.send(&chunked.body(chunks));
    for id in ["marked", "chunked"] {
        expected.push(("Purchase".to_owned(), id.to_owned()));
    }
    expected.sort();
    assert_eq!(names_and_ids(&meta.wait_for(expected.len())), expected);
}

#[test]
fn what_is_no_json_is_refused() {
    let meta = Meta::up();
    let mut relay = Relay::start(&meta);
    let bodies: [&[u8]; 12] = [
        b"",
        b"{",
        b"nope",
        b"{\"batch\":[}",
        b"{\"batch\":[{\"event\":\"\xff\xfe\"}]}",
        b"{\"batch\":[{\"event\":\"\xed\xa0\x80\"}]}",
        b"{\"batch\":[{}]} and more",
        b"{\"batch\":{}}",
        b"{\"batch\":null}",
        b"{}",
        b"[]",
        b"event=Order+Completed&userId=1",
    ];
    for body in bodies {
        let response = relay.send(&Request::post("/v1/batch", body).key(KEY));
        let text = String::from_utf8_lossy(body);
        assert_eq!(response.status, 400, "{text}: {response:?}");
        assert_eq!(response.json()["code"], "malformed_body", "{text}");
    }
    for body in [&b""[..], b"{\"event\":", b"{\"event\":\"\xff\"}", b"nope"] {
        let response = relay.send(&Request::post("/v1/track", body).key(KEY));
        assert_eq!(response.status, 400, "{}", String::from_utf8_lossy(body));
    }
    relay.stop();
    assert_eq!(meta.stats().requests, 0);
}

/// An order of exactly `bytes` bytes.
fn order_of(bytes: usize, id: &str) -> String {
    let bare = with(order(id), "/properties/note", json!(""))
        .to_string()
        .len();
    let note = "x".repeat(bytes.checked_sub(bare).unwrap());
    with(order(id), "/properties/note", json!(note)).to_string()
}

#[test]
fn one_event_has_32_kib_and_a_batch_500_kb() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let single = |body: String| relay.send(&Request::post("/v1/track", body).key(KEY));
    assert_eq!(
        single(order_of(32 * 1024, "fits")).body,
        r#"{"success":true}"#
    );
    let response = single(order_of(32 * 1024 + 1, "does-not"));
    assert_eq!(response.status, 413);
    assert_eq!(response.json()["code"], "body_too_large");

    let batch = |bytes: usize, id: &str| {
        let events: Vec<_> = (0..20)
            .map(|event| order_of(24_000, &format!("{id}-{event}")))
            .collect();
        let body = format!("{{\"batch\":[{}]}}", events.join(","));
        let padding = " ".repeat(bytes - body.len());
        relay.send(&Request::post("/v1/batch", body + &padding).key(KEY))
    };
    assert_eq!(batch(512_000, "fits").body, r#"{"success":true}"#);
    let response = batch(512_001, "does-not");
    assert_eq!(response.status, 413);
    assert_eq!(response.json()["code"], "body_too_large");

    let events = meta.wait_for(21);
    assert!(
        names_and_ids(&events)
            .iter()
            .all(|(_, id)| id.starts_with("fits"))
    );
}

#[test]
fn the_limits_can_be_set_and_count_after_decompression() {
    let meta = Meta::up();
    let server = "max_event_bytes = 2000\nmax_batch_bytes = 5000";
    let relay = Relay::with(
        &meta,
        Setup {
            server,
            ..Setup::default()
        },
    );
    for (bytes, status) in [(2000, 200), (2001, 413)] {
        let body = order_of(bytes, &format!("of-{bytes}"));
        assert!(gzip(body.as_bytes()).len() < 1000);
        let response = relay.send(&Request::post("/v1/track", body).key(KEY).gzipped());
        assert_eq!(response.status, status, "{bytes}");
    }
}

#[test]
fn a_length_over_the_limit_is_refused_without_its_body() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    for path in ["/v1/track", "/v1/batch"] {
        let promise = Request::post(path, "{")
            .key(KEY)
            .header("Content-Length", "5000000000");
        assert_eq!(relay.send(&promise).status, 413, "{path}");
    }
}

#[test]
fn an_event_that_is_too_large_spoils_no_other() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let large = order_of(32 * 1024 + 1, "large");
    let body = format!(
        "{{\"batch\":[{},{large},{}]}}",
        order("before"),
        order("after")
    );
    let response = relay.send(&Request::post("/v1/batch", body).key(KEY));
    assert_eq!(response.status, 200);
    let rejected = response.json()["rejected"].clone();
    assert_eq!(rejected.as_array().unwrap().len(), 1);
    assert_eq!(rejected[0]["index"], 1);
    assert_eq!(rejected[0]["code"], "event_too_large");
    let ids: Vec<_> = names_and_ids(&meta.wait_for(2))
        .into_iter()
        .map(|(_, id)| id)
        .collect();
    assert_eq!(ids, ["after", "before"]);
}

/// A gibibyte of zeros. Deflate writes a run of zeros as the same bytes again
/// and again, so one mebibyte is compressed and repeated.
fn bomb() -> Vec<u8> {
    let mut block = Vec::with_capacity(MIB);
    let mut deflate = Compress::new(Compression::best(), false);
    deflate
        .compress_vec(&vec![0; MIB], &mut block, FlushCompress::Full)
        .unwrap();
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    for _ in 0..1024 {
        bytes.extend_from_slice(&block);
    }
    bytes
}

#[test]
fn a_bomb_of_a_gibibyte_is_refused_in_bounded_memory() {
    let meta = Meta::up();
    let relay = Relay::start(&meta);
    let bomb = bomb();
    assert!(bomb.len() < 8 * MIB, "{}", bomb.len());
    let before = relay.peak_kib();
    for path in ["/v1/batch", "/v1/track"] {
        let request = Request::new("POST", path)
            .header("Content-Type", "application/json")
            .header("Content-Encoding", "gzip")
            .key(KEY)
            .body(bomb.clone());
        assert_eq!(relay.send(&request).status, 413, "{path}");
    }
    let grown = relay.peak_kib() - before;
    assert!(grown < 64 * 1024, "the server took {grown} KiB more");
    relay.take(&[order("afterwards")]);
    meta.wait_for_id("afterwards");
}
