//! Resolving nodes against an event.

use super::error::ResolveError;
use super::node::{Computed, Node};
use super::path::Path;
use super::template::Template;
use crate::event::{Arena, Json};

/// What a node gives: `None` is JavaScript's `undefined`. The error is boxed
/// because it is rare and this passes through every node.
pub(super) type Resolved<'a> = Result<Option<Json<'a>>, Box<ResolveError>>;

/// What resolving one event needs beside it: the arena, and buffers in which
/// lists, objects and texts grow before they are copied there, innermost last.
pub(super) struct Run<'a> {
    pub(super) arena: &'a Arena,
    pub(super) items: Vec<Json<'a>>,
    pub(super) members: Vec<(&'a str, Json<'a>)>,
    pub(super) text: String,
    /// The values of the shared beginnings of paths.
    pub(super) prefixes: Vec<Option<Json<'a>>>,
    /// The bytes of the lists, objects and texts made so far.
    made: usize,
    /// Whether a text grew beyond [`MOST`].
    is_beyond: bool,
}

/// The most that a mapping may make of one event, in bytes: some directives in
/// each other multiply what they are given.
pub(super) const MOST: usize = 16 << 20;

impl<'a> Run<'a> {
    pub(super) const fn new(arena: &'a Arena, prefixes: Vec<Option<Json<'a>>>) -> Self {
        Self {
            made: 0,
            is_beyond: false,
            arena,
            items: Vec::new(),
            members: Vec::new(),
            text: String::new(),
            prefixes,
        }
    }

    /// Whether a text that grows is to grow on.
    pub(super) fn may_grow(&mut self, length: usize) -> bool {
        self.is_beyond |= length > MOST;
        !self.is_beyond
    }

    /// Fails once more was made than [`MOST`].
    pub(super) fn check(&self) -> Result<(), Box<ResolveError>> {
        if self.is_beyond || self.made > MOST {
            return Err(beyond());
        }
        Ok(())
    }

    /// Fails where `value` is larger than [`MOST`] when it is written out: a
    /// value that stands in it a thousand times was made once.
    pub(super) fn check_size(value: Json<'_>) -> Result<(), Box<ResolveError>> {
        let mut left = MOST;
        if takes(value, &mut left) {
            Ok(())
        } else {
            Err(beyond())
        }
    }

    /// The items pushed since `start` as a list of the arena.
    pub(super) fn list(&mut self, start: usize) -> Json<'a> {
        self.made += size_of_val(&self.items[start..]);
        let list = self.arena.list(&self.items[start..]);
        self.items.truncate(start);
        Json::List(list)
    }

    /// The members pushed since `start` as an object of the arena.
    pub(super) fn object(&mut self, start: usize) -> Json<'a> {
        self.made += size_of_val(&self.members[start..]);
        let object = self.arena.list(&self.members[start..]);
        self.members.truncate(start);
        Json::Object(object)
    }

    /// A text that `write` appends, in the arena.
    pub(super) fn text(&mut self, write: impl FnOnce(&mut String)) -> Json<'a> {
        self.text.clear();
        write(&mut self.text);
        Json::Str(self.made_text())
    }

    /// What stands in the text buffer, in the arena.
    pub(super) fn made_text(&mut self) -> &'a str {
        self.made += self.text.len();
        self.arena.text(&self.text)
    }
}

fn beyond() -> Box<ResolveError> {
    Box::new(ResolveError {
        path: "/".into(),
        message: format!("the mapping makes more than {MOST} bytes of the event"),
    })
}

/// Takes the bytes of `value` from `left`, if there are so many.
fn takes(value: Json<'_>, left: &mut usize) -> bool {
    let own = match value {
        Json::Str(text) => text.len(),
        _ => 1,
    };
    let Some(rest) = left.checked_sub(own) else {
        return false;
    };
    *left = rest;
    match value {
        Json::List(items) => items.iter().all(|item| takes(*item, left)),
        Json::Object(members) => members.iter().all(|(key, value)| {
            let is_left = key.len() <= *left;
            *left = left.saturating_sub(key.len());
            is_left && takes(*value, left)
        }),
        _ => true,
    }
}

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
                Ok(text.map(|text| Template::parse(text).fill_once(event, run)))
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
            Self::ExcludeNull(node) => {
                let value = node.resolve(event, run)?;
                Ok(value.and_then(|value| super::exclude::nulls(value, run)))
            }
        }
    }
}

impl Node {
    /// As [`Node::resolve`], but a member of the outermost object that fails is
    /// told and left out. What grows beyond all limits fails as a whole.
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
                    let (members, items) = (run.members.len(), run.items.len());
                    match node.resolve(event, run) {
                        Ok(Some(value)) => run.members.push((key, value)),
                        Ok(None) => {}
                        Err(error) => {
                            run.check()?;
                            run.members.truncate(members);
                            run.items.truncate(items);
                            failed(*error);
                        }
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
