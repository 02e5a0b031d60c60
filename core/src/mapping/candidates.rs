//! What a mapping has behind the value that it gives: the other values of a choice, for
//! whoever could not use the first.

use super::Mapping;
use super::node::Node;
use super::run::Run;
use crate::json::{Arena, Json};

/// The most values of a member that are tried.
const MAX_CANDIDATES: usize = 64;

/// The values that a mapping has for one member behind the first, in order:
/// those that `@coalesce` would take if the ones before were not there, and the `else` of
/// an `@if` that takes what it asks for.
pub(crate) struct Candidates<'a> {
    of: Option<(&'a Node, Json<'a>)>,
    run: Run<'a>,
    passed: usize,
}

impl Mapping {
    /// The candidates for the member that `way` leads to, which says of each object on it
    /// what the next member is called, behind `first`, which the mapping gave for it of
    /// `event`. None where it was made otherwise.
    pub(crate) fn candidates<'a>(
        &'a self,
        way: &[&dyn Fn(&str) -> bool],
        first: Json<'a>,
        event: Json<'a>,
        arena: &'a Arena,
    ) -> Candidates<'a> {
        let mut run = Run::new(arena, self.prefixes.find(event));
        let of = find(&self.root, way, event, &mut run)
            .filter(|(node, event)| node.resolve(*event, &mut run) == Ok(Some(first)));
        Candidates { of, run, passed: 0 }
    }
}

impl<'a> Iterator for Candidates<'a> {
    type Item = Json<'a>;

    fn next(&mut self) -> Option<Json<'a>> {
        let (node, event) = self.of?;
        if self.passed == MAX_CANDIDATES {
            return None;
        }
        self.passed += 1;
        self.run.to_pass = self.passed;
        let value = node.resolve(event, &mut self.run).ok()??;
        (self.run.to_pass == 0 && !value.is_blank()).then_some(value)
    }
}

/// What makes the member, with what it is resolved against.
fn find<'a>(
    root: &'a Node,
    way: &[&dyn Fn(&str) -> bool],
    event: Json<'a>,
    run: &mut Run<'a>,
) -> Option<(&'a Node, Json<'a>)> {
    if let Node::Transform(transform) = root {
        let event = transform.apply(event, run).ok()?;
        return find(transform.mapping(), way, event, run);
    }
    let mut found = root;
    for is_it in way {
        found = member(found, is_it, event, run)?;
    }
    Some((found, event))
}

/// What makes the member of an object that `is_it` names.
fn member<'a>(
    node: &'a Node,
    is_it: &dyn Fn(&str) -> bool,
    event: Json<'a>,
    run: &mut Run<'a>,
) -> Option<&'a Node> {
    match node {
        Node::Object(members) => {
            let mut members = members.iter().rev();
            members.find(|(key, _)| is_it(key)).map(|(_, node)| node)
        }
        Node::If(choice) => member(choice.branch(event, run).ok()??, is_it, event, run),
        Node::Merge(merge) => {
            let objects = merge.objects().iter().rev();
            objects
                .filter_map(|object| member(object, is_it, event, run))
                .next()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn behind_the_first(member: &str) -> Vec<String> {
        let arena = Arena::new();
        let event = br#"{"a":"x","b":"y","c":{"d":"z"},"n":null,"e":""}"#;
        let event = Json::parse(&arena, event).unwrap();
        let text = format!(r#"{{"user":{{"id":{member}}},"other":{{"@coalesce":["p","q"]}}}}"#);
        let mapping = Json::parse(&arena, text.as_bytes()).unwrap();
        let mapping = Mapping::compile(mapping).unwrap();
        let draft = mapping.resolve(event, &arena).unwrap().unwrap();
        let first = draft.at(&["user", "id"]).unwrap();
        mapping
            .candidates(
                &[&|key| key == "user", &|key| key == "id"],
                first,
                event,
                &arena,
            )
            .map(Json::to_text)
            .collect()
    }

    #[test]
    fn the_other_values_of_a_choice_come_in_order() {
        let path = |path: &str| format!(r#"{{"@path":"$.{path}"}}"#);
        let coalesce = |paths: &[&str]| {
            let paths: Vec<_> = paths.iter().map(|it| path(it)).collect();
            format!(r#"{{"@coalesce":[{}]}}"#, paths.join(","))
        };
        let inner = coalesce(&["a", "b"]);
        for (member, expected) in [
            (path("a"), &[][..]),
            ("\"constant\"".to_owned(), &[]),
            (coalesce(&["a", "b", "c.d"]), &["\"y\"", "\"z\""]),
            (coalesce(&["n", "a", "e", "x.y", "c.d"]), &["\"z\""]),
            (
                format!(r#"{{"@coalesce":[{inner},{}]}}"#, path("c.d")),
                &["\"y\"", "\"z\""],
            ),
            (
                format!(r#"{{"@case":{{"operator":"upper","value":{inner}}}}}"#),
                &["\"Y\""],
            ),
            // Segment's way to say it.
            (
                r#"{"@if":{"exists":{"@path":"$.a"},"then":{"@path":"$.a"},"else":{"@path":"$.b"}}}"#
                    .to_owned(),
                &["\"y\""],
            ),
            (
                r#"{"@if":{"exists":{"@path":"$.a"},"then":{"@path":"$.b"},"else":{"@path":"$.c.d"}}}"#
                    .to_owned(),
                &[],
            ),
            // What is asked is not a choice.
            (
                format!(r#"{{"@if":{{"exists":{inner},"then":{}}}}}"#, path("a")),
                &[],
            ),
        ] {
            assert_eq!(behind_the_first(&member), expected, "{member}");
        }
    }

    #[test]
    fn they_are_found_in_objects_that_are_laid_over_each_other() {
        let arena = Arena::new();
        let event = Json::parse(&arena, br#"{"a":"x","b":"y"}"#).unwrap();
        let choice = r#"{"@coalesce":[{"@path":"$.a"},{"@path":"$.b"}]}"#;
        let merged =
            format!(r#"{{"user":{{"@merge":{{"objects":[{{"@path":"$"}},{{"id":{choice}}}]}}}}}}"#);
        let made = format!(
            r#"{{"__segment_internal_directive":{{"@transform":{{"apply":{{"a":{{"@path":"$.a"}},"b":"z"}}}}}},"user":{{"id":{choice}}}}}"#
        );
        for (mapping, expected) in [(merged, "y"), (made, "z")] {
            let json = Json::parse(&arena, mapping.as_bytes()).unwrap();
            let mapping = Mapping::compile(json).unwrap();
            let first = Json::Str("x");
            let named = |key: &str| key == "user" || key == "id";
            let mut found = mapping.candidates(&[&named, &named], first, event, &arena);
            assert_eq!(found.next(), Some(Json::Str(expected)));
            assert_eq!(found.next(), None);
            // Something else was refused than what it gives.
            let other = Json::Str("other");
            assert_eq!(
                mapping
                    .candidates(&[&named, &named], other, event, &arena)
                    .count(),
                0
            );
        }
    }
}
