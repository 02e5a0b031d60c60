//! Reading what is under a directive, with a fault for what is wrong.

use super::compile::{Compiled, Compiler};
use super::node::Node;
use crate::json::Json;
use crate::suggest::nearest;

/// The options of a directive: an object with known keys.
#[derive(Clone, Copy)]
pub(super) struct Options<'j>(Json<'j>);

/// The directive that `json` is, if it is one: its name, and what is under it.
pub(crate) fn directive<'j>(json: Json<'j>) -> Option<(&'j str, Json<'j>)> {
    let mut members = json.as_object()?.iter().copied();
    members.find(|(key, _)| key.starts_with('@'))
}

/// The name of the directive that `json` is, if it is one.
pub(super) fn directive_name(json: Json<'_>) -> Option<&str> {
    directive(json).map(|(name, _)| name)
}

/// What kind of value this is, for messages.
pub(super) fn kind(json: Json<'_>) -> &'static str {
    if directive_name(json).is_some() {
        "a directive"
    } else {
        json.kind()
    }
}

impl<'j> Options<'j> {
    /// `json` as the options of a directive that knows the keys `known`.
    pub(super) fn read(compiler: &mut Compiler, json: Json<'j>, known: &[&str]) -> Compiled<Self> {
        let Some(members) = json.as_object().filter(|_| directive_name(json).is_none()) else {
            return Err(compiler.fault(format!("must be an object of options, not {}", kind(json))));
        };
        for &(key, _) in members {
            if !known.contains(&key) && key != "_metadata" {
                let near = nearest(key, known.iter().copied());
                let list = known.join("`, `");
                // Recorded, and enough to refuse the mapping; the other
                // options are read all the same, so that all faults are reported.
                compiler.at(key, |compiler| {
                    compiler.fault_or(format!("is none of the options `{list}`"), near)
                });
            }
        }
        Ok(Self(json))
    }

    pub(super) fn get(self, key: &str) -> Option<Json<'j>> {
        self.0.get(key)
    }

    /// The option `key`, compiled by `compile`, if it is there.
    pub(super) fn optional<T>(
        self,
        compiler: &mut Compiler,
        key: &str,
        compile: impl FnOnce(&mut Compiler, Json<'j>) -> Compiled<T>,
    ) -> Compiled<Option<T>> {
        self.get(key)
            .map(|json| compiler.at(key, |compiler| compile(compiler, json)))
            .transpose()
    }

    /// The option `key`, compiled by `compile`; a fault where it is missing.
    pub(super) fn required<T>(
        self,
        compiler: &mut Compiler,
        key: &str,
        compile: impl FnOnce(&mut Compiler, Json<'j>) -> Compiled<T>,
    ) -> Compiled<T> {
        match self.optional(compiler, key, compile)? {
            Some(value) => Ok(value),
            None => Err(compiler.fault(format!("the option `{key}` is missing"))),
        }
    }
}

/// Any value, for [`Options::optional`] and [`Options::required`].
pub(super) fn any(compiler: &mut Compiler, json: Json<'_>) -> Compiled<Node> {
    compiler.node(json)
}

/// A value that can be looked at: `null`, `""`, `0` and `false` never change.
pub(super) fn telling(compiler: &mut Compiler, json: Json<'_>) -> Compiled<Node> {
    if super::text::is_truthy(json) {
        compiler.node(json)
    } else {
        Err(compiler.fault("must not be a fixed null, 0, false or empty text"))
    }
}

/// A text, or a directive that may give one.
pub(super) fn text_or_directive(compiler: &mut Compiler, json: Json<'_>) -> Compiled<Node> {
    match json {
        Json::Str(_) => compiler.node(json),
        _ if directive_name(json).is_some() => compiler.node(json),
        _ => Err(compiler.fault(format!("must be a text or a directive, not {}", kind(json)))),
    }
}

/// An object or a directive.
pub(super) fn object_or_directive(compiler: &mut Compiler, json: Json<'_>) -> Compiled<Node> {
    match json {
        Json::Object(_) => compiler.node(json),
        _ => Err(compiler.fault(format!(
            "must be an object or a directive, not {}",
            kind(json)
        ))),
    }
}

/// A list.
pub(super) fn list<'j>(compiler: &mut Compiler, json: Json<'j>) -> Compiled<&'j [Json<'j>]> {
    json.as_list()
        .ok_or_else(|| compiler.fault(format!("must be a list, not {}", kind(json))))
}

/// A boolean.
pub(super) fn boolean(compiler: &mut Compiler, json: Json<'_>) -> Compiled<bool> {
    json.as_bool()
        .ok_or_else(|| compiler.fault(format!("must be true or false, not {}", kind(json))))
}

/// A text.
pub(super) fn text<'j>(compiler: &mut Compiler, json: Json<'j>) -> Compiled<&'j str> {
    json.as_str()
        .ok_or_else(|| compiler.fault(format!("must be a text, not {}", kind(json))))
}

/// One of a few words.
pub(super) fn one_of<T: Copy>(
    compiler: &mut Compiler,
    json: Json<'_>,
    words: &[(&str, T)],
) -> Compiled<T> {
    let word = text(compiler, json)?;
    if let Some((_, value)) = words.iter().find(|(known, _)| *known == word) {
        return Ok(*value);
    }
    let list: Vec<String> = words
        .iter()
        .map(|(known, _)| format!("`{known}`"))
        .collect();
    let near = nearest(word, words.iter().map(|(known, _)| *known));
    Err(compiler.fault_or(format!("must be {}", list.join(" or ")), near))
}
