//! Mappings: how a draft is made from an event, as JSON with directives.
//!
//! ```json
//! {
//!   "event_name": "Purchase",
//!   "currency": { "@case": { "operator": "upper", "value": { "@path": "$.properties.currency" } } },
//!   "contents": { "@arrayPath": ["$.properties.products", { "id": { "@path": "$.product_id" } }] }
//! }
//! ```
//!
//! An object whose one key begins with `@` is a directive and is resolved
//! against the event (a `_metadata` key beside it is ignored); everything else
//! stands for itself. What is missing in the event is left out of an object,
//! and is `null` in a list, where places count; `null` stays `null`.
//!
//! | directive | gives (details in the file named) |
//! |---|---|
//! | `@path` | the value at a path (`path.rs`) |
//! | `@template` | a text with `{{paths}}` filled in (`template.rs`) |
//! | `@literal` | its value, itself resolved |
//! | `@if` | one of two values (`choice.rs`) |
//! | `@coalesce` | the first value that is there (`choice.rs`) |
//! | `@case` | a text in upper or lower case |
//! | `@replace` | a text with parts replaced (`replace.rs`) |
//! | `@arrayPath` | a list with each item shaped (`array.rs`) |
//! | `@merge` | several objects as one (`merge.rs`) |
//! | `@transform` | a mapping of a mapping |
//! | `@flatten` | an object without nesting (`flatten.rs`) |
//! | `@json` | a value as JSON text, or back (`encoding.rs`) |
//! | `@liquid` | the text of a Liquid template (`liquid/`) |
//! | `@excludeWhenNull` | its value without nulls (`exclude.rs`) |
//!
//! The language and its corners are those of Segment's mapping kit, and where
//! that shows JavaScript, so does this; `@coalesce` is an addition.
//!
//! A mapping is compiled once, when a configuration is loaded: every fault is
//! found then, and resolving an event checks nothing again.

mod array;
mod case;
mod choice;
mod compile;
mod directive;
mod encoding;
mod error;
mod exclude;
mod flatten;
#[cfg(feature = "liquid")]
mod liquid;
mod merge;
mod node;
mod options;
mod path;
mod prefix;
mod replace;
mod resolve;
mod run;
mod template;
mod text;
mod transform;

pub use directive::directives;
pub use encoding::json_text;
pub use error::{MappingError, ResolveError};
pub(crate) use options::directive;
pub(crate) use path::{find_path, without_root};
pub(crate) use template::template_paths;
pub(crate) use text::number_text;

use crate::event::{Arena, Json};
use node::Node;
use prefix::Prefixes;
use run::Run;

/// How deep a mapping may nest.
const MAX_DEPTH: usize = 64;

/// A compiled mapping. It owns its texts, and what it resolves to borrows from
/// it, from the event and from the arena: nothing is cloned.
#[derive(Clone, Debug)]
pub struct Mapping {
    text: Box<str>,
    root: Node,
    prefixes: Prefixes,
}

impl Mapping {
    /// Compiles a mapping.
    ///
    /// # Errors
    ///
    /// Every fault of it, each with its JSON path: an unknown directive, two
    /// directives in one object, a directive beside plain keys, a missing,
    /// unknown or wrong option, a faulty Liquid template, nesting beyond 64
    /// levels.
    pub fn compile(json: Json<'_>) -> Result<Self, Vec<MappingError>> {
        compile::root(json).map(|(root, prefixes)| Self {
            text: json.to_text().into(),
            root,
            prefixes,
        })
    }

    /// The mapping as JSON text, for whoever is to see it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether a directive makes all of it, so that no key of its text stands
    /// for one of what it gives.
    #[must_use]
    pub(crate) const fn is_one_directive(&self) -> bool {
        !matches!(self.root, Node::Object(_))
    }

