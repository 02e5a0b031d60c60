//! Which paths a mapping reads, and which of them gave the value.

use std::cell::Cell;

use serde::Serialize;

use crate::json::{Arena, Json};
#[cfg(feature = "liquid")]
use crate::mapping::liquid_reads;
use crate::mapping::{Mapping, directive, find_path, template_paths, without_root};

/// A path of the event that a mapping reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PathRead {
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
struct WirePath<'p, 'a> {
    event: Json<'a>,
    arena: &'a Arena,
    /// Whether what is read here is part of the value.
    used: bool,
    /// How many values of choices could not be used and are still to be passed over.
    to_pass: &'p Cell<usize>,
}

/// The paths that `mapping` reads of `event`, each once, in its order, where the value is
/// the one behind the first `passed` of its choices.
pub(super) fn reads<'a>(
    mapping: Json<'a>,
    passed: usize,
    event: Json<'a>,
    arena: &'a Arena,
) -> Vec<PathRead> {
    let mut found = Vec::new();
    let to_pass = Cell::new(passed);
    let place = WirePath {
        to_pass: &to_pass,
        event,
        arena,
        used: true,
    };
    place.follow(mapping, &mut found);
    found
}

impl<'a> WirePath<'_, 'a> {
    fn follow(self, mapping: Json<'a>, out: &mut Vec<PathRead>) {
        if let Some((name, options)) = directive(mapping) {
            return self.directive(name, options, out);
        }
        match mapping {
            Json::Object(members) => members
                .iter()
                .for_each(|(_, value)| self.follow(*value, out)),
            Json::List(items) => items.iter().for_each(|item| self.follow(*item, out)),
            _ => {}
        }
    }

    fn directive(self, name: &str, options: Json<'a>, out: &mut Vec<PathRead>) {
        match (name, options) {
            ("@path", Json::Str(path)) => self.path(without_root(path), out),
            ("@template", Json::Str(template)) => {
                template_paths(template).for_each(|path| self.path(path, out));
            }
            #[cfg(feature = "liquid")]
            ("@liquid", Json::Str(template)) => {
                for read in liquid_reads(template, self.event, self.arena) {
                    let used = self.used && read.used;
                    let (path, found) = (read.path, read.found);
                    push(out, PathRead { path, found, used });
                }
            }
            ("@coalesce", Json::List(choices)) => {
                let mut used = self.used;
                for choice in choices {
                    let is_there = used && self.is_there(*choice);
                    let is_passed = is_there && self.passes();
                    let used_here = used && !is_passed;
                    Self {
                        used: used_here,
                        ..self
                    }
                    .follow(*choice, out);
                    used &= is_passed || !is_there;
                }
            }
            ("@if", Json::Object(branches)) => {
                let [asked, taken] = ["exists", "then"].map(|key| options.get(key));
                let exists =
                    self.resolve(self.probe(branches), |it| it == Json::Bool(true)) == Some(true);
                let is_passed = exists && asked.is_some() && asked == taken && self.passes();
                let holds = exists && !is_passed;
                for (key, value) in branches {
                    let used = match *key {
                        "then" => holds,
                        "else" => !holds,
                        _ => !is_passed,
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
                let path = without_root(path);
                self.path(path, out);
                // The first item stands for all.
                let event = match find_path(path, self.event) {
                    Some(Json::List(items)) => items.first().copied(),
                    other => other,
                };
                let event = event.unwrap_or(Json::Null);
                let mut inner = Vec::new();
                for shape in shape {
                    Self { event, ..self }.follow(*shape, &mut inner);
                }
                for read in inner {
                    let path = format!("{path}[].{}", read.path);
                    push(out, PathRead { path, ..read });
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

    /// Whether the value of a choice is one that is passed over.
    fn passes(self) -> bool {
        let left = self.to_pass.get();
        self.to_pass.set(left.saturating_sub(1));
        left > 0
    }

    fn path(self, path: &str, out: &mut Vec<PathRead>) {
        let found = find_path(path, self.event).is_some_and(|value| !value.is_blank());
        push(
            out,
            PathRead {
                path: path.to_owned(),
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
        let branches = Json::Object(self.arena.list(&members));
        Json::Object(self.arena.list(&[("@if", branches)]))
    }

    fn is_there(self, mapping: Json<'a>) -> bool {
        match path_of(mapping) {
            // Most choices are paths.
            Some(path) => find_path(path, self.event).is_some_and(|value| !value.is_blank()),
            None => self.resolve(mapping, |value| !value.is_blank()) == Some(true),
        }
    }

    /// What `read` sees of what `mapping` makes of the event. The mapping is a
    /// part of one that was compiled, so that it compiles.
    fn resolve<T>(self, mapping: Json<'a>, read: impl FnOnce(Json<'_>) -> T) -> Option<T> {
        let mapping = Mapping::compile(mapping).ok()?;
        let value = mapping.resolve(self.event, self.arena).ok()??;
        Some(read(value))
    }
}

/// The path of a mapping that is nothing but a path.
pub(super) fn path_of<'a>(mapping: Json<'a>) -> Option<&'a str> {
    match directive(mapping) {
        Some(("@path", Json::Str(path))) => Some(without_root(path)),
        _ => None,
    }
}

/// The path of the member `key` of what is at `path`.
pub(super) fn below(path: &str, key: &str) -> String {
    match path {
        "" | "$" => key.to_owned(),
        path => format!("{path}.{key}"),
    }
}

/// A path that is read twice is used if either reading is.
fn push(out: &mut Vec<PathRead>, read: PathRead) {
    match out.iter_mut().find(|known| known.path == read.path) {
        Some(known) => known.used |= read.used,
        None => out.push(read),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each path, with `+` where it gave the value and `-` where it is there
    /// and did not.
    fn paths(mapping: &str, passed: usize) -> Vec<String> {
        let arena = Arena::new();
        let event = br#"{"a":"x","b":"y","z":null,"l":[{"p":1},{"q":2}],"flag":true}"#;
        let event = Json::parse(&arena, event).unwrap();
        let mapping = Json::parse(&arena, mapping.as_bytes()).unwrap();
        Mapping::compile(mapping).unwrap();
        reads(mapping, passed, event, &arena)
            .into_iter()
            .map(|read| match (read.used, read.found) {
                (true, _) => format!("+{}", read.path),
                (false, true) => format!("-{}", read.path),
                (false, false) => read.path,
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
            // Text and no path, as the mapping has it.
            (r#"{"@template":"o-{{a}{{}}{{b"}"#, &[]),
            // A path of a template has no `$.`, and this one is of a key `$`.
            (r#"{"@template":"{{$.a}}"}"#, &["$.a"]),
            (r#"{"@path":"$.l[0].p","_metadata":{}}"#, &["+l[0].p"]),
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
            assert_eq!(paths(mapping, 0), expected, "{mapping}");
        }
    }

    #[test]
    fn a_value_that_was_passed_over_is_there_and_is_not_used() {
        let choice = r#"{"@coalesce":[{"@path":"$.z"},{"@path":"$.a"},{"@path":"$.b"}]}"#;
        assert_eq!(paths(choice, 1), ["z", "-a", "+b"]);
        let choice =
            r#"{"@if":{"exists":{"@path":"$.a"},"then":{"@path":"$.a"},"else":{"@path":"$.b"}}}"#;
        assert_eq!(paths(choice, 1), ["-a", "+b"]);
    }
}
