//! Content types, and codings of the body.

use super::{Case, case};
use crate::support::calls::order;
use crate::support::http::{Request, gzip};
use crate::support::relay::KEY;

pub(super) fn cases() -> Vec<Case> {
    let typed = |id: &str, kind: &str| {
        let body = order(id).to_string();
        Request::new("POST", "/v1/track")
            .key(KEY)
            .header("Content-Type", kind)
            .body(body)
    };
    let coded = |coding: &str, body: Vec<u8>| {
        Request::post("/v1/track", body)
            .key(KEY)
            .header("Content-Encoding", coding)
    };
    let plain = |id: &str| order(id).to_string().into_bytes();
    let halves = |id: &str| {
        let text = plain(id);
        [gzip(&text[..50]), gzip(&text[50..])].concat()
    };
    let whole = gzip(&plain("x"));
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0xff;
    let batch = |id: &str| format!("{{\"batch\":[{}]}}", order(id)).into_bytes();
    vec![
        case(
            "no type",
            &Request::new("POST", "/v1/track")
                .key(KEY)
                .body(plain("untyped")),
            200,
        )
        .takes(&["untyped"]),
        case("an empty type", &typed("empty-type", ""), 200).takes(&["empty-type"]),
        case("an image", &typed("image", "image/png"), 200).takes(&["image"]),
        case(
            "a form",
            &typed("form", "application/x-www-form-urlencoded"),
            200,
        )
        .takes(&["form"]),
        case(
            "a form of parts",
            &typed("multipart", "multipart/form-data; boundary=x"),
            200,
        )
        .takes(&["multipart"]),
        case(
            "another charset",
            &typed("latin", "application/json; charset=latin1"),
            200,
        )
        .takes(&["latin"]),
        case("a type that is none", &typed("odd", ";;ключ"), 200).takes(&["odd"]),
        case("identity", &coded("identity", plain("identity")), 200).takes(&["identity"]),
        case(
            "gzip in capitals",
            &coded("GZIP", gzip(&plain("capitals"))),
            200,
        )
        .takes(&["capitals"]),
        case(
            "gzip in two members",
            &coded("gzip", halves("members")),
            200,
        )
        .takes(&["members"]),
        case(
            "gzip in two members, one of them empty",
            &coded("gzip", [gzip(&plain("empty-member")), gzip(b"")].concat()),
            200,
        )
        .takes(&["empty-member"]),
        // The second batch is not lost in silence: two texts are not JSON.
        case(
            "gzip of two batches",
            &Request::new("POST", "/v1/batch")
                .key(KEY)
                .header("Content-Encoding", "gzip")
                .body([gzip(&batch("x")), gzip(&batch("x"))].concat()),
            400,
        ),
        case(
            "gzip with more behind it",
            &coded("gzip", [&whole[..], b"more"].concat()),
            400,
        ),
        case(
            "gzip with half of another behind it",
            &coded("gzip", [&whole[..], &whole[..20]].concat()),
            400,
        ),
        case("gzip that is none", &coded("gzip", plain("x")), 400),
        case("gzip of nothing", &coded("gzip", Vec::new()), 400),
        case("gzip of an empty text", &coded("gzip", gzip(b"")), 400),
        case(
            "gzip cut in its first byte",
            &coded("gzip", whole[..1].to_vec()),
            400,
        ),
        case(
            "gzip cut in its head",
            &coded("gzip", whole[..9].to_vec()),
            400,
        ),
        case(
            "gzip cut in its middle",
            &coded("gzip", whole[..middle].to_vec()),
            400,
        ),
        case(
            "gzip cut before its end",
            &coded("gzip", whole[..whole.len() - 1].to_vec()),
            400,
        ),
        case("gzip that is damaged", &coded("gzip", damaged), 400),
        case("brotli", &coded("br", plain("x")), 415),
        case("zstd", &coded("zstd", plain("x")), 415),
        case("deflate", &coded("deflate", plain("x")), 415),
        case("an unknown coding", &coded("nonsense", plain("x")), 415),
        case("gzip twice", &coded("gzip, gzip", plain("x")), 415),
    ]
}
