//! `@email` and `@name`: what a text says of a person.
//!
//! `{"@email": …}` gives a text that is one e-mail address, and nothing for any other:
//! some shops have them for user ids.
//!
//! `{"@name": {"part": "first", "value": …}}` gives the first word of a whole name,
//! `"last"` the words behind it: "Ann van der Berg" is Ann, and van der Berg; so is
//! "van der Berg, Ann". A text with an `@` or a digit, or without a letter, is not a name,
//! and neither is a word for nobody.

use super::compile::{Compiled, Compiler};
use super::node::Node;
use super::options::{self, Options};
use super::resolve::Resolved;
use super::run::Run;
use crate::json::Json;
use crate::user_data::{Hints, Identifier, Profile, is_nobodys_text, normalize};

#[derive(Clone, Debug)]
pub(super) struct Email(pub(super) Node);

impl Email {
    pub(super) fn resolve<'a>(&'a self, event: Json<'a>, run: &mut Run<'a>) -> Resolved<'a> {
        let value = self.0.resolve(event, run)?;
        Ok(value.filter(|value| {
            // Few ids are worth the rule.
            let Some(text) = value.as_str().filter(|text| text.contains('@')) else {
                return false;
            };
            let mut normal = Vec::new();
            let (hints, profile) = (Hints::default(), Profile::Page);
            let text = Json::Str(text);
            normalize(
                Identifier::Email,
                text,
                hints,
                profile,
                run.arena,
                &mut normal,
                &mut |_| {},
            );
            !normal.is_empty()
        }))
    }
}

#[derive(Clone, Debug)]
pub(super) struct Name {
    part: Part,
    value: Node,
}

#[derive(Clone, Copy, Debug)]
enum Part {
    First,
    Last,
}

const PARTS: &[(&str, Part)] = &[("first", Part::First), ("last", Part::Last)];

impl Name {
    pub(super) fn compile(compiler: &mut Compiler, json: Json<'_>) -> Compiled<Self> {
        let options = Options::read(compiler, json, &["part", "value"])?;
        let part = options.required(compiler, "part", |compiler, json| {
            options::one_of(compiler, json, PARTS)
        });
        let value = options.required(compiler, "value", options::telling);
        Ok(Self {
            part: part?,
            value: value?,
        })
    }

    pub(super) fn resolve<'a>(&'a self, event: Json<'a>, run: &mut Run<'a>) -> Resolved<'a> {
        let Some(Json::Str(name)) = self.value.resolve(event, run)? else {
            return Ok(None);
        };
        let name = name.trim();
        let is_name = name.contains(char::is_alphabetic)
            && !name.contains(|character: char| character == '@' || character.is_numeric())
            && !is_nobodys_text(name);
        if !is_name {
            return Ok(None);
        }
        let (first, last) = match name.split_once(',') {
            Some((last, first)) => (first, last),
            None => name.split_once(char::is_whitespace).unwrap_or((name, "")),
        };
        let part = match self.part {
            Part::First => first.trim(),
            Part::Last => last.trim(),
        };
        Ok(Some(part).filter(|part| !part.is_empty()).map(Json::Str))
    }
}
