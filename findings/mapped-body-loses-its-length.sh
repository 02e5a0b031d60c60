#!/usr/bin/env bash
# A body that is only watched loses its length.
#
# http-body-util 0.1.5: `Full` knows its exact size, and `BodyExt::map_frame` does not pass
# it on, even where each frame comes out as it went in. An HTTP/1.1 client that is handed
# such a body sends it with `Transfer-Encoding: chunked` in place of `Content-Length`.
# Who wants to see when a body leaves writes a body of its own that tells `size_hint`.
#
# Seen on 2026-11-30: "full: Some(13)", "mapped: None".
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/src"
cat >"$folder/Cargo.toml" <<'END'
[package]
name = "mapped-body"
version = "0.1.0"
edition = "2024"

[dependencies]
bytes = "=1.12.1"
http-body = "=1.1.0"
http-body-util = "=0.1.5"
END
cat >"$folder/src/main.rs" <<'END'
use bytes::Bytes;
use http_body::Body;
use http_body_util::{BodyExt, Full};

fn main() {
    let full = Full::new(Bytes::from_static(b"{\"data\":[{}]}"));
    println!("full: {:?}", full.size_hint().exact());
    let mapped = full.map_frame(|frame| frame);
    println!("mapped: {:?}", mapped.size_hint().exact());
}
END
seen="$(cargo run --quiet --manifest-path "$folder/Cargo.toml")"
echo "$seen"
[ "$seen" = "full: Some(13)
mapped: None" ] || { echo "http-body-util behaves differently now" >&2; exit 1; }
