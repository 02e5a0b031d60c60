//! Paths into an event: `$.properties.products[0].name`.
//!
//! * A leading `$.` may be left out. An empty path, or `.`, is the whole event.
//! * `[0]` and `.0` name a place in a list or a character of a text, `.length`
//!   the length of either.
//! * `['a key']` and `["a key"]` name a key that holds dots or brackets. Any
//!   other bracket is a character of the key that it is in. Other quotes
//!   are ignored, as in the original: a key that has one is written in brackets.
//! * A path through `null` gives `null`, one through anything else that has no
//!   such part gives nothing.

use crate::json::{Json, Number};

/// The longest path that is read, in bytes.
pub(super) const MAX_LENGTH: usize = 10_000;

/// Where a path begins: at the event, or at the prefix of that number.
pub(super) type Base = Option<usize>;

/// A compiled path.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Path {
    pub(super) base: Base,
    pub(super) steps: Vec<Step>,
}

/// One key or place of a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Step {
    key: Box<str>,
    /// The key as a place in a list.
    index: Option<usize>,
}

impl Path {
    /// A path of `@path`, which may begin with `$.`.
    pub(super) fn from_root(text: &str) -> Self {
        Self::parse(without_root(text))
    }

    /// A path without the `$.`. One beyond [`MAX_LENGTH`] leads nowhere: it would
    /// take the square of its length to read, and may come from an event.
    pub(super) fn parse(text: &str) -> Self {
        if text.len() > MAX_LENGTH {
            return Self {
                base: None,
                steps: vec![Step::new(text.to_owned())],
            };
        }
        let mut steps = Vec::new();
        let mut key = String::new();
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            if let Some((inner, after)) = bracket(rest) {
                if !key.is_empty() {
                    steps.push(std::mem::take(&mut key));
                }
                steps.push(inner.to_owned());
                rest = after;
                continue;
            }
            match next {
                '.' if key.is_empty() => {}
                '.' => steps.push(std::mem::take(&mut key)),
                '\'' | '"' => {}
                _ => key.push(next),
            }
            rest = &rest[next.len_utf8()..];
        }
        if !key.is_empty() {
            steps.push(key);
        }
        Self {
            base: None,
            steps: steps.into_iter().map(Step::new).collect(),
        }
    }

    /// The value at this path of `event`, in which the shared beginnings of
    /// paths have the values `prefixes`.
    pub(super) fn find<'a>(
        &self,
        event: Json<'a>,
        prefixes: &[Option<Json<'a>>],
    ) -> Option<Json<'a>> {
        let start = value_at(self.base, event, prefixes)?;
        self.steps
            .iter()
            .try_fold(start, |value, step| step.find(value))
    }
}

/// A path of `@path` without the `$.` that it may begin with.
pub(crate) fn without_root(path: &str) -> &str {
    path.strip_prefix("$.").unwrap_or(path)
}

/// What `event` has at `path`, which has no `$.`.
pub(crate) fn find_path<'a>(path: &str, event: Json<'a>) -> Option<Json<'a>> {
    Path::parse(path).find(event, &[])
}

/// What a path with this base begins at; `prefixes` are the values found.
pub(super) fn value_at<'a>(
    base: Base,
    event: Json<'a>,
    prefixes: &[Option<Json<'a>>],
) -> Option<Json<'a>> {
    match base {
        None => Some(event),
        Some(prefix) => prefixes.get(prefix).copied().flatten(),
    }
}

/// What a bracket at the start of `rest` names, and what follows it.
fn bracket(rest: &str) -> Option<(&str, &str)> {
    let inner = rest.strip_prefix('[')?;
    for quote in ['\'', '"'] {
        if let Some(quoted) = inner.strip_prefix(quote) {
            return quoted.split_once(&[quote, ']'].iter().collect::<String>());
        }
    }
    let (digits, after) = inner.split_once(']')?;
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some((digits, after))
}

