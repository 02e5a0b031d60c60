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
//! | directive | is before | gives |
//! |---|---|---|
//! | `@path` | `"$.properties.products[0].name"` | the value at a path |
//! | `@template` | `"Order {{properties.order_id}}"` | a text with paths filled in, which have no `$.` |
//! | `@literal` | a value | that value, itself resolved |
//! | `@if` | `{"exists": …, "then": …, "else": …}`, or `blank` for `exists` | `then` where the value is neither missing nor null (`blank`: nor loosely equal to an empty text), else `else` |
//! | `@coalesce` | `[a, b, c]` | the first that is neither missing, nor null, nor an empty text |
//! | `@case` | `{"operator": "lower", "value": …}`, or `upper` | a text in that case, anything else as it is |
//! | `@replace` | `{"pattern": "a", "replacement": "b", "value": …}` | a text with parts replaced; also `pattern2`, `replacement2`, `global`, `ignorecase` |
//! | `@arrayPath` | `["$.properties.products", {…}]` | a list, each item in the shape, in which `$` is the item |
//! | `@merge` | `{"objects": [a, b], "direction": "right"}`, or `left` | the members of all; of one key the later wins, with `left` the earlier |
//! | `@transform` | `{"apply": …, "mapping": …}` | the second mapping, of what the first gives |
//! | `@flatten` | `{"value": …, "separator": "."}` | an object without nesting; `omitArrays` leaves lists as they are |
//! | `@json` | `{"mode": "encode", "value": …}`, or `decode` | a value as JSON text, or back |
//! | `@liquid` | `"{{ properties.name \| upcase }}"` | the text of a Liquid template; with the feature `liquid` |
//! | `@email` | a value | a text that is one e-mail address; nothing for any other |
//! | `@name` | `{"part": "first", "value": …}`, or `last` | the first word of a whole name, or the words behind it |
//! | `@excludeWhenNull` | a value | that value without the nulls in its objects, at any depth |
//!
//! The language and its corners are those of Segment's mapping kit, and where
//! that shows JavaScript, so does this; `@coalesce`, `@email` and `@name` are additions.
//!
//! A mapping is compiled once, when a configuration is loaded: every fault is
//! found then, and resolving an event checks nothing again.

mod array;
mod candidates;
mod case;
mod choice;
mod compile;
mod directive;
mod encoding;
mod error;
mod exclude;
mod flatten;
mod hole;
#[cfg(feature = "liquid")]
mod liquid;
mod merge;
mod node;
mod options;
mod path;
mod person;
mod prefix;
mod replace;
mod resolve;
mod run;
mod template;
mod text;
mod transform;

pub(crate) use candidates::Candidates;
pub use directive::directives;
pub use encoding::json_text;
pub use error::{MappingError, ResolveError};
pub(crate) use hole::event_id_hole;
#[cfg(feature = "liquid")]
pub(crate) use liquid::liquid_reads;
pub(crate) use options::directive;
pub(crate) use path::{find_path, without_root};
pub(crate) use template::template_paths;
pub(crate) use text::number_text;

use crate::json::{Arena, Json};
use node::Node;
use prefix::Prefixes;
use run::Run;

/// How deep a mapping may nest.
const MAX_DEPTH: usize = 64;

/// A compiled mapping. It owns its texts, and what it resolves to borrows from
/// it, from the event and from the arena: nothing is cloned.
///
/// ```
/// use capi_core::event::{Arena, Json};
/// use capi_core::mapping::Mapping;
///
/// let arena = Arena::new();
/// let mapping = Json::parse(
///     &arena,
///     br#"{
///         "event_name": "Purchase",
///         "value": { "@path": "$.properties.total" },
///         "order_id": { "@path": "$.properties.order_id" }
///     }"#,
/// )?;
/// let mapping = Mapping::compile(mapping).unwrap();
///
/// let event = Json::parse(&arena, br#"{"properties":{"total":25.5}}"#)?;
/// let draft = mapping.resolve(event, &arena)?.map(Json::to_text);
/// assert_eq!(draft.as_deref(), Some(r#"{"event_name":"Purchase","value":25.5}"#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Mapping {
    text: Box<str>,
    root: Node,
    prefixes: Prefixes,
}

/// What a mapping makes of an event.
#[derive(Clone, Copy)]
pub(crate) struct Draft<'a> {
    /// An object of an action's fields.
    pub(crate) value: Json<'a>,
    /// Whether its event id is of a template with an output that is empty.
    pub(crate) id_has_hole: bool,
}

impl Mapping {
    /// Compiles a mapping.
    ///
    /// ```
    /// use capi_core::event::{Arena, Json};
    /// use capi_core::mapping::Mapping;
    ///
    /// let arena = Arena::new();
    /// let json = Json::parse(&arena, br#"{"value":{"@paht":"$.total"},"id":{"@path":7}}"#)?;
    /// let faults = Mapping::compile(json).unwrap_err();
    /// assert_eq!(faults.len(), 2);
    /// assert_eq!(faults[0].suggestion.as_deref(), Some("@path"));
    /// assert_eq!(faults[1].path, "/id/@path");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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
    /// ```
    /// use capi_core::event::{Arena, Json};
    /// use capi_core::mapping::Mapping;
    ///
    /// let arena = Arena::new();
    /// let name = Json::parse(&arena, br#"{"@path":"$.traits.name"}"#)?;
    /// let name = Mapping::compile(name).unwrap();
    ///
    /// let event = Json::parse(&arena, br#"{"traits":{"name":"Ana"}}"#)?;
    /// assert_eq!(name.resolve(event, &arena)?, Some(Json::Str("Ana")));
    /// let other = Json::parse(&arena, br#"{"traits":{}}"#)?;
    /// assert_eq!(name.resolve(other, &arena)?, None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A directive inside a `@path` or `@template` gave something that is not
    /// a text, a `@liquid` template met what a filter of it refuses, or the mapping
    /// makes more than 16 MiB of the event.
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
    /// cannot be resolved: each of those is passed to `failed`. Whoever looks at
    /// a rejected conversion sees all that there is of it.
    pub(crate) fn resolve_each<'a>(
        &'a self,
        event: Json<'a>,
        arena: &'a Arena,
        failed: &mut dyn FnMut(ResolveError),
    ) -> Draft<'a> {
        let mut run = Run::new(arena, self.prefixes.find(event));
        let value = match self.root.resolve_each(event, &mut run, failed) {
            Ok(value) => value.unwrap_or(Json::Object(&[])),
            Err(error) => {
                failed(*error);
                Json::Object(&[])
            }
        };
        let id_has_hole = run.holes.is_any()
            && match value.get("event_id") {
                // A `@coalesce` passed over it.
                None | Some(Json::Null | Json::Str("")) => true,
                Some(id) => run.holes.has(id),
            };
        Draft { value, id_has_hole }
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
