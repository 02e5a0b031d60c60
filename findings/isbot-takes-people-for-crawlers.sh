#!/usr/bin/env bash
# A list of crawlers that takes customers for crawlers.
#
# The crate isbot 0.1.3 carries a list of 2022. Its patterns match browsers of people: phones
# of the maker Cubot (whose name ends in "bot"), the browser Coc Coc of Vietnam, and readers
# that open a shop's page inside an app. It misses what servers send by today: Node's own
# `fetch`, which calls itself "node". Who drops what it finds drops purchases.
#
# Seen on 2026-12-01: "cubot true", "coccoc true", "reader true", "node false".
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/src"
cat >"$folder/Cargo.toml" <<'END'
[package]
name = "seen"
version = "0.1.0"
edition = "2024"

[dependencies]
isbot = "=0.1.3"
END
cat >"$folder/src/main.rs" <<'END'
fn main() {
    let bots = isbot::Bots::default();
    for (name, agent) in [
        ("cubot", "Mozilla/5.0 (Linux; Android 12; CUBOT/1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36"),
        ("coccoc", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 CocCocBrowser/125"),
        ("reader", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Feedly/86.0.1"),
        ("node", "node"),
    ] {
        println!("{name} {}", bots.is_bot(agent));
    }
}
END
seen="$(cargo run --quiet --manifest-path "$folder/Cargo.toml")"
echo "$seen"
[ "$seen" = "cubot true
coccoc true
reader true
node false" ] || { echo "isbot behaves differently now" >&2; exit 1; }
