//! Resolving nodes against an event.

use super::error::ResolveError;
use super::node::{Computed, Node};
use super::path::Path;
use super::run::Run;
use super::template::Template;
use crate::json::Json;

/// What a node gives: `None` is JavaScript's `undefined`. The error is boxed
/// because it is rare and this passes through every node.
pub(super) type Resolved<'a> = Result<Option<Json<'a>>, Box<ResolveError>>;

impl Node {
    pub(super) fn resolve<'a>(&'a self, event: Json<'a>, run: &mut Run<'a>) -> Resolved<'a> {
        run.check()?;
        match self {
            Self::Null => Ok(Some(Json::Null)),
            Self::Bool(value) => Ok(Some(Json::Bool(*value))),
            Self::Number(number) => Ok(Some(Json::Number(*number))),
            Self::Text(text) => Ok(Some(Json::Str(text))),
            Self::List(nodes) => {
                let start = run.items.len();
                for node in nodes {
                    let item = node.resolve(event, run)?.unwrap_or(Json::Null);
                    run.items.push(item);
                }
                Ok(Some(run.list(start)))
            }
            Self::Object(nodes) => {
                let start = run.members.len();
                for (key, node) in nodes {
                    if let Some(value) = node.resolve(event, run)? {
                        run.members.push((key, value));
                    }
                }
                Ok(Some(run.object(start)))
            }
            Self::Path(path) => Ok(path.find(event, &run.prefixes)),
            Self::ComputedPath(computed) => Ok(computed
                .text(event, run)?
                .and_then(|text| Path::from_root(text).find(event, &[]))),
            Self::Template(template) => Ok(Some(template.fill(event, run))),
            Self::ComputedTemplate(computed) => {
                let text = computed.text(event, run)?;
                let is_watched = computed.is_watched;
                Ok(text.map(|text| Template::parse(text, is_watched).fill_once(event, run)))
            }
            Self::If(choice) => choice.resolve(event, run),
            Self::Coalesce(choice) => choice.resolve(event, run),
            Self::Case(case) => case.resolve(event, run),
            Self::Replace(replace) => replace.resolve(event, run),
            Self::ArrayPath(array) => array.resolve(event, run),
            Self::Merge(merge) => merge.resolve(event, run),
            Self::Transform(transform) => transform.resolve(event, run),
            Self::Flatten(flatten) => flatten.resolve(event, run),
            Self::Json(encoding) => encoding.resolve(event, run),
            #[cfg(feature = "liquid")]
            Self::Liquid(template) => template.resolve(event, run),
            Self::Email(email) => email.resolve(event, run),
            Self::Name(name) => name.resolve(event, run),
            Self::ExcludeNull(node) => {
                let value = node.resolve(event, run)?;
                Ok(value.and_then(|value| super::exclude::nulls(value, run)))
            }
        }
    }
}

impl Node {
    /// As [`Node::resolve`], but a member of the outermost object, or of an object in
    /// it, that fails is reported to `failed` and left out. What grows beyond all limits fails as a
    /// whole.
    pub(super) fn resolve_each<'a>(
        &'a self,
        event: Json<'a>,
        run: &mut Run<'a>,
        failed: &mut dyn FnMut(ResolveError),
    ) -> Resolved<'a> {
        let value = match self {
            Self::Object(nodes) => {
                let start = run.members.len();
                for (key, node) in nodes {
                    let member = match node {
                        Self::Object(parts) => members(parts, event, run, failed)?,
                        node => member(node, event, run, failed)?,
                    };
                    if let Some(value) = member {
                        run.members.push((key, value));
                    }
                }
                Some(run.object(start))
            }
            Self::Transform(transform) => {
                let event = transform.apply(event, run)?;
                return transform.mapping().resolve_each(event, run, failed);
            }
            other => other.resolve(event, run)?,
        };
        run.check()?;
        value.map_or(Ok(()), Run::check_size)?;
        Ok(value)
    }
}

/// The object of `nodes`, without the members that fail.
fn members<'a>(
    nodes: &'a [(Box<str>, Node)],
    event: Json<'a>,
    run: &mut Run<'a>,
    failed: &mut dyn FnMut(ResolveError),
) -> Resolved<'a> {
    let start = run.members.len();
    for (key, node) in nodes {
        if let Some(value) = member(node, event, run, failed)? {
            run.members.push((key, value));
        }
    }
    Ok(Some(run.object(start)))
}

/// What `node` gives; nothing where it fails, which `failed` learns.
fn member<'a>(
    node: &'a Node,
    event: Json<'a>,
    run: &mut Run<'a>,
    failed: &mut dyn FnMut(ResolveError),
) -> Resolved<'a> {
    let (members, items) = (run.members.len(), run.items.len());
    node.resolve(event, run).or_else(|error| {
        run.check()?;
        run.members.truncate(members);
        run.items.truncate(items);
        failed(*error);
        Ok(None)
    })
}

impl Computed {
    /// The text that the node gives; `None` where that is missing or null.
    fn text<'a>(
        &'a self,
        event: Json<'a>,
        run: &mut Run<'a>,
    ) -> Result<Option<&'a str>, Box<ResolveError>> {
        match self.node.resolve(event, run)? {
            None | Some(Json::Null) => Ok(None),
            Some(Json::Str(text)) => Ok(Some(text)),
            Some(other) => Err(Box::new(ResolveError {
                path: self.pointer.to_string(),
                message: format!("the directive must give a text; it gave {}", other.kind()),
            })),
        }
    }
}
