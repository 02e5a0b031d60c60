//! `@transform`: `{"apply": …, "mapping": …}`: the first is resolved against
//! the event, the second against what that gave.

use super::compile::{Compiled, Compiler};
use super::error::ResolveError;
use super::node::Node;
use super::options::{self, Options};
use super::resolve::Resolved;
use super::run::Run;
use crate::json::Json;

#[derive(Clone, Debug)]
pub(super) struct Transform {
    apply: Node,
    mapping: Node,
}

impl Transform {
    pub(super) fn compile(compiler: &mut Compiler, json: Json<'_>) -> Compiled<Self> {
        let options = Options::read(compiler, json, &["apply", "mapping"])?;
        let apply = options.required(compiler, "apply", options::object_or_directive);
        let mapping = options.required(compiler, "mapping", |compiler, json| {
            compiler.inside(|compiler| options::object_or_directive(compiler, json))
        });
        Ok(Self {
            apply: apply?,
            mapping: mapping?,
        })
    }

    /// The same without a `mapping` of its own: that is the rest of the root.
    pub(super) fn compile_root(
        compiler: &mut Compiler,
        json: Json<'_>,
        mapping: &[(&str, Json<'_>)],
    ) -> Compiled<Self> {
        let options = Options::read(compiler, json, &["apply"])?;
        let apply = options.required(compiler, "apply", options::object_or_directive);
        let mapping =
            compiler.at_root(|compiler| compiler.inside(|compiler| compiler.object(mapping)));
        Ok(Self {
            apply: apply?,
            mapping: mapping?,
        })
    }

    pub(super) const fn mapping(&self) -> &Node {
        &self.mapping
    }

    /// What the mapping is resolved against.
    pub(super) fn apply<'a>(
        &'a self,
        event: Json<'a>,
        run: &mut Run<'a>,
    ) -> Result<Json<'a>, Box<ResolveError>> {
        Ok(self.apply.resolve(event, run)?.unwrap_or(Json::Object(&[])))
    }

    pub(super) fn resolve<'a>(&'a self, event: Json<'a>, run: &mut Run<'a>) -> Resolved<'a> {
        let event = self.apply(event, run)?;
        self.mapping.resolve(event, run)
    }
}