impl Step {
    fn new(key: String) -> Self {
        let canonical = key == "0" || !key.starts_with(['0', '+']);
        let index = if canonical { key.parse().ok() } else { None };
        Self {
            key: key.into(),
            index,
        }
    }

    pub(super) fn find<'a>(&self, value: Json<'a>) -> Option<Json<'a>> {
        match value {
            Json::Object(_) => value.get(&self.key),
            Json::Null => Some(Json::Null),
            Json::List(items) => match self.index {
                Some(index) => items.get(index).copied(),
                None => self.length(|| items.len()),
            },
            Json::Str(text) => match self.index {
                Some(index) => character(text, index).map(Json::Str),
                None => self.length(|| text.encode_utf16().count()),
            },
            Json::Bool(_) | Json::Number(_) => None,
        }
    }

    fn length(&self, length: impl FnOnce() -> usize) -> Option<Json<'static>> {
        (*self.key == *"length").then(|| Json::Number(Number::Unsigned(length() as u64)))
    }
}

/// The character of `text` at `index`, counted as JavaScript does, in units of
/// UTF-16. The second half of a pair is not a character.
fn character(text: &str, index: usize) -> Option<&str> {
    let mut units = 0;
    for (at, character) in text.char_indices() {
        if units >= index {
            return (units == index).then(|| &text[at..at + character.len_utf8()]);
        }
        units += character.len_utf16();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Arena;

    fn find(path: &str) -> Option<String> {
        let arena = Arena::new();
        let event = r#"{"a":{"b":[{"c":1},{"c":2}],"n":null,"t":"a😀b","1":"one","x.y":"dot",
            "b[c]":"odd","":"empty","$":"dollar"},"f":false,"01":"zero"}"#;
        let event = Json::parse(&arena, event.as_bytes()).unwrap();
        Path::from_root(path).find(event, &[]).map(Json::to_text)
    }

    #[test]
    fn paths_lead_through_objects_lists_and_texts() {
        for (path, value) in [
            ("$.a.b[1].c", Some("2")),
            ("a.b.0.c", Some("1")),
            ("a['b'][0][\"c\"]", Some("1")),
            ("a.b[0].", Some(r#"{"c":1}"#)),
            ("a..b[0]", Some(r#"{"c":1}"#)),
            ("a.b.length", Some("2")),
            ("a.b[2]", None),
            ("a.b[01]", None),
            ("a.b.c", None),
            ("a[1]", Some(r#""one""#)),
            ("a['x.y']", Some(r#""dot""#)),
            ("a[\"x.y\"]", Some(r#""dot""#)),
            ("a['']", Some(r#""empty""#)),
            ("a.b[c]", Some(r#""odd""#)),
            ("a.$", Some(r#""dollar""#)),
            ("a.t.length", Some("4")),
            ("a.t[0]", Some(r#""a""#)),
            ("a.t[1]", Some(r#""😀""#)),
            ("a.t[2]", None),
            ("a.t[3]", Some(r#""b""#)),
            ("a.t[4]", None),
            ("a.n", Some("null")),
            ("a.n.x.y", Some("null")),
            ("f.x", None),
            ("01", Some(r#""zero""#)),
            ("$", None),
            ("missing.x", None),
        ] {
            assert_eq!(find(path).as_deref(), value, "{path}");
        }
    }

    #[test]
    fn an_empty_path_is_the_whole_event() {
        for path in ["", ".", "$."] {
            assert!(
                find(path).is_some_and(|event| event.starts_with("{\"a\":")),
                "{path:?}"
            );
        }
    }

    #[test]
    fn an_open_bracket_is_a_character_of_the_key() {
        assert_eq!(Path::parse("a[0"), Path::parse("['a[0']"));
        assert_eq!(Path::parse("a[b"), Path::parse("['a[b']"));
    }

    #[test]
    fn a_quote_counts_in_brackets_only() {
        assert_eq!(Path::parse("quo'te"), Path::parse("quote"));
        assert_ne!(Path::parse("[\"quo'te\"]"), Path::parse("quote"));
    }
}
