//! `@if` and `@coalesce`: one of several values.
//!
//! `{"@if": {"exists": …, "then": …, "else": …}}` takes `then` where the value
//! is neither missing nor null; with `blank` in place of `exists`, where it is
//! also not loosely equal to `""`: `0`, `false` and `[]` take `else`. A branch
//! that is not there gives nothing. Where both are given, `exists` decides.
//!
//! `{"@coalesce": [a, b, c]}` takes the first that is neither missing, nor
//! null, nor an empty text. For an event's id, a template with a hole is none
//! either.

use super::compile::{Compiled, Compiler};
use super::error::ResolveError;
use super::node::Node;
use super::options::{self, Options};
use super::path::{Base, value_at};
use super::resolve::Resolved;
use super::run::Run;
use super::text::is_loosely_empty;
use crate::json::Json;

#[derive(Clone, Debug)]
pub(super) struct If {
    condition: Node,
    asks: Asks,
    then: Option<Node>,
    otherwise: Option<Node>,
    /// Whether it takes the value that it asks for: a choice as [`Coalesce`] is one, in
    /// the words of those who have no `@coalesce`.
    takes_what_it_asks_for: bool,
}

#[derive(Clone, Copy, Debug)]
enum Asks {
    Exists,
    NotBlank,
}

impl If {
    pub(super) fn compile(compiler: &mut Compiler, json: Json<'_>) -> Compiled<Self> {
        let options = Options::read(compiler, json, &["exists", "blank", "then", "else"])?;
        let exists = options.optional(compiler, "exists", options::telling);
        let blank = options.optional(compiler, "blank", options::telling);
        let then = options.optional(compiler, "then", options::any);
        let otherwise = options.optional(compiler, "else", options::any);
        let (condition, asks) = match (exists?, blank?) {
            (Some(condition), _) => (condition, Asks::Exists),
            (None, Some(condition)) => (condition, Asks::NotBlank),
            (None, None) => {
                return Err(compiler.fault("one of the options `exists` and `blank` is missing"));
            }
        };
        let [asked, taken] = ["exists", "then"].map(|key| json.get(key));
        Ok(Self {
            takes_what_it_asks_for: asked.is_some() && asked == taken,
            condition,
            asks,
            then: then?,
            otherwise: otherwise?,
        })
    }

    /// The branch that `event` takes.
    pub(super) fn branch<'a>(
        &'a self,
        event: Json<'a>,
        run: &mut Run<'a>,
    ) -> Result<Option<&'a Node>, Box<ResolveError>> {
        // A condition chooses nothing.
        let to_pass = std::mem::take(&mut run.to_pass);
        let condition = self.condition.resolve(event, run)?;
        run.to_pass = to_pass;
        let mut holds = match (condition, self.asks) {
            (None | Some(Json::Null), _) => false,
            (Some(_), Asks::Exists) => true,
            (Some(value), Asks::NotBlank) => !is_loosely_empty(value),
        };
        if holds && self.takes_what_it_asks_for && run.to_pass > 0 {
            run.to_pass -= 1;
            holds = false;
        }
        Ok(if holds {
            self.then.as_ref()
        } else {
            self.otherwise.as_ref()
        })
    }

    pub(super) fn resolve<'a>(&'a self, event: Json<'a>, run: &mut Run<'a>) -> Resolved<'a> {
        match self.branch(event, run)? {
            Some(branch) => branch.resolve(event, run),
            None => Ok(None),
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Coalesce(Box<[Choice]>);

#[derive(Clone, Debug)]
struct Choice {
    node: Node,
    /// How many choices from here on are paths that begin at the same shared beginning:
    /// where that is missing, so are they.
    alike: usize,
}

impl Coalesce {
    pub(super) fn compile(compiler: &mut Compiler, json: Json<'_>) -> Compiled<Self> {
        let choices = options::list(compiler, json)?;
        if choices.is_empty() {
            return Err(compiler.fault("must hold at least one value"));
        }
        let nodes = compiler.nodes(choices)?;
        let mut choices: Vec<Choice> = Vec::with_capacity(nodes.len());
        for node in nodes.into_iter().rev() {
            let before = choices.last().filter(|next| {
                let base = base(&node);
                base.is_some() && base == self::base(&next.node)
            });
            let alike = before.map_or(1, |next| next.alike + 1);
            choices.push(Choice { node, alike });
        }
        choices.reverse();
        Ok(Self(choices.into()))
    }

    pub(super) fn resolve<'a>(&'a self, event: Json<'a>, run: &mut Run<'a>) -> Resolved<'a> {
        let mut rest = &*self.0;
        while let [choice, others @ ..] = rest {
            let base = base(&choice.node);
            if base.is_some() && value_at(base, event, &run.prefixes).is_none() {
                rest = rest.get(choice.alike..).unwrap_or(&[]);
                continue;
            }
            rest = others;
            match choice.node.resolve(event, run)? {
                None | Some(Json::Null | Json::Str("")) => {}
                // No id is made of a template with a hole.
                Some(found) if run.holes.has(found) => {}
                Some(_) if run.to_pass > 0 => run.to_pass -= 1,
                found => return Ok(found),
            }
        }
        Ok(None)
    }
}

/// The shared beginning of a path.
const fn base(node: &Node) -> Base {
    match node {
        Node::Path(path) => path.base,
        _ => None,
    }
}
