#!/usr/bin/env bash
# The `date` filter of Liquid for Rust gives back what it cannot read, without a word.
#
# liquid 0.26.11 reads few forms of dates. For the others `date` raises nothing: its result is
# the input, unformatted, so that a template that worked in JavaScript puts "3/10/24" where a
# year belongs. liquidjs 10.30.1, which Segment's mappings run on, reads them.
#
# Seen on 2026-12-01 for "%Y" of '3/10/24' and "%H" of 'March 10, 2024 5:00 PM':
#   liquid    3/10/24 | March 10, 2024 5:00 PM
#   liquidjs  2024 | 17
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TZ=UTC
npm install --ignore-scripts --no-audit --no-fund --silent liquidjs@10.30.1
mkdir src
cat >Cargo.toml <<'END'
[package]
name = "seen"
version = "0.1.0"
edition = "2024"

[dependencies]
liquid = "=0.26.11"
END
template="{{ '3/10/24' | date: '%Y' }} | {{ 'March 10, 2024 5:00 PM' | date: '%H' }}"
cat >src/main.rs <<'END'
fn main() {
    let template = std::env::args().nth(1).unwrap();
    let parser = liquid::ParserBuilder::with_stdlib().build().unwrap();
    let template = parser.parse(&template).unwrap();
    println!("liquid {}", template.render(&liquid::object!({})).unwrap());
}
END
cat >seen.cjs <<'END'
const { Liquid } = require('liquidjs')
console.log(`liquidjs ${new Liquid().parseAndRenderSync(process.argv[2])}`)
END
seen="$(cargo run --quiet -- "$template"; node seen.cjs "$template")"
echo "$seen"
[ "$seen" = "liquid 3/10/24 | March 10, 2024 5:00 PM
liquidjs 2024 | 17" ] || { echo "the filters behave differently now" >&2; exit 1; }
