//! `@case`: `{"operator": "lower" | "upper", "value": …}`. What is not a text
//! passes as it is.

use super::compile::{Compiled, Compiler};
use super::node::Node;
use super::options::{self, Options};
use super::resolve::Resolved;
use super::run::Run;
use crate::json::Json;

#[derive(Clone, Debug)]
pub(super) struct Case {
    operator: Operator,
    value: Node,
}

#[derive(Clone, Copy, Debug)]
enum Operator {
    Lower,
    Upper,
}

const OPERATORS: &[(&str, Operator)] = &[("lower", Operator::Lower), ("upper", Operator::Upper)];

impl Case {
    pub(super) fn compile(compiler: &mut Compiler, json: Json<'_>) -> Compiled<Self> {
        let options = Options::read(compiler, json, &["operator", "value"])?;
        let operator = options.required(compiler, "operator", |compiler, json| {
            options::one_of(compiler, json, OPERATORS)
        });
        let value = options.required(compiler, "value", options::text_or_directive);
        Ok(Self {
            operator: operator?,
            value: value?,
        })
    }

    pub(super) fn resolve<'a>(&'a self, event: Json<'a>, run: &mut Run<'a>) -> Resolved<'a> {
        let value = self.value.resolve(event, run)?;
        let Some(Json::Str(text)) = value else {
            return Ok(value);
        };
        // `eur` and `USD` mostly come as they are wanted: nothing to copy then.
        let changed = match self.operator {
            Operator::Lower if is_lower(text) => text,
            Operator::Upper if is_upper(text) => text,
            Operator::Lower => run.arena.text(&text.to_lowercase()),
            Operator::Upper => run.arena.text(&text.to_uppercase()),
        };
        run.holes.pass(Json::Str(text), changed);
        Ok(Some(Json::Str(changed)))
    }
}

/// Whether the text is plain ASCII without capitals.
fn is_lower(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase())
}

/// Whether the text is plain ASCII without small letters.
fn is_upper(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii() && !byte.is_ascii_lowercase())
}
