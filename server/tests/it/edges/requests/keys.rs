//! Write keys.

use serde_json::json;

use super::Told::Ended;
use super::{Case, anonymous, call, case, raw};
use crate::support::calls::{order, with};
use crate::support::http::{Request, basic};
use crate::support::relay::KEY;

/// The key of a source whose name is not ASCII either.
pub(super) const FAR: &str = "ключ-鍵-ñ";

pub(super) fn cases() -> Vec<Case> {
    let header = |value: &str| anonymous("x").header("Authorization", value);
    let bytes = |key: &[u8]| header(&basic(key));
    let in_body = |id: &str, key: serde_json::Value| {
        Request::post("/v1/track", with(order(id), "/writeKey", key).to_string())
    };
    vec![
        case(
            "two keys, the first good",
            &call("first-good").key("wrong"),
            200,
        )
        .takes(&["first-good"]),
        case(
            "two keys, the last good",
            &anonymous("x").key("wrong").key(KEY),
            401,
        ),
        case("one key twice", &call("twice").key(KEY), 200).takes(&["twice"]),
        case(
            "a good key in the body and a wrong one before",
            &in_body("x", json!(KEY)).key("wrong"),
            401,
        ),
        case(
            "a key that is not ASCII",
            &bytes(FAR.as_bytes()).body(order("far").to_string()),
            200,
        )
        .takes(&["far"]),
        case(
            "a key in the body that is not ASCII",
            &in_body("far-body", json!(FAR)),
            200,
        )
        .takes(&["far-body"]),
        case(
            "a wrong key that is not ASCII",
            &bytes("ключ".as_bytes()),
            401,
        ),
        case(
            "a wrong key in the body that is not ASCII",
            &in_body("x", json!("ключ")),
            401,
        ),
        case("a key that is not UTF-8", &bytes(b"\xff\xfe\xfd"), 401),
        case("a key of a NUL", &bytes(b"\x00"), 401),
        case("a key of line ends", &bytes(b"\r\n"), 401),
        case("a key of colons", &bytes(b":::"), 401),
        case(
            "a key of 6000 letters",
            &bytes("k".repeat(6000).as_bytes()),
            401,
        ),
        case("an empty authorization", &header(""), 401),
        case("basic alone", &header("Basic"), 401),
        case("basic and a space", &header("Basic "), 401),
        case("basic and a sign", &header("Basic ="), 401),
        case("basic and no base64", &header("Basic d2tf!!!!"), 401),
        case("a scheme that is not ASCII", &header("Bäsic ключ"), 401),
        raw(
            "a control character",
            header("\u{7f}").bytes(),
            Ended(&[400]),
        ),
        raw(
            "a NUL in the head",
            header("a\u{0}b").bytes(),
            Ended(&[400]),
        ),
        case("a key that is a list", &in_body("x", json!([KEY])), 401),
        case(
            "a key that is an object",
            &in_body("x", json!({"a": KEY})),
            401,
        ),
        case("a key that is null", &in_body("x", json!(null)), 401),
        case("an empty key in the body", &in_body("x", json!("")), 401),
        case(
            "a key of a NUL in the body",
            &in_body("x", json!("\u{0}")),
            401,
        ),
        case(
            "half a character in the key",
            &Request::post("/v1/track", r#"{"writeKey":"\ud800"}"#),
            401,
        ),
        case(
            "of two keys in the body the last counts",
            &Request::post(
                "/v1/track",
                order("last-key").to_string().replacen(
                    '{',
                    &format!("{{\"writeKey\":\"wrong\",\"writeKey\":\"{KEY}\","),
                    1,
                ),
            ),
            200,
        )
        .takes(&["last-key"]),
    ]
}
