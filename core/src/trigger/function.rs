//! The functions, as listed in [`trigger`](super).

use super::error::SyntaxError;
use super::glob::Glob;
use super::literal::Literal;
use super::tree::{Pattern, Term, Unary};

/// One function: its name, how many arguments it takes and what it gives.
#[derive(Debug)]
pub(super) struct Function {
    pub(super) name: &'static str,
    arity: usize,
    pub(super) gives: Gives,
    kind: FunctionKind,
}

/// What a function gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gives {
    Bool,
    Number,
    Text,
}

#[derive(Clone, Copy, Debug)]
enum FunctionKind {
    Contains,
    Match,
    Unary(Unary),
}

const fn unary(name: &'static str, gives: Gives, function: Unary) -> Function {
    Function {
        name,
        arity: 1,
        gives,
        kind: FunctionKind::Unary(function),
    }
}

/// All functions.
pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "contains",
        arity: 2,
        gives: Gives::Bool,
        kind: FunctionKind::Contains,
    },
    Function {
        name: "match",
        arity: 2,
        gives: Gives::Bool,
        kind: FunctionKind::Match,
    },
    unary("length", Gives::Number, Unary::Length),
    unary("typeof", Gives::Text, Unary::TypeOf),
    unary("lowercase", Gives::Text, Unary::Lowercase),
    unary("uppercase", Gives::Text, Unary::Uppercase),
    unary("snakecase", Gives::Text, Unary::Snakecase),
    unary("kebabcase", Gives::Text, Unary::Kebabcase),
    unary("titlecase", Gives::Text, Unary::Titlecase),
    unary("bool", Gives::Bool, Unary::Bool),
    unary("number", Gives::Number, Unary::Number),
    unary("string", Gives::Text, Unary::Text),
];

impl Function {
    /// The call of this function, named at byte `at`, on `arguments`, each
    /// with its own place.
    pub(super) fn call(
        &self,
        at: usize,
        arguments: Vec<(usize, Term)>,
    ) -> Result<Term, SyntaxError> {
        let Self { name, arity, .. } = self;
        let count = arguments.len();
        let wrong = || {
            let plural = if *arity == 1 { "argument" } else { "arguments" };
            SyntaxError::new(at, format!("`{name}` takes {arity} {plural}, not {count}"))
        };
        if count != *arity {
            return Err(wrong());
        }
        let mut arguments = arguments.into_iter();
        let (_, first) = arguments.next().ok_or_else(wrong)?;
        let first = Box::new(first);
        if let FunctionKind::Unary(function) = self.kind {
            return Ok(Term::Apply(function, first));
        }
        let (place, second) = arguments.next().ok_or_else(wrong)?;
        self.second_is_text(place, &second)?;
        Ok(match (self.kind, second) {
            (FunctionKind::Match, Term::Literal(Literal::Text(pattern))) => {
                let glob =
                    Glob::parse(&pattern).map_err(|message| SyntaxError::new(place, message))?;
                Term::Match {
                    text: first,
                    pattern: Pattern::Fixed(glob),
                }
            }
            (FunctionKind::Match, pattern) => Term::Match {
                text: first,
                pattern: Pattern::Computed(Box::new(pattern)),
            },
            (_, part) => Term::Contains {
                text: first,
                part: Box::new(part),
            },
        })
    }

    /// Whether this is the function that `unary` applies.
    pub(super) fn applies(&self, unary: Unary) -> bool {
        matches!(self.kind, FunctionKind::Unary(own) if own == unary)
    }

    /// A number, a boolean or a list as the second argument can never match.
    fn second_is_text(&self, place: usize, second: &Term) -> Result<(), SyntaxError> {
        let name = self.name;
        let suggestion = match second {
            Term::Literal(Literal::Text(_)) => return Ok(()),
            Term::Literal(Literal::Number(number)) => {
                Some(format!("\"{}\"", crate::mapping::number_text(*number)))
            }
            Term::Literal(Literal::Bool(value)) => Some(format!("\"{value}\"")),
            Term::Literal(Literal::Null) | Term::List(_) => None,
            _ => return Ok(()),
        };
        Err(SyntaxError::new(
            place,
            format!("the second argument of `{name}` must be a text"),
        )
        .suggest(suggestion))
    }
}