    /// What the mapping makes of `event`; `None` where that is nothing at all,
    /// as with a `@path` to a missing field.
    ///
    /// # Errors
    ///
    /// A directive inside a `@path` or `@template` gave something that is not
    /// a text, or a `@liquid` template met what a filter of it refuses.
    pub fn resolve<'a>(
        &'a self,
        event: Json<'a>,
        arena: &'a Arena,
    ) -> Result<Option<Json<'a>>, ResolveError> {
        let mut run = Run::new(arena, self.prefixes.find(event));
        self.root
            .resolve(event, &mut run)
            .and_then(|value| {
                run.check()?;
                value.map_or(Ok(()), Run::check_size)?;
                Ok(value)
            })
            .map_err(|error| *error)
    }

    /// The object that the mapping makes of `event`, without the members that
    /// cannot be resolved: each of those is told to `failed`. Whoever looks at
    /// a rejected conversion sees all that there is of it.
    pub(crate) fn resolve_each<'a>(
        &'a self,
        event: Json<'a>,
        arena: &'a Arena,
        failed: &mut dyn FnMut(ResolveError),
    ) -> Json<'a> {
        let mut run = Run::new(arena, self.prefixes.find(event));
        match self.root.resolve_each(event, &mut run, failed) {
            Ok(value) => value.unwrap_or(Json::Object(&[])),
            Err(error) => {
                failed(*error);
                Json::Object(&[])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_is_shared_and_its_results_need_no_clone() {
        fn shared<T: Clone + Send + Sync>() {}
        shared::<Mapping>();
        let arena = Arena::new();
        let text = String::from(r#"{"a":{"@path":"$.name"},"b":"fixed"}"#);
        let mapping = Mapping::compile(Json::parse(&arena, text.as_bytes()).unwrap()).unwrap();
        let event = Json::parse(&arena, br#"{"name":"x"}"#).unwrap();
        let first = mapping.resolve(event, &arena).unwrap().unwrap();
        let second = mapping.resolve(event, &arena).unwrap().unwrap();
        assert_eq!(first.to_text(), r#"{"a":"x","b":"fixed"}"#);
        assert_eq!(first, second);
        let name = event.get("name").and_then(Json::as_str).unwrap();
        let mapped = first.get("a").and_then(Json::as_str).unwrap();
        assert!(std::ptr::eq(name, mapped));
    }

    #[test]
    fn nesting_is_limited_when_the_mapping_is_compiled() {
        let nested = |depth: usize| {
            let text = "{\"a\":".repeat(depth) + "1" + &"}".repeat(depth);
            let arena = Arena::new();
            Mapping::compile(Json::parse(&arena, text.as_bytes()).unwrap()).map(drop)
        };
        assert!(nested(MAX_DEPTH - 1).is_ok());
        let faults = nested(MAX_DEPTH + 10).unwrap_err();
        assert_eq!(faults.len(), 1);
        assert!(
            faults[0].message.contains("deeper than 64"),
            "{}",
            faults[0]
        );
    }

    #[test]
    fn what_multiplies_what_it_is_given_ends_with_an_error() {
        let wrap = |outer: &str, inner: String, times: usize| {
            (0..times).fold(inner, |inner, _| outer.replace("INNER", &inner))
        };
        let replace = r#"{"@replace":{"pattern":"a","replacement":"aaaaaaaaaa","value":INNER}}"#;
        let ten = [r#"{"@path":"a"}"#; 10].join(",");
        let transform =
            format!(r#"{{"@transform":{{"apply":{{"a":INNER}},"mapping":{{"a":[{ten}]}}}}}}"#);
        let encode = r#"{"@json":{"mode":"encode","value":INNER}}"#;
        for mapping in [
            wrap(replace, r#"{"@path":"a"}"#.into(), 9),
            wrap(&transform, r#"{"@path":"a"}"#.into(), 9),
            wrap(encode, r#"{"@path":"q"}"#.into(), 28),
            format!(r#"{{"@template":"{}"}}"#, "{{long}}".repeat(10_000)),
        ] {
            let arena = Arena::new();
            let event = format!(r#"{{"a":"a","q":"\"","long":"{}"}}"#, "x".repeat(10_000));
            let event = Json::parse(&arena, event.as_bytes()).unwrap();
            let mapping =
                Mapping::compile(Json::parse(&arena, mapping.as_bytes()).unwrap()).unwrap();
            let error = mapping.resolve(event, &arena).unwrap_err();
            assert!(error.message.contains("16777216"), "{error}");
        }
    }

    #[test]
    fn every_fault_is_reported_with_its_path() {
        let arena = Arena::new();
        let text = br#"{
            "a": {"@paht": "x"},
            "b": {"@path": 5},
            "c": {"@if": {"els": 1}},
            "d": [{"@path": "x", "@template": "y"}],
            "e/f": {"@path": "x", "g": 1},
            "h": {"@replace": {"pattern": "", "value": 1, "global": "no"}},
            "i": {"@liquid": "{{ x"}
        }"#;
        let faults = Mapping::compile(Json::parse(&arena, text).unwrap()).unwrap_err();
        let places: Vec<(&str, Option<&str>)> = faults
            .iter()
            .map(|fault| (fault.path.as_str(), fault.suggestion.as_deref()))
            .collect();
        assert_eq!(
            places,
            [
                ("/a/@paht", Some("@path")),
                ("/b/@path", None),
                ("/c/@if/els", Some("else")),
                ("/c/@if", None),
                ("/d/0", None),
                ("/e~1f", None),
                ("/h/@replace/pattern", None),
                ("/h/@replace/global", None),
                ("/h/@replace/value", None),
                ("/i/@liquid", None),
            ]
        );
    }
}
