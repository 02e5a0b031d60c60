//! `@flatten`: `{"value": …, "separator": "."}`: `{"a": {"b": 1}}` becomes
//! `{"a.b": 1}`.
//!
//! Lists are flattened by their places, `{"a.0": 1}`, unless `omitArrays` is
//! true: then they stay as they are. Empty objects and lists vanish. A value
//! that is neither has the empty key.

use super::compile::{Compiled, Compiler};
use super::error::ResolveError;
use super::node::Node;
use super::options::{self, Options};
use super::resolve::Resolved;
use super::run::Run;
use crate::json::Json;
use crate::json::keep_last_of_each;

#[derive(Clone, Debug)]
pub(super) struct Flatten {
    value: Node,
    separator: Box<str>,
    omit_arrays: bool,
}

impl Flatten {
    pub(super) fn compile(compiler: &mut Compiler, json: Json<'_>) -> Compiled<Self> {
        let options = Options::read(compiler, json, &["value", "separator", "omitArrays"])?;
        let value = options.required(compiler, "value", options::any);
        let separator =
            options.required(compiler, "separator", |compiler, json| match options::text(
                compiler, json,
            )? {
                "" => Err(compiler.fault("must not be empty")),
                text => Ok(text),
            });
        let omit_arrays = options.optional(compiler, "omitArrays", options::boolean);
        Ok(Self {
            value: value?,
            separator: separator?.into(),
            omit_arrays: omit_arrays?.unwrap_or(false),
        })
    }

    pub(super) fn resolve<'a>(&'a self, event: Json<'a>, run: &mut Run<'a>) -> Resolved<'a> {
        let start = run.members.len();
        self.nodes(&self.value, "", event, run)?;
        // `{"a": {"b": 1}, "a.b": 2}` names one key twice.
        keep_last_of_each(&mut run.members, start);
        Ok(Some(run.object(start)))
    }

    /// Appends the members of what `node` gives under `key`. Its lists are gone
    /// through as they are written: what is missing in one has no key, and keeps its place.
    fn nodes<'a>(
        &'a self,
        node: &'a Node,
        key: &str,
        event: Json<'a>,
        run: &mut Run<'a>,
    ) -> Result<(), Box<ResolveError>> {
        let below = |part: &str| match key {
            "" => part.to_owned(),
            key => [key, &self.separator, part].concat(),
        };
        match node {
            Node::Object(members) => {
                for (part, node) in members {
                    self.nodes(node, &below(part), event, run)?;
                }
            }
            Node::List(items) if !self.omit_arrays => {
                for (index, node) in items.iter().enumerate() {
                    self.nodes(node, &below(&index.to_string()), event, run)?;
                }
            }
            Node::If(choice) => {
                if let Some(node) = choice.branch(event, run)? {
                    self.nodes(node, key, event, run)?;
                }
            }
            node => {
                if let Some(value) = node.resolve(event, run)? {
                    run.text.clear();
                    run.text.push_str(key);
                    self.flatten(value, run);
                }
            }
        }
        run.check()
    }

    /// Appends the members of `value`, whose key is in the text buffer.
    fn flatten<'a>(&self, value: Json<'a>, run: &mut Run<'a>) {
        match value {
            Json::Object(members) => {
                for &(key, value) in members {
                    self.under(key, value, run);
                }
            }
            Json::List(items) if !self.omit_arrays => {
                for (index, item) in items.iter().enumerate() {
                    self.under(&index.to_string(), *item, run);
                }
            }
            _ => {
                let key = run.made_text();
                run.members.push((key, value));
            }
        }
    }

    fn under<'a>(&self, key: &str, value: Json<'a>, run: &mut Run<'a>) {
        if run.check().is_err() {
            return;
        }
        let length = run.text.len();
        if length > 0 {
            run.text.push_str(&self.separator);
        }
        run.text.push_str(key);
        self.flatten(value, run);
        run.text.truncate(length);
    }
}
