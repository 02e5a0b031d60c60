//! A mapping as a tree of what is to be done.

use super::array::ArrayPath;
use super::case::Case;
use super::choice::{Coalesce, If};
use super::encoding::Encoding;
use super::flatten::Flatten;
#[cfg(feature = "liquid")]
use super::liquid::Liquid;
use super::merge::Merge;
use super::path::Path;
use super::person::{Email, Name};
use super::replace::Replace;
use super::template::Template;
use super::transform::Transform;
use crate::json::Number;

/// One value of a mapping, compiled.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Null,
    Bool(bool),
    Number(Number),
    Text(Box<str>),
    List(Box<[Self]>),
    Object(Box<[(Box<str>, Self)]>),
    Path(Path),
    /// The node gives the path.
    ComputedPath(Box<Computed>),
    Template(Template),
    /// The node gives the template.
    ComputedTemplate(Box<Computed>),
    If(Box<If>),
    Coalesce(Coalesce),
    Case(Box<Case>),
    Replace(Box<Replace>),
    ArrayPath(Box<ArrayPath>),
    Merge(Merge),
    Transform(Box<Transform>),
    Flatten(Box<Flatten>),
    Json(Box<Encoding>),
    #[cfg(feature = "liquid")]
    Liquid(Box<Liquid>),
    Email(Box<Email>),
    Name(Box<Name>),
    ExcludeNull(Box<Self>),
}

/// A node that must give a text, and its place for the error when it does not.
#[derive(Clone, Debug)]
pub(super) struct Computed {
    pub(super) node: Node,
    /// Whether holes in what it gives are noted.
    pub(super) is_watched: bool,
    pub(super) pointer: Box<str>,
}
