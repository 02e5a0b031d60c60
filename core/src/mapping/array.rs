//! `@arrayPath`: `["$.properties.products", {"id": {"@path": "$.product_id"}}]`.
//!
//! Each item of the list at the path is resolved against the shape, in which
//! `$` is the item. An object counts as a list of one; anything else, and
//! everything without a shape, is given as it is. The path may be a
//! directive, which then gives the list itself.

use super::compile::{Compiled, Compiler};
use super::node::Node;
use super::options::{self, directive_name, kind};
use super::resolve::Resolved;
use super::run::Run;
use crate::json::Json;

#[derive(Clone, Debug)]
pub(super) struct ArrayPath {
    list: Node,
    shape: Option<Node>,
}

impl ArrayPath {
    pub(super) fn compile(compiler: &mut Compiler, json: Json<'_>) -> Compiled<Self> {
        let (path, shape) = match options::list(compiler, json)? {
            [path] => (*path, Json::Null),
            [path, shape] => (*path, *shape),
            _ => return Err(compiler.fault("must hold a path and, if wanted, a shape")),
        };
        let list = compiler.at("0", |compiler| match path {
            Json::Str(text) => Ok(compiler.path(text)),
            _ if directive_name(path).is_some() => compiler.node(path),
            _ => Err(compiler.fault(format!("must be a text or a directive, not {}", kind(path)))),
        });
        let shape = match shape {
            Json::Null | Json::Object([]) | Json::List([]) => Ok(None),
            shape => compiler
                .at("1", |compiler| {
                    compiler.inside(|compiler| compiler.node(shape))
                })
                .map(Some),
        };
        Ok(Self {
            list: list?,
            shape: shape?,
        })
    }

    pub(super) fn resolve<'a>(&'a self, event: Json<'a>, run: &mut Run<'a>) -> Resolved<'a> {
        let value = self.list.resolve(event, run)?;
        let Some(shape) = &self.shape else {
            return Ok(value);
        };
        let start = run.items.len();
        match value.map(|value| written(value, &['[', '{'], run)) {
            Some(Json::List(items)) => {
                for item in items {
                    let item = written(*item, &['{'], run);
                    let shaped = shape.resolve(item, run)?.unwrap_or(Json::Null);
                    run.items.push(shaped);
                }
            }
            Some(object @ Json::Object(_)) => {
                let shaped = shape.resolve(object, run)?.unwrap_or(Json::Null);
                run.items.push(shaped);
            }
            _ => return Ok(value),
        }
        Ok(Some(run.list(start)))
    }
}

/// The list or the object that a text writes as JSON, as tag managers hand over the
/// products of an order; any other value, and what begins otherwise, as it is.
fn written<'a>(value: Json<'a>, begins: &[char], run: &Run<'a>) -> Json<'a> {
    let Json::Str(text) = value else {
        return value;
    };
    let text =
        text.trim_matches(|character: char| character.is_whitespace() || character == '\u{feff}');
    if !text.starts_with(begins) {
        return value;
    }
    Json::parse(run.arena, text.as_bytes()).unwrap_or(value)
}
