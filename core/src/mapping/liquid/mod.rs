//! `@liquid`: a Liquid template over the event.
//!
//! ```json
//! { "@liquid": "{{ properties.name | default: 'none' | upcase }}" }
//! ```
//!
//! The language and its corners are those of liquidjs 10, which Segment's
//! mapping kit runs: no Rust implementation of Liquid is close enough to it,
//! neither in what it reads (`a == b` as an output, a name that is not ASCII)
//! nor in how JavaScript computes and compares. Of it, loops and what reads
//! other files are off, and so are the filters that Segment turns off.
//!
//! | file | holds |
//! |---|---|
//! | `scan.rs` | a template as texts, outputs and tags |
//! | `reader.rs`, `quoted.rs` | reading what stands inside outputs and tags |
//! | `expression.rs`, `compare.rs`, `value.rs` | what is computed there |
//! | `block.rs`, `render.rs` | the tags |
//! | `scope.rs` | what a template sees, and how much it may make |
//! | `filters/` | the filters, by subject |
//! | `instant.rs`, `legacy_date.rs`, `strftime.rs` | dates |

mod block;
mod compare;
mod expression;
mod filters;
mod instant;
mod legacy_date;
mod quoted;
mod reader;
mod render;
mod scan;
mod scope;
mod strftime;
mod value;

use super::compile::{Compiled, Compiler};
use super::error::ResolveError;
use super::options::kind;
use super::resolve::{Resolved, Run};
use crate::event::Json;
use block::{Blocks, Part};
use render::Rendering;
use scope::Scope;

/// How long a template may be, in UTF-16 units. Segment: mapping kit,
/// `@liquid`.
const MAX_LENGTH: usize = 1000;

/// A compiled template.
#[derive(Clone, Debug)]
pub(super) struct Liquid {
    parts: Box<[Part]>,
    pointer: Box<str>,
}

/// What is wrong with a template, and the character where it is.
struct Fault {
    at: usize,
    message: String,
}

impl Fault {
    fn new(at: usize, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { at, message }
    }
}

impl Liquid {
    pub(super) fn compile(compiler: &mut Compiler, json: Json<'_>) -> Compiled<Self> {
        let Json::Str(template) = json else {
            return Err(compiler.fault(format!("must be a text, not {}", kind(json))));
        };
        let length = value::length(template);
        if length > MAX_LENGTH {
            let message =
                format!("a template may have {MAX_LENGTH} characters; this one has {length}");
            return Err(compiler.fault(message));
        }
        let chars: Vec<char> = template.chars().collect();
        match parse(&chars) {
            Ok(parts) => Ok(Self {
                parts,
                pointer: compiler.pointer().into(),
            }),
            Err(Fault { at, message }) => {
                let before = &chars[..at.min(chars.len())];
                let line = before.iter().filter(|c| **c == '\n').count() + 1;
                let column = before.iter().rev().take_while(|c| **c != '\n').count() + 1;
                Err(compiler.fault(format!("line {line}, column {column}: {message}")))
            }
        }
    }

    pub(super) fn resolve<'a>(&'a self, event: Json<'a>, run: &Run<'a>) -> Resolved<'a> {
        if let [Part::Text(text)] = &*self.parts {
            return Ok(Some(Json::Str(text)));
        }
        let mut rendering = Rendering::new(Scope::new(run.arena, event));
        let mut text = String::new();
        match rendering.parts(&self.parts, &mut text) {
            Ok(()) => Ok(Some(Json::Str(run.arena.text(&text)))),
            Err(trouble) => Err(Box::new(ResolveError {
                path: self.pointer.to_string(),
                message: trouble.into_owned(),
            })),
        }
    }
}

fn parse(chars: &[char]) -> Result<Box<[Part]>, Fault> {
    let pieces = scan::pieces(chars)?;
    let mut blocks = Blocks {
        pieces: pieces.iter(),
        chars,
        depth: 0,
    };
    blocks.all()
}
