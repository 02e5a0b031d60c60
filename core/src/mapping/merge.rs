//! `@merge`: `{"objects": [a, b], "direction": "right"}`.
//!
//! One object of the members of several. To the right (the default) the later
//! object wins, to the left the earlier. A member that an object of the mapping
//! names wins even where its value is missing: the key is then left out. Of a
//! list or a text, the members are the items by their place.

use super::compile::{Compiled, Compiler};
use super::error::ResolveError;
use super::node::Node;
use super::options::{self, Options};
use super::resolve::Resolved;
use super::run::Run;
use crate::json::Json;
use crate::json::keep_last_of_each;

/// The operands, the winner last.
#[derive(Clone, Debug)]
pub(super) struct Merge(Box<[Node]>);

#[derive(Clone, Copy, Debug)]
enum Direction {
    Left,
    Right,
}

const DIRECTIONS: &[(&str, Direction)] = &[("left", Direction::Left), ("right", Direction::Right)];

type Members<'a> = Vec<(&'a str, Option<Json<'a>>)>;

impl Merge {
    pub(super) fn compile(compiler: &mut Compiler, json: Json<'_>) -> Compiled<Self> {
        let options = Options::read(compiler, json, &["objects", "direction"])?;
        let direction = options.optional(compiler, "direction", |compiler, json| {
            options::one_of(compiler, json, DIRECTIONS)
        });
        let objects = options.required(compiler, "objects", |compiler, json| {
            let mut nodes = Vec::new();
            for (index, json) in options::list(compiler, json)?.iter().enumerate() {
                nodes.push(compiler.at(&index.to_string(), |compiler| {
                    options::object_or_directive(compiler, *json)
                }));
            }
            nodes.into_iter().collect::<Compiled<Vec<Node>>>()
        });
        let mut objects = objects?;
        if matches!(direction?, Some(Direction::Left)) {
            objects.reverse();
        }
        Ok(Self(objects.into()))
    }

    pub(super) fn resolve<'a>(&'a self, event: Json<'a>, run: &mut Run<'a>) -> Resolved<'a> {
        let mut members = Vec::new();
        self.members(event, run, &mut members)?;
        keep_last_of_each(&mut members, 0);
        let start = run.members.len();
        run.members.extend(
            members
                .iter()
                .filter_map(|(key, value)| Some((*key, (*value)?))),
        );
        Ok(Some(run.object(start)))
    }

    fn members<'a>(
        &'a self,
        event: Json<'a>,
        run: &mut Run<'a>,
        members: &mut Members<'a>,
    ) -> Result<(), Box<ResolveError>> {
        self.0
            .iter()
            .try_for_each(|object| object.members(event, run, members))
    }
}

impl Merge {
    /// The operands, the winner last.
    pub(super) const fn objects(&self) -> &[Node] {
        &self.0
    }
}

impl Node {
    /// Appends the members of what this node gives, the missing ones included.
    fn members<'a>(
        &'a self,
        event: Json<'a>,
        run: &mut Run<'a>,
        members: &mut Members<'a>,
    ) -> Result<(), Box<ResolveError>> {
        match self {
            Self::Object(nodes) => {
                for (key, node) in nodes {
                    members.push((key, node.resolve(event, run)?));
                }
            }
            Self::If(choice) => {
                if let Some(branch) = choice.branch(event, run)? {
                    branch.members(event, run, members)?;
                }
            }
            Self::Merge(merge) => merge.members(event, run, members)?,
            Self::Transform(transform) => {
                let event = transform.apply(event, run)?;
                transform.mapping().members(event, run, members)?;
            }
            _ => {
                let value = self.resolve(event, run)?;
                let place = |index: usize| run.arena.text(&index.to_string());
                match value {
                    Some(Json::Object(object)) => {
                        members.extend(object.iter().map(|(key, value)| (*key, Some(*value))));
                    }
                    Some(Json::List(items)) => {
                        let items = items.iter().enumerate();
                        members.extend(items.map(|(index, item)| (place(index), Some(*item))));
                    }
                    Some(Json::Str(text)) => {
                        let letters = text.split_inclusive(|_: char| true).enumerate();
                        members
                            .extend(letters.map(|(index, it)| (place(index), Some(Json::Str(it)))));
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }
}
