//! JSON into nodes. All faults are gathered, not only the first.

use super::MAX_DEPTH;
use super::directive;
use super::error::MappingError;
use super::node::{Computed, Node};
use super::options::directive_name;
use super::path::Path;
use super::prefix::Prefixes;
use super::template::Template;
use crate::json::Json;

/// The key of Segment's exports that holds a `@transform` over the whole
/// mapping: its `apply`, while the mapping's other keys are what it maps.
const ROOT_TRANSFORM: &str = "__segment_internal_directive";

/// A fault was recorded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Faulted;

pub(super) type Compiled<T> = Result<T, Faulted>;

pub(super) struct Compiler {
    faults: Vec<MappingError>,
    /// The JSON pointer to where the compiler is.
    pointer: String,
    depth: usize,
    prefixes: Prefixes,
    /// How many shapes and transforms the compiler is in, where paths lead
    /// into something other than the event.
    inside: usize,
    /// Whether any part of the mapping may become the event's id.
    is_all_watched: bool,
}

pub(super) fn root(json: Json<'_>) -> Result<(Node, Prefixes), Vec<MappingError>> {
    let mut compiler = Compiler {
        faults: Vec::new(),
        pointer: String::new(),
        depth: 0,
        prefixes: Prefixes::default(),
        inside: 0,
        // A template alone makes a text, which has no id.
        is_all_watched: json.get(ROOT_TRANSFORM).is_some()
            || directive_name(json).is_some_and(|name| !matches!(name, "@template" | "@liquid")),
    };
    let node = match json {
        Json::Object(members) if json.get(ROOT_TRANSFORM).is_some() => {
            let rest: Vec<(&str, Json<'_>)> = members
                .iter()
                .copied()
                .filter(|(key, _)| *key != ROOT_TRANSFORM)
                .collect();
            let transform = json.get(ROOT_TRANSFORM).unwrap_or(Json::Null);
            compiler.at(ROOT_TRANSFORM, |compiler| {
                match transform.get("@transform") {
                    Some(options) => compiler.at("@transform", |compiler| {
                        directive::root_transform(compiler, options, &rest)
                    }),
                    None => Err(compiler.fault("must be an object with a `@transform`")),
                }
            })
        }
        _ => compiler.node(json),
    };
    match node {
        Ok(node) if compiler.faults.is_empty() => Ok((node, compiler.prefixes)),
        _ => Err(compiler.faults),
    }
}

impl Compiler {
    /// Records a fault at the place where the compiler is.
    pub(super) fn fault(&mut self, message: impl Into<String>) -> Faulted {
        self.fault_or(message, None)
    }

    /// Records a fault with what was probably meant.
    pub(super) fn fault_or(
        &mut self,
        message: impl Into<String>,
        suggestion: Option<&str>,
    ) -> Faulted {
        self.faults.push(MappingError {
            path: self.pointer(),
            message: message.into(),
            suggestion: suggestion.map(Into::into),
        });
        Faulted
    }

    pub(super) fn pointer(&self) -> String {
        if self.pointer.is_empty() {
            "/".into()
        } else {
            self.pointer.clone()
        }
    }

    /// Compiles what is under `key`.
    pub(super) fn at<T>(&mut self, key: &str, compile: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer
            .push_str(&key.replace('~', "~0").replace('/', "~1"));
        let compiled = compile(self);
        self.pointer.truncate(length);
        compiled
    }

    /// Compiles what belongs to the mapping's root, from wherever it is.
    pub(super) fn at_root<T>(&mut self, compile: impl FnOnce(&mut Self) -> T) -> T {
        let pointer = std::mem::take(&mut self.pointer);
        let compiled = compile(self);
        self.pointer = pointer;
        compiled
    }

    /// Compiles what is resolved against something other than the event.
    pub(super) fn inside<T>(&mut self, compile: impl FnOnce(&mut Self) -> T) -> T {
        self.inside += 1;
        let compiled = compile(self);
        self.inside -= 1;
        compiled
    }

    pub(super) fn path(&mut self, text: &str) -> Node {
        let mut path = Path::from_root(text);
        if self.inside == 0 {
            self.prefixes.share(&mut path);
        }
        Node::Path(path)
    }

    /// Whether what is compiled may become the event's id.
    pub(super) fn is_watched(&self) -> bool {
        let below = self.pointer.strip_prefix("/event_id");
        self.is_all_watched || below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    pub(super) fn template(&mut self, text: &str) -> Node {
        let mut template = Template::parse(text, self.is_watched());
        if self.inside == 0 {
            template.share(&mut self.prefixes);
        }
        Node::Template(template)
    }

    /// Compiles any value.
    pub(super) fn node(&mut self, json: Json<'_>) -> Compiled<Node> {
        if self.depth == MAX_DEPTH {
            return Err(self.fault(format!("the mapping nests deeper than {MAX_DEPTH} levels")));
        }
        self.depth += 1;
        let node = match json {
            Json::Null => Ok(Node::Null),
            Json::Bool(value) => Ok(Node::Bool(value)),
            Json::Number(number) => Ok(Node::Number(number)),
            Json::Str(text) => Ok(Node::Text(text.into())),
            Json::List(items) => self.nodes(items).map(Node::List),
            Json::Object(members) => self.object(members),
        };
        self.depth -= 1;
        node
    }

    /// Compiles every item of a list.
    pub(super) fn nodes(&mut self, items: &[Json<'_>]) -> Compiled<Box<[Node]>> {
        let nodes: Vec<Compiled<Node>> = items
            .iter()
            .enumerate()
            .map(|(index, item)| self.at(&index.to_string(), |compiler| compiler.node(*item)))
            .collect();
        nodes.into_iter().collect()
    }

    /// Compiles a directive, or an object that stands for itself.
    pub(super) fn object(&mut self, members: &[(&str, Json<'_>)]) -> Compiled<Node> {
        let mut directives = members.iter().filter(|(key, _)| key.starts_with('@'));
        let Some((name, options)) = directives.next() else {
            let nodes: Vec<Compiled<(Box<str>, Node)>> = members
                .iter()
                .map(|(key, value)| {
                    let node = self.at(key, |compiler| compiler.node(*value))?;
                    Ok(((*key).into(), node))
                })
                .collect();
            return nodes.into_iter().collect::<Compiled<_>>().map(Node::Object);
        };
        if let Some((other, _)) = directives.next() {
            return Err(self.fault(format!("`{name}` and `{other}` stand in one object")));
        }
        let plain = members
            .iter()
            .find(|(key, _)| !key.starts_with('@') && *key != "_metadata");
        if let Some((key, _)) = plain {
            return Err(self.fault(format!("`{name}` stands beside the plain key `{key}`")));
        }
        self.at(name, |compiler| {
            directive::compile(compiler, name, *options)
        })
    }

    /// Compiles a directive that must give a text when it is resolved.
    pub(super) fn computed(&mut self, json: Json<'_>) -> Compiled<Box<Computed>> {
        let pointer = self.pointer().into();
        Ok(Box::new(Computed {
            node: self.node(json)?,
            is_watched: self.is_watched(),
            pointer,
        }))
    }
}
