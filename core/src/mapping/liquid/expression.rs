//! Expressions: what is computed inside `{{ … }}` and `{% … %}`.

use super::compare::Operator;
use super::filters::Step;
use super::scope::{Made, Scope};
use super::value::{Value, length, unit_at};
use crate::event::Json;

/// A value and the filters that it goes through.
#[derive(Clone, Debug)]
pub(super) struct Filtered {
    pub(super) expression: Expression,
    pub(super) steps: Box<[Step]>,
}

/// Operands and operators, the latter behind what they apply to.
#[derive(Clone, Debug)]
pub(super) struct Expression(pub(super) Box<[Token]>);

#[derive(Clone, Debug)]
pub(super) enum Token {
    Operand(Operand),
    Operator(Operator),
}

#[derive(Clone, Debug)]
pub(super) enum Operand {
    Literal(Value<'static>),
    Text(Box<str>),
    Path(Box<Path>),
    Range(Box<(Self, Self)>),
    /// The argument `name: value` of a filter.
    Pair(Box<(Box<str>, Self)>),
}

/// `start.key[key]`; without a start it begins in the scope.
#[derive(Clone, Debug)]
pub(super) struct Path {
    pub(super) start: Option<Operand>,
    pub(super) keys: Box<[Operand]>,
}

impl Filtered {
    pub(super) fn value<'a>(&'a self, scope: &Scope<'a>) -> Made<'a> {
        let mut value = self.expression.value(scope)?;
        for step in &self.steps {
            value = step.apply(value, scope)?;
        }
        Ok(value)
    }
}

impl Expression {
    fn value<'a>(&'a self, scope: &Scope<'a>) -> Made<'a> {
        if let [Token::Operand(operand)] = &*self.0 {
            return operand.value(scope);
        }
        let mut stack = Vec::new();
        for token in &self.0 {
            let value = match token {
                Token::Operand(operand) => operand.value(scope)?,
                Token::Operator(operator) => {
                    let right = stack.pop().unwrap_or(Value::Undefined);
                    let left = match operator {
                        Operator::Not => Value::Undefined,
                        _ => stack.pop().unwrap_or(Value::Undefined),
                    };
                    Value::boolean(operator.apply(left, right))
                }
            };
            stack.push(value);
        }
        Ok(stack.first().copied().unwrap_or(Value::Undefined))
    }
}

impl Operand {
    pub(super) fn value<'a>(&'a self, scope: &Scope<'a>) -> Made<'a> {
        match self {
            Self::Literal(value) => Ok(*value),
            Self::Text(text) => Ok(Value::text(text)),
            Self::Path(path) => path.value(scope),
            Self::Range(bounds) => {
                let low = bounds.0.value(scope)?.to_double();
                let high = bounds.1.value(scope)?.to_double();
                scope.range(low, high)
            }
            Self::Pair(pair) => {
                let value = pair.1.value(scope)?.item();
                scope.list(&[Json::Str(&pair.0), value])
            }
        }
    }
}

impl Path {
    pub(super) fn value<'a>(&'a self, scope: &Scope<'a>) -> Made<'a> {
        let mut keys = self.keys.iter();
        let mut value = match (&self.start, keys.as_slice()) {
            (Some(start), _) => start.value(scope)?,
            (None, [name, ..]) => {
                keys.next();
                scope.variable(&name.value(scope)?.plain().script_text())
            }
            (None, []) => Value::Undefined,
        };
        for key in keys {
            // Nothing stands in nothing, however long the path goes on.
            if value.is_nil() {
                break;
            }
            value = member(value, key.value(scope)?.plain());
        }
        Ok(value)
    }
}

/// `value[key]`, where lists, texts and objects also have a size, and lists a
/// first and a last item.
pub(super) fn member<'a>(value: Value<'a>, key: Value<'_>) -> Value<'a> {
    let Value::Json(json) = value else {
        return match value {
            Value::Nil => Value::Nil,
            _ => Value::Undefined,
        };
    };
    if json.is_null() {
        return value;
    }
    let own = |found: Option<Json<'a>>| found.map_or(Value::Undefined, Value::Json);
    let name = key.script_text();
    match json {
        Json::Object(members) => match (json.get(&name), &*name) {
            (Some(found), _) => Value::Json(found),
            (None, "size") => Value::count(members.len()),
            (None, _) => Value::Undefined,
        },
        Json::List(items) => match &*name {
            "size" | "length" => Value::count(items.len()),
            "first" => own(items.first().copied()),
            "last" => own(items.last().copied()),
            _ => {
                // A number may count from the end, a text may not.
                let back = matches!(key, Value::Json(Json::Number(_)));
                own(index(&name, items.len(), back).and_then(|index| items.get(index).copied()))
            }
        },
        Json::Str(text) => match &*name {
            "size" | "length" => Value::count(length(text)),
            _ => index(&name, usize::MAX, false)
                .and_then(|index| unit_at(text, index))
                .map_or(Value::Undefined, Value::text),
        },
        _ => Value::Undefined,
    }
}

/// The place that `name` means in a list of `length` items.
fn index(name: &str, length: usize, back: bool) -> Option<usize> {
    match name.strip_prefix('-') {
        Some(digits) if back => length.checked_sub(digits.parse().ok()?),
        Some(_) => None,
        // `01` and `+1` are keys like any other.
        None if name != "0" && !name.starts_with(|c: char| matches!(c, '1'..='9')) => None,
        None => name.parse().ok(),
    }
}
