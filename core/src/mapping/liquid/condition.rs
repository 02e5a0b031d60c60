//! `if` and `unless`. The crate's own compare as Ruby does, take no filters
//! and no `not`.

use std::cmp::Ordering;
use std::io::Write;

use liquid_core::parser::{BlockElement, FilterChain};
use liquid_core::{
    Error, Language, Renderable, Result, Runtime, TagBlock, TagTokenIter, Template, ValueView,
};

use super::plain::{Plain, contains, equal, order};

/// Parses an `if`, or with `is_negated` an `unless`.
pub(super) fn parse(
    arguments: TagTokenIter<'_>,
    mut block: TagBlock<'_, '_>,
    language: &Language,
    is_negated: bool,
) -> Result<Box<dyn Renderable>> {
    let mut condition = Some(Condition::parse(arguments, language)?);
    let mut parts = Vec::new();
    let mut branches = Vec::new();
    while let Some(element) = block.next()? {
        let next = match element {
            BlockElement::Tag(tag) if tag.name() == "else" => None,
            BlockElement::Tag(tag) if tag.name() == "elsif" => {
                Some(Condition::parse(tag.into_tokens(), language)?)
            }
            part => {
                parts.push(part.parse(&mut block, language)?);
                continue;
            }
        };
        let Some(condition) = std::mem::replace(&mut condition, next) else {
            return Err(Error::with_msg("there is a branch behind `else`"));
        };
        branches.push((condition, Template::new(std::mem::take(&mut parts))));
    }
    block.assert_empty();
    let last = Template::new(parts);
    let otherwise = match condition {
        Some(condition) => {
            branches.push((condition, last));
            None
        }
        None => Some(last),
    };
    Ok(Box::new(Branches {
        is_negated,
        branches,
        otherwise,
    }))
}

#[derive(Debug)]
struct Branches {
    /// Whether the first condition must be false.
    is_negated: bool,
    branches: Vec<(Condition, Template)>,
    otherwise: Option<Template>,
}

impl Renderable for Branches {
    fn render_to(&self, out: &mut dyn Write, runtime: &dyn Runtime) -> Result<()> {
        for (index, (condition, template)) in self.branches.iter().enumerate() {
            let is_wanted = !(self.is_negated && index == 0);
            if condition.holds(runtime)? == is_wanted {
                return template.render_to(out, runtime);
            }
        }
        match &self.otherwise {
            Some(template) => template.render_to(out, runtime),
            None => Ok(()),
        }
    }
}

type Compare = fn(&dyn ValueView, &dyn ValueView) -> bool;

const OPERATORS: &[(&str, Compare)] = &[
    ("==", equal),
    ("!=", |a, b| !equal(a, b)),
    ("<", |a, b| order(a, b).is_some_and(Ordering::is_lt)),
    ("<=", |a, b| order(a, b).is_some_and(Ordering::is_le)),
    (">", |a, b| order(a, b).is_some_and(Ordering::is_gt)),
    (">=", |a, b| order(a, b).is_some_and(Ordering::is_ge)),
    ("contains", contains),
];

/// Terms joined by `and` and `or`, which liquidjs reads from the right:
/// `a and b or c` is `a and (b or c)`.
#[derive(Debug)]
struct Condition {
    /// Each with whether `and` joins it to what is behind it.
    joined: Vec<(Term, bool)>,
    last: Term,
}

#[derive(Debug)]
struct Term {
    is_negated: bool,
    left: FilterChain,
    right: Option<(Compare, FilterChain)>,
}

impl Condition {
    fn parse(mut tokens: TagTokenIter<'_>, language: &Language) -> Result<Self> {
        let mut joined = Vec::new();
        loop {
            let mut is_negated = false;
            let mut token = tokens.expect_next("value expected")?;
            while token.as_str() == "not" {
                is_negated = !is_negated;
                token = tokens.expect_next("value expected")?;
            }
            let left = token.expect_filter_chain(language).into_result()?;
            let mut next = tokens.next();
            let compare = next.as_ref().and_then(|token| {
                let mut operators = OPERATORS.iter();
                operators.find(|(operator, _)| *operator == token.as_str())
            });
            let right = match compare {
                Some((_, compare)) => {
                    let right = tokens.expect_next("value expected")?;
                    next = tokens.next();
                    Some((*compare, right.expect_filter_chain(language).into_result()?))
                }
                None => None,
            };
            let term = Term {
                is_negated,
                left,
                right,
            };
            match next {
                None => return Ok(Self { joined, last: term }),
                Some(token) => match token.as_str() {
                    "and" => joined.push((term, true)),
                    "or" => joined.push((term, false)),
                    _ => {
                        return Err(token.raise_custom_error("`and`, `or` or an operator expected"));
                    }
                },
            }
        }
    }

    fn holds(&self, runtime: &dyn Runtime) -> Result<bool> {
        let mut holds = self.last.holds(runtime)?;
        for (term, is_and) in self.joined.iter().rev() {
            holds = match is_and {
                true => term.holds(runtime)? && holds,
                false => term.holds(runtime)? || holds,
            };
        }
        Ok(holds)
    }
}

impl Term {
    fn holds(&self, runtime: &dyn Runtime) -> Result<bool> {
        let left = self.left.evaluate(runtime)?;
        let holds = match &self.right {
            Some((compare, right)) => compare(left.as_view(), right.evaluate(runtime)?.as_view()),
            None => Plain::of(left.as_view()).is_truthy(),
        };
        Ok(holds != self.is_negated)
    }
}
