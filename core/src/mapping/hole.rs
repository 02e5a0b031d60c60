//! Holes: outputs of templates that are empty, so that the text around them
//! stands for no one thing. `order-{{properties.order_id}}` is `order-` for every
//! order without an id.
//!
//! Only templates for an event's id are watched.

use super::options::directive;
use crate::json::Json;

/// What every event has, and so no condition need ask for.
pub(super) const ALWAYS: &str = "messageId";

/// The texts with holes that one run made, each known by where it is: what
/// passes a text on, passes its hole on.
#[derive(Default)]
pub(super) struct Holes<'a> {
    texts: Vec<&'a str>,
    /// Whether there is any, also of a text that is empty.
    is_any: bool,
}

impl<'a> Holes<'a> {
    pub(super) const fn is_any(&self) -> bool {
        self.is_any
    }

    /// Notes that `text` has a hole.
    pub(super) fn note(&mut self, text: &'a str) {
        self.is_any = true;
        if !text.is_empty() {
            self.texts.push(text);
        }
    }

    /// Whether `value` is a text with a hole.
    pub(super) fn has(&self, value: Json<'_>) -> bool {
        matches!(value, Json::Str(text) if self.texts.iter().any(|known| std::ptr::eq(*known, text)))
    }

    /// Notes that `made` has the hole of `from`, if that has one.
    pub(super) fn pass(&mut self, from: Json<'a>, made: &'a str) {
        if self.is_any && self.has(from) {
            self.note(made);
        }
    }
}

/// Where the event id's part of `mapping` may have a hole, as a JSON pointer.
///
/// A template is taken for safe where a condition asks for the path that it
/// fills in, where a default is for it, and where something safe comes behind
/// it in a `@coalesce`.
pub(crate) fn event_id_hole(mapping: Json<'_>) -> Option<String> {
    let id = mapping.get("event_id")?;
    find(id, &mut Vec::new()).map(|place| format!("/event_id{place}"))
}

/// Where in `json` a hole may be; `asked` are the paths that a condition asked for.
fn find<'j>(json: Json<'j>, asked: &mut Vec<&'j str>) -> Option<String> {
    let (name, options) = directive(json)?;
    let under = |key: &str, asked: &mut Vec<&'j str>| {
        let place = find(options.get(key)?, asked)?;
        Some(format!("/{name}/{key}{place}"))
    };
    match name {
        "@template" => {
            let text = options.as_str()?;
            let is_asked = |path: &str| path == ALWAYS || asked.contains(&path);
            let mut paths = super::template_paths(text);
            paths
                .any(|path| !is_asked(path))
                .then(|| "/@template".into())
        }
        #[cfg(feature = "liquid")]
        "@liquid" => {
            let text = options.as_str()?;
            super::liquid::may_have_hole(text, asked).then(|| "/@liquid".into())
        }
        "@coalesce" => {
            let items = options.as_list()?;
            let place = find(*items.last()?, asked)?;
            Some(format!("/@coalesce/{}{place}", items.len() - 1))
        }
        "@if" => {
            let condition = options.get("exists").or_else(|| options.get("blank"));
            let path = condition.and_then(|condition| condition.get("@path"));
            let path = path.and_then(Json::as_str).map(super::without_root);
            let known = asked.len();
            asked.extend(path);
            let place = under("then", asked);
            asked.truncate(known);
            place.or_else(|| under("else", asked))
        }
        "@literal" => find(options, asked).map(|place| format!("/@literal{place}")),
        "@case" | "@replace" => under("value", asked),
        "@transform" => under("mapping", asked),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Arena;

    fn place(id: &str) -> Option<String> {
        let arena = Arena::new();
        let mapping = format!(r#"{{"event_id":{id}}}"#);
        event_id_hole(Json::parse(&arena, mapping.as_bytes()).unwrap())
    }

    #[test]
    fn templates_that_can_have_holes_are_found() {
        for (id, expected) in [
            (
                r#"{"@template":"order-{{properties.order_id}}"}"#,
                Some("/event_id/@template"),
            ),
            (r#"{"@template":"order"}"#, None),
            (r#"{"@template":"m-{{messageId}}"}"#, None),
            (r#"{"@path":"$.messageId"}"#, None),
            (
                r#"{"@coalesce":[{"@template":"o-{{a}}"},{"@path":"$.messageId"}]}"#,
                None,
            ),
            (
                r#"{"@coalesce":[{"@path":"$.a"},{"@template":"o-{{a}}"}]}"#,
                Some("/event_id/@coalesce/1/@template"),
            ),
            (
                r#"{"@if":{"exists":{"@path":"$.a"},"then":{"@template":"o-{{a}}"}}}"#,
                None,
            ),
            (
                r#"{"@if":{"exists":{"@path":"$.a"},"then":{"@path":"$.a"},"else":{"@template":"o-{{b}}"}}}"#,
                Some("/event_id/@if/else/@template"),
            ),
            (
                r#"{"@case":{"operator":"lower","value":{"@template":"o-{{a}}"}}}"#,
                Some("/event_id/@case/value/@template"),
            ),
        ] {
            assert_eq!(place(id).as_deref(), expected, "{id}");
        }
    }

    #[cfg(feature = "liquid")]
    #[test]
    fn liquid_that_can_have_holes_is_found() {
        for (template, may) in [
            ("order-{{ properties.order_id }}", true),
            ("order-{{ properties.order_id | upcase }}", true),
            ("order-{{ properties.order_id | default: messageId }}", true),
            ("order-{{ properties.order_id | default: 'none' }}", false),
            ("order-{{ a | default: '' }}", true),
            ("{% if a %}order-{{ a }}{% else %}none{% endif %}", false),
            ("{% if a != blank and b %}{{ a }}-{{ b }}{% endif %}", false),
            ("{% if a %}{{ b }}{% endif %}", true),
            ("{% unless a %}{{ a }}{% endunless %}", true),
            ("{% if a %}x{% endif %}{{ a }}", true),
            ("{{ 'fixed' }}-{{ 5 }}", false),
            ("{% echo a %}", true),
            ("plain", false),
        ] {
            let id = [("@liquid", Json::Str(template))];
            let mapping = [("event_id", Json::Object(&id))];
            let found = event_id_hole(Json::Object(&mapping));
            assert_eq!(found.is_some(), may, "{template}");
        }
    }
}
