//! Which paths a mapping reads, and which of them gave the value.

use serde::Serialize;

use crate::event::{Arena, Json};
use crate::mapping::Mapping;

/// A path of the event that a mapping reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The path, without the `$.` before it.
    pub path: String,
    /// Whether the event has something there.
    pub found: bool,
    /// Whether the value was made with it. Of a `@coalesce` that is the first
    /// that was found, of an `@if` the branch that was taken.
    pub used: bool,
}

/// Where a mapping is being followed.
#[derive(Clone, Copy)]
struct Place<'a> {
    event: Json<'a>,
    arena: &'a Arena,
    /// Whether what is read here is part of the value.
    used: bool,
}

/// The paths that `mapping` reads of `event`, each once, in its order.
pub(super) fn sources<'a>(mapping: Json<'a>, event: Json<'a>, arena: &'a Arena) -> Vec<Source> {
    let mut found = Vec::new();
    let place = Place {
        event,
        arena,
        used: true,
    };
    place.follow(mapping, &mut found);
    found
}

impl<'a> Place<'a> {
    fn follow(self, mapping: Json<'a>, out: &mut Vec<Source>) {
        match mapping {
            Json::Object(members) => {
                let directive = members.iter().find(|(key, _)| key.starts_with('@'));
                match directive {
                    Some((name, options)) => self.directive(name, *options, out),
                    None => members
                        .iter()
                        .for_each(|(_, value)| self.follow(*value, out)),
                }
            }
            Json::List(items) => items.iter().for_each(|item| self.follow(*item, out)),
            _ => {}
        }
    }

    fn directive(self, name: &str, options: Json<'a>, out: &mut Vec<Source>) {
        match (name, options) {
            ("@path", Json::Str(path)) => self.path(path, out),
            ("@template", Json::Str(template)) => {
                for part in template.split("{{").skip(1) {
                    if let Some((path, _)) = part.split_once('}') {
                        self.path(path.trim_start_matches('{').trim(), out);
                    }
                }
            }
            ("@liquid", Json::Str(template)) => {
                for path in liquid_paths(template) {
                    // A word of the language and a variable of the template are none.
                    let root = path.split('.').next().unwrap_or(path);
                    if path.contains('.') || self.event.get(root).is_some() {
                        self.path(path, out);
                    }
                }
            }
            ("@coalesce", Json::List(choices)) => {
                let mut used = self.used;
                for choice in choices {
                    Self { used, ..self }.follow(*choice, out);
                    used &= !self.is_there(*choice);
                }
            }
            ("@if", Json::Object(branches)) => {
                let holds =
                    self.resolve(self.probe(branches), |it| it == Json::Bool(true)) == Some(true);
                for (key, value) in branches {
                    let used = match *key {
                        "then" => holds,
                        "else" => !holds,
                        _ => true,
                    };
                    let used = self.used && used;
                    Self { used, ..self }.follow(*value, out);
                }
            }
            ("@arrayPath", Json::List([list, shape @ ..])) => {
                // What a directive gives has no path of its own.
                let Json::Str(path) = list else {
                    return self.follow(*list, out);
                };
                self.path(path, out);
                // The first item stands for all.
                let first = self.resolve(self.one("@path", *list), |value| {
                    let first = value.as_list().map_or(Some(&value), |items| items.first());
                    copy(first.copied().unwrap_or(Json::Null), self.arena)
                });
                let event = first.unwrap_or(Json::Null);
                let mut inner = Vec::new();
                for shape in shape {
                    Self { event, ..self }.follow(*shape, &mut inner);
                }
                for source in inner {
                    let path = format!("{}[].{}", without_root(path), source.path);
                    push(out, Source { path, ..source });
                }
            }
            // What it maps is not the event any more.
            ("@transform", Json::Object(_)) => {
                if let Some(apply) = options.get("apply") {
                    self.follow(apply, out);
                }
            }
            _ => self.follow(options, out),
        }
    }

    fn path(self, path: &str, out: &mut Vec<Source>) {
        let found = self.is_there(self.one("@path", Json::Str(self.arena.text(path))));
        push(
            out,
            Source {
                path: without_root(path).to_owned(),
                found,
                used: self.used && found,
            },
        );
    }

    /// The condition of an `@if`, as a mapping that gives whether it holds.
    fn probe(self, branches: &[(&'a str, Json<'a>)]) -> Json<'a> {
        let asks = |key: &str| key == "exists" || key == "blank";
        let mut members: Vec<_> = branches
            .iter()
            .filter(|(key, _)| asks(key))
            .copied()
            .collect();
        members.push(("then", Json::Bool(true)));
        members.push(("else", Json::Bool(false)));
        self.one("@if", Json::Object(self.arena.list(&members)))
    }

    fn one(self, name: &'static str, options: Json<'a>) -> Json<'a> {
        Json::Object(self.arena.list(&[(name, options)]))
    }

    fn is_there(self, mapping: Json<'a>) -> bool {
        self.resolve(mapping, |value| !value.is_blank()) == Some(true)
    }

    /// What `read` sees of what `mapping` makes of the event. The mapping is a
    /// part of one that was compiled, so that it compiles.
    fn resolve<T>(self, mapping: Json<'a>, read: impl FnOnce(Json<'_>) -> T) -> Option<T> {
        let mapping = Mapping::compile(mapping).ok()?;
        let value = mapping.resolve(self.event, self.arena).ok()??;
        Some(read(value))
    }
}

