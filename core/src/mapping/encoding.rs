//! `@json`: `{"mode": "encode" | "decode", "value": …}`.
//!
//! Encoding gives the value as JSON text, with numbers as JavaScript writes
//! them. Decoding gives what a text holds; a text that is not JSON, and a value
//! that is not text, are given as they are.

use super::compile::{Compiled, Compiler};
use super::node::Node;
use super::options::{self, Options};
use super::resolve::Resolved;
use super::run::Run;
use super::text::number_text;
use crate::json::Json;

#[derive(Clone, Debug)]
pub(super) struct Encoding {
    mode: Mode,
    value: Node,
}

#[derive(Clone, Copy, Debug)]
enum Mode {
    Encode,
    Decode,
}

const MODES: &[(&str, Mode)] = &[("encode", Mode::Encode), ("decode", Mode::Decode)];

impl Encoding {
    pub(super) fn compile(compiler: &mut Compiler, json: Json<'_>) -> Compiled<Self> {
        let options = Options::read(compiler, json, &["mode", "value"])?;
        let mode = options.required(compiler, "mode", |compiler, json| {
            options::one_of(compiler, json, MODES)
        });
        let value = options.required(compiler, "value", options::telling);
        Ok(Self {
            mode: mode?,
            value: value?,
        })
    }

    pub(super) fn resolve<'a>(&'a self, event: Json<'a>, run: &mut Run<'a>) -> Resolved<'a> {
        let value = self.value.resolve(event, run)?;
        Ok(match (self.mode, value) {
            (Mode::Encode, Some(value)) => {
                // Before it is written: each level of several doubles quotes.
                run.check()?;
                Run::check_size(value)?;
                let text = json_text(value);
                Some(run.text(|out| out.push_str(&text)))
            }
            (Mode::Decode, Some(Json::Str(text))) => {
                Some(Json::parse(run.arena, text.as_bytes()).unwrap_or(Json::Str(text)))
            }
            (_, value) => value,
        })
    }
}

/// A value as JSON text, with numbers as JavaScript writes them: `2` for
/// `2.0`.
#[must_use]
pub fn json_text(value: Json<'_>) -> String {
    let mut bytes = Vec::new();
    value.write_with(&mut bytes, |number, out| {
        out.extend_from_slice(number_text(number).as_bytes());
    });
    String::from_utf8(bytes).unwrap_or_default()
}
