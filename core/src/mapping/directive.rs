//! The directives by name.

use super::array::ArrayPath;
use super::case::Case;
use super::choice::{Coalesce, If};
use super::compile::{Compiled, Compiler};
use super::encoding::Encoding;
use super::flatten::Flatten;
#[cfg(feature = "liquid")]
use super::liquid::Liquid;
use super::merge::Merge;
use super::node::Node;
use super::options::{directive_name, kind};
use super::path::MAX_LENGTH;
use super::person::{Email, Name};
use super::replace::Replace;
use super::transform::Transform;
use crate::json::Json;
use crate::suggest::nearest;

type Compile = fn(&mut Compiler, Json<'_>) -> Compiled<Node>;

const DIRECTIVES: &[(&str, Compile)] = &[
    ("@path", path),
    ("@template", template),
    ("@literal", |compiler, json| compiler.node(json)),
    ("@if", |compiler, json| {
        If::compile(compiler, json).map(|node| Node::If(Box::new(node)))
    }),
    ("@coalesce", |compiler, json| {
        Coalesce::compile(compiler, json).map(Node::Coalesce)
    }),
    ("@case", |compiler, json| {
        Case::compile(compiler, json).map(|node| Node::Case(Box::new(node)))
    }),
    ("@replace", |compiler, json| {
        Replace::compile(compiler, json).map(|node| Node::Replace(Box::new(node)))
    }),
    ("@arrayPath", |compiler, json| {
        ArrayPath::compile(compiler, json).map(|node| Node::ArrayPath(Box::new(node)))
    }),
    ("@merge", |compiler, json| {
        Merge::compile(compiler, json).map(Node::Merge)
    }),
    ("@transform", |compiler, json| {
        Transform::compile(compiler, json).map(|node| Node::Transform(Box::new(node)))
    }),
    ("@flatten", |compiler, json| {
        Flatten::compile(compiler, json).map(|node| Node::Flatten(Box::new(node)))
    }),
    ("@json", |compiler, json| {
        Encoding::compile(compiler, json).map(|node| Node::Json(Box::new(node)))
    }),
    ("@email", |compiler, json| {
        compiler
            .node(json)
            .map(|node| Node::Email(Box::new(Email(node))))
    }),
    ("@name", |compiler, json| {
        Name::compile(compiler, json).map(|node| Node::Name(Box::new(node)))
    }),
    ("@excludeWhenNull", |compiler, json| {
        compiler
            .node(json)
            .map(|node| Node::ExcludeNull(Box::new(node)))
    }),
    ("@liquid", liquid),
];

/// The names of all directives, each with its `@`.
pub fn directives() -> impl Iterator<Item = &'static str> {
    DIRECTIVES.iter().map(|(name, _)| *name)
}

/// Compiles the directive `name` with what is under it.
pub(super) fn compile(compiler: &mut Compiler, name: &str, json: Json<'_>) -> Compiled<Node> {
    match DIRECTIVES.iter().find(|(known, _)| *known == name) {
        Some((_, compile)) => compile(compiler, json),
        None => {
            let near = nearest(name, directives());
            Err(compiler.fault_or(format!("no directive is called `{name}`"), near))
        }
    }
}

/// A `@transform` over a whole mapping, whose other keys are `mapping`.
pub(super) fn root_transform(
    compiler: &mut Compiler,
    options: Json<'_>,
    mapping: &[(&str, Json<'_>)],
) -> Compiled<Node> {
    Transform::compile_root(compiler, options, mapping).map(|node| Node::Transform(Box::new(node)))
}

fn path(compiler: &mut Compiler, json: Json<'_>) -> Compiled<Node> {
    match json {
        Json::Str(text) if text.len() > MAX_LENGTH => {
            Err(compiler.fault(format!("a path may have {MAX_LENGTH} bytes at most")))
        }
        Json::Str(text) => Ok(compiler.path(text)),
        _ if directive_name(json).is_some() => compiler.computed(json).map(Node::ComputedPath),
        _ => Err(compiler.fault(format!("must be a text or a directive, not {}", kind(json)))),
    }
}

fn template(compiler: &mut Compiler, json: Json<'_>) -> Compiled<Node> {
    match json {
        Json::Str(text) => Ok(compiler.template(text)),
        _ if directive_name(json).is_some() => compiler.computed(json).map(Node::ComputedTemplate),
        _ => Err(compiler.fault(format!("must be a text or a directive, not {}", kind(json)))),
    }
}

#[cfg(feature = "liquid")]
fn liquid(compiler: &mut Compiler, json: Json<'_>) -> Compiled<Node> {
    Liquid::compile(compiler, json).map(|node| Node::Liquid(Box::new(node)))
}

#[cfg(not(feature = "liquid"))]
fn liquid(compiler: &mut Compiler, _: Json<'_>) -> Compiled<Node> {
    Err(compiler.fault("this build has no `@liquid`; build with the feature `liquid`"))
}
