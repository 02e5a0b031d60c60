//! A statement as a typed tree: what holds or not, and what has a value.

use super::glob::Glob;
use super::literal::Literal;

/// What holds for an event or does not. Chains of `and` and `or` are flat, so
/// that the depth of the tree is the nesting of the statement.
#[derive(Clone, Debug)]
pub(super) enum Condition {
    All(Box<[Self]>),
    Any(Box<[Self]>),
    Not(Box<Self>),
    /// The value is the boolean `true`.
    Holds(Term),
    Compare {
        left: Term,
        comparison: Comparison,
        right: Term,
    },
    /// The value is among those of the list.
    Within {
        item: Term,
        list: Term,
    },
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Below,
    AtMost,
    Above,
    AtLeast,
}

/// What has a value.
#[derive(Clone, Debug)]
pub(super) enum Term {
    /// The keys from the event's root to the field.
    Path(Box<[Box<str>]>),
    Literal(Literal),
    List(Box<[Literal]>),
    Contains {
        text: Box<Self>,
        part: Box<Self>,
    },
    Match {
        text: Box<Self>,
        pattern: Pattern,
    },
    /// A function of one value.
    Apply(Unary, Box<Self>),
}

/// The pattern of a `match`.
#[derive(Clone, Debug)]
pub(super) enum Pattern {
    /// Written in the statement, so compiled with it.
    Fixed(Glob),
    /// From the event.
    Computed(Box<Term>),
}

/// The functions of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unary {
    Length,
    TypeOf,
    Bool,
    Number,
    Text,
    Lowercase,
    Uppercase,
    Snakecase,
    Kebabcase,
    Titlecase,
}
