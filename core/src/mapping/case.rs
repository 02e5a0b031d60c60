//! `@case`: `{"operator": "lower" | "upper", "value": …}`. What is not a text
//! passes as it is.

use super::compile::{Compiled, Compiler};
use super::node::Node;
use super::options::{self, Options};
use super::resolve::{Resolved, Run};
use crate::event::Json;

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
        let (unwanted, change): (fn(char) -> bool, fn(&str) -> String) = match self.operator {
            Operator::Lower => (
                |it| !it.is_ascii() || it.is_ascii_uppercase(),
                str::to_lowercase,
            ),
            Operator::Upper => (
                |it| !it.is_ascii() || it.is_ascii_lowercase(),
                str::to_uppercase,
            ),
        };
        // `eur` and `USD` mostly come as they are wanted: nothing to copy then.
        let changed = if text.contains(unwanted) {
            run.arena.text(&change(text))
        } else {
            text
        };
        Ok(Some(Json::Str(changed)))
    }
}