/// What `event` has at `path`, which may have indexes.
pub(super) fn value_at<'a>(path: &str, event: Json<'a>, arena: &'a Arena) -> Option<Json<'a>> {
    let place = Place {
        event,
        arena,
        used: true,
    };
    let mapping = place.one("@path", Json::Str(arena.text(&format!("$.{path}"))));
    place.resolve(mapping, |value| copy(value, arena))
}

/// The path of a mapping that is nothing but a path.
pub(super) fn path_of<'a>(mapping: Json<'a>) -> Option<&'a str> {
    match mapping {
        Json::Object([("@path", Json::Str(path))]) => Some(without_root(path)),
        _ => None,
    }
}

/// `value` with everything in the arena.
fn copy<'a>(value: Json<'_>, arena: &'a Arena) -> Json<'a> {
    match value {
        Json::Null => Json::Null,
        Json::Bool(value) => Json::Bool(value),
        Json::Number(number) => Json::Number(number),
        Json::Str(text) => Json::Str(arena.text(text)),
        Json::List(items) => {
            let items: Vec<_> = items.iter().map(|item| copy(*item, arena)).collect();
            Json::List(arena.list(&items))
        }
        Json::Object(members) => {
            let members: Vec<_> = members
                .iter()
                .map(|(key, value)| (arena.text(key), copy(*value, arena)))
                .collect();
            Json::Object(arena.list(&members))
        }
    }
}

/// What may be a path in a template of Liquid: words with dots in its tags, to the
/// first index.
fn liquid_paths(template: &str) -> impl Iterator<Item = &str> {
    let tags = template.split('{').filter(|part| part.contains('}'));
    tags.flat_map(|tag| {
        let tag = tag.split('}').next().unwrap_or_default();
        let is_path = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.' | '-');
        // Every other part of a tag is a text in quotes.
        let code = tag.split(['"', '\'']).step_by(2);
        code.flat_map(move |code| code.split(move |letter| !is_path(letter)))
            .map(|path| path.trim_matches(['.', '-']))
            .filter(|path| path.starts_with(char::is_alphabetic))
    })
}

fn without_root(path: &str) -> &str {
    path.strip_prefix("$.").unwrap_or(path)
}

/// A path that is read twice is used if either reading is.
fn push(out: &mut Vec<Source>, source: Source) {
    match out.iter_mut().find(|known| known.path == source.path) {
        Some(known) => known.used |= source.used,
        None => out.push(source),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each path, with `+` where it gave the value and `-` where it is there
    /// and did not.
    fn read(mapping: &str) -> Vec<String> {
        let arena = Arena::new();
        let event = br#"{"a":"x","b":"y","z":null,"l":[{"p":1},{"q":2}],"flag":true}"#;
        let event = Json::parse(&arena, event).unwrap();
        let mapping = Json::parse(&arena, mapping.as_bytes()).unwrap();
        Mapping::compile(mapping).unwrap();
        sources(mapping, event, &arena)
            .into_iter()
            .map(|source| match (source.used, source.found) {
                (true, _) => format!("+{}", source.path),
                (false, true) => format!("-{}", source.path),
                (false, false) => source.path,
            })
            .collect()
    }

    #[test]
    fn each_path_says_whether_it_gave_the_value() {
        for (mapping, expected) in [
            (r#""constant""#, &[][..]),
            (r#"{"@path":"$.a"}"#, &["+a"]),
            (r#"{"@path":"$.missing"}"#, &["missing"]),
            (
                r#"{"@liquid":"{% if flag %}{{ a | remove: 'b' }}{{- z.y[0] -}}{% endif %}"}"#,
                &["+flag", "+a", "z.y"],
            ),
            (r#"{"@template":"{{a}}-{{{ z }}}"}"#, &["+a", "z"]),
            (
                r#"{"@coalesce":[{"@path":"$.z"},{"@path":"$.a"},{"@path":"$.b"}]}"#,
                &["z", "+a", "-b"],
            ),
            (
                r#"{"@if":{"exists":{"@path":"$.z"},"then":{"@path":"$.a"},"else":{"@path":"$.b"}}}"#,
                &["z", "-a", "+b"],
            ),
            (
                r#"{"@arrayPath":["$.l",{"id":{"@path":"$.p"},"n":{"@path":"$.x"}}]}"#,
                &["+l", "+l[].p", "l[].x"],
            ),
            (
                r#"{"@case":{"operator":"upper","value":{"@path":"$.a"}}}"#,
                &["+a"],
            ),
            (
                r#"{"@transform":{"apply":{"c":{"@path":"$.a"}},"mapping":{"d":{"@path":"$.c"}}}}"#,
                &["+a"],
            ),
            (
                r#"{"k":{"@path":"$.a"},"m":[{"@path":"$.b"}]}"#,
                &["+a", "+b"],
            ),
            (r#"{"@literal":{"@path":"$.a"}}"#, &["+a"]),
        ] {
            assert_eq!(read(mapping), expected, "{mapping}");
        }
    }
}
