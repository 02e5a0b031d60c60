//! `@template`: `Order {{properties.order_id}}`.
//!
//! `{{path}}` and `{{{path}}}` are filled in; the path has no `$.`. What is
//! missing or null is empty; anything else becomes text as in JavaScript. Text
//! from the event is never read as a template again.

use super::path::Path;
use super::prefix::Prefixes;
use super::run::Run;
use super::text::append;
use crate::event::is_no_value;
use crate::json::Json;

/// A compiled template.
#[derive(Clone, Debug)]
pub(super) struct Template {
    parts: Box<[Part]>,
    /// Whether its holes are noted.
    is_watched: bool,
}

#[derive(Clone, Debug)]
enum Part {
    Text(Box<str>),
    Path(Path),
}

/// A part of a template as it is written.
#[derive(Clone, Copy)]
enum Written<'t> {
    Text(&'t str),
    Path(&'t str),
}

/// The paths that a template reads, as it writes them.
pub(crate) fn template_paths(text: &str) -> impl Iterator<Item = &str> {
    written(text).into_iter().filter_map(|part| match part {
        Written::Path(path) => Some(path),
        Written::Text(_) => None,
    })
}

fn written(text: &str) -> Vec<Written<'_>> {
    let mut parts = Vec::new();
    // Three braces bind before two.
    split(text, "{{{", "}}}", &mut parts, |between, parts| {
        split(between, "{{", "}}", parts, |text, parts| {
            if !text.is_empty() {
                parts.push(Written::Text(text));
            }
        });
    });
    parts
}

impl Template {
    pub(super) fn parse(text: &str, is_watched: bool) -> Self {
        let parts = written(text).into_iter().map(|part| match part {
            Written::Text(text) => Part::Text(text.into()),
            Written::Path(path) => Part::Path(Path::parse(path)),
        });
        Self {
            parts: parts.collect(),
            is_watched,
        }
    }

    /// Shares the beginnings of the paths.
    pub(super) fn share(&mut self, prefixes: &mut Prefixes) {
        for part in &mut self.parts {
            if let Part::Path(path) = part {
                prefixes.share(path);
            }
        }
    }

    /// The text for `event`, in the arena where it is not there already.
    pub(super) fn fill<'a>(&'a self, event: Json<'a>, run: &mut Run<'a>) -> Json<'a> {
        match &*self.parts {
            [] => Json::Str(""),
            [Part::Text(text)] => Json::Str(text),
            _ => self.fill_once(event, run),
        }
    }

    /// As [`Self::fill`], for a template that does not outlive the run.
    pub(super) fn fill_once<'a>(&self, event: Json<'a>, run: &mut Run<'a>) -> Json<'a> {
        if let [Part::Path(path)] = &*self.parts
            && let Some(text @ Json::Str(_)) = path.find(event, &run.prefixes)
        {
            if self.is_watched {
                self.report(text, run);
            }
            return text;
        }
        let mut has_hole = false;
        run.text.clear();
        for part in &self.parts {
            if !run.may_grow(run.text.len()) {
                break;
            }
            match part {
                Part::Text(text) => run.text.push_str(text),
                Part::Path(path) => {
                    let value = path.find(event, &run.prefixes).unwrap_or(Json::Null);
                    let begin = run.text.len();
                    append(value, &mut run.text);
                    has_hole |= self.is_watched
                        && (is_no_value(&run.text[begin..]) || run.holes.has(value));
                }
            }
        }
        let made = run.made_text();
        if has_hole {
            run.holes.note(made);
        }
        Json::Str(made)
    }

    /// Tells the hole that a path makes which is all of the template.
    fn report<'a>(&self, value: Json<'a>, run: &mut Run<'a>) {
        if let Json::Str(text) = value
            && is_no_value(text)
        {
            run.holes.note(text);
        }
    }
}

/// Splits `text` at paths in braces, and hands what is between to `between`.
/// A path holds no `}` and is not empty.
fn split<'t>(
    text: &'t str,
    open: &str,
    close: &str,
    parts: &mut Vec<Written<'t>>,
    between: impl Fn(&'t str, &mut Vec<Written<'t>>),
) {
    let mut begin = 0;
    let mut search = 0;
    while let Some(found) = text[search..].find(open) {
        let inner = search + found + open.len();
        let length = text[inner..].find('}').unwrap_or(text.len() - inner);
        let end = inner + length;
        if length == 0 || !text[end..].starts_with(close) {
            // Whatever opens before this `}` would have to close with it.
            search = end;
            continue;
        }
        between(&text[begin..search + found], parts);
        parts.push(Written::Path(text[inner..end].trim()));
        begin = end + close.len();
        search = begin;
    }
    between(&text[begin..], parts);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Arena;

    fn filled(template: &str) -> String {
        let arena = Arena::new();
        let event = r#"{"a":"A","n":25.5,"z":null,"l":[1,[2,null],{}],"o":{},"t":"{{a}}"}"#;
        let event = Json::parse(&arena, event.as_bytes()).unwrap();
        let template = Template::parse(template, false);
        let text = template
            .fill(event, &mut Run::new(&arena, Vec::new()))
            .as_str()
            .unwrap();
        text.to_owned()
    }

    #[test]
    fn paths_are_filled_in_as_text() {
        for (template, text) in [
            ("", ""),
            ("plain", "plain"),
            ("{{a}}", "A"),
            ("{{{a}}}", "A"),
            ("x-{{ a\n}}-y{{n}}", "x-A-y25.5"),
            ("[{{z}}{{missing}}]", "[]"),
            ("{{l}}", "1,2,,[object Object]"),
            ("{{o}}", "[object Object]"),
            ("{{l[1][0]}}", "2"),
            ("{{}}", "{{}}"),
            ("{{a", "{{a"),
            ("{a}}", "{a}}"),
            ("{{a}", "{{a}"),
            ("{{{a}}", ""),
            ("{{{{a}}}}", "}"),
            ("é{{a}}é", "éAé"),
            ("{{t}}{{{t}}}", "{{a}}{{a}}"),
        ] {
            assert_eq!(filled(template), text, "{template}");
        }
    }

    #[test]
    fn the_paths_of_a_template_are_those_that_are_filled_in() {
        for (template, paths) in [
            ("x-{{ a\n}}-y{{{l[0]}}}", &["a", "l[0]"][..]),
            ("{{a}} {{{b}} {{c}", &["a", "{b"]),
            ("o-{{a} {{}} {a}} {{a", &[]),
        ] {
            let found: Vec<&str> = template_paths(template).collect();
            assert_eq!(found, paths, "{template}");
        }
    }

    #[test]
    fn open_braces_cost_no_square() {
        let text = "{{{".repeat(100_000);
        assert_eq!(filled(&text), text);
    }
}
